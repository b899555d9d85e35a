// A narrow door to libpng and libjpeg-turbo: samples in, samples out, no metadata either way.
//
// Promises: an error of a library ends in a status and a message, never in a jump that leaves this file or in an
// abort; sizes are held against the limits before a sample is decoded; nothing is allocated that outlives a call
// (the caller owns every buffer); nothing is read or written outside the buffers given.
// Does not: apply orientation, scale, convert colour profiles, or keep any chunk or marker but what pixels need.
#ifndef REVERE_PICTURES_H
#define REVERE_PICTURES_H

#include <stddef.h>
#include <stdint.h>

enum { PICTURES_MESSAGE_SIZE = 160 };

typedef enum pictures_status {
  PICTURES_OK = 0,
  /// More pixels or a longer side than allowed; the size is filled in.
  PICTURES_TOO_MANY_PIXELS,
  /// The bytes end before the picture does.
  PICTURES_TRUNCATED,
  /// The bytes are not what the format allows.
  PICTURES_DAMAGED,
  /// A form of the format that is not read here (an unusual colour space, too many scans).
  PICTURES_UNSUPPORTED,
  /// The encoded picture does not fit into the buffer given.
  PICTURES_FULL,
  PICTURES_NO_MEMORY,
} pictures_status;

typedef struct pictures_limits {
  uint32_t side;
  uint64_t pixels;
  /// For the working memory of the libraries, beyond the caller's buffer.
  uint64_t memory;
} pictures_limits;

/// 8-bit samples, interleaved, rows from the top without padding.
typedef struct pictures_size {
  uint32_t width;
  uint32_t height;
  /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha (not premultiplied).
  uint32_t channels;
} pictures_size;

/// What happened, in the words of the library.
typedef struct pictures_report {
  char message[PICTURES_MESSAGE_SIZE];
} pictures_report;

/// Reads the header alone.
pictures_status pictures_png_size(const uint8_t *bytes, size_t count, pictures_limits limits, pictures_size *size,
                                  pictures_report *report);
pictures_status pictures_jpeg_size(const uint8_t *bytes, size_t count, pictures_limits limits, pictures_size *size,
                                   pictures_report *report);

/// Decodes into `samples`; `room` must be exactly width * height * channels of `size`, as the functions above gave it.
pictures_status pictures_png_read(const uint8_t *bytes, size_t count, pictures_limits limits, pictures_size size,
                                  uint8_t *samples, size_t room, pictures_report *report);
pictures_status pictures_jpeg_read(const uint8_t *bytes, size_t count, pictures_limits limits, pictures_size size,
                                   uint8_t *samples, size_t room, pictures_report *report);

/// Encodes into `out`; `*written` is the length. PNG: IHDR, IDAT, IEND only.
pictures_status pictures_png_write(const uint8_t *samples, pictures_size size, uint8_t *out, size_t room,
                                   size_t *written, pictures_report *report);
/// JPEG: SOI, APP0 (JFIF, without thumbnail), DQT, SOF, DHT, SOS, EOI only. One or three channels.
/// `halved` is not 0 for chroma at half resolution.
pictures_status pictures_jpeg_write(const uint8_t *samples, pictures_size size, int quality, int halved, uint8_t *out,
                                    size_t room, size_t *written, pictures_report *report);

#endif
