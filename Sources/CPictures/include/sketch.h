// Draws a list of shapes with cairo into RGB samples.
//
// Promises: nothing is allocated that outlives a call (the caller owns every buffer); an error of the library ends in a
// status and a message; a text is never drawn wider than it was laid out for, whatever font the system has.
// Does not: lay out, wrap, or encode.
#ifndef REVERE_SKETCH_H
#define REVERE_SKETCH_H

#include "pictures.h"

typedef enum pictures_shape_kind {
  /// Filled polygon of the points.
  PICTURES_POLYGON = 0,
  /// Stroke along the points, `width` wide, dashed where `dashes` is not 0.
  PICTURES_PATH,
  /// Filled disc about the one point, `width` its radius.
  PICTURES_DISC,
  /// Words at the one point (on the base line), `width` their size; at most `room` wide.
  PICTURES_TEXT,
} pictures_shape_kind;

typedef struct pictures_shape {
  pictures_shape_kind kind;
  /// 0xRRGGBB.
  uint32_t rgb;
  double width;
  double room;
  double dash[4];
  int32_t dashes;
  int32_t bold;
  /// 0 begins at the point, 1 is centred on it, 2 ends there.
  int32_t anchor;
  /// Of `points`: index of the first x, and how many pairs.
  size_t first_point;
  size_t point_count;
  /// Of `texts`: offset of a text that ends in NUL.
  size_t text;
} pictures_shape;

/// Fills `samples` (3 channels of `size`; `room` bytes) with `paper` and draws the shapes in order, `scale` pixels a unit.
pictures_status pictures_sketch(const pictures_shape *shapes, size_t count, const double *points, const char *texts,
                                uint32_t paper, double scale, pictures_size size, uint8_t *samples, size_t room,
                                pictures_report *report);

/// Encodes indices into a palette of at most 256 colours (RGB triples) as PNG: IHDR, PLTE, IDAT, IEND only.
pictures_status pictures_png_write_palette(const uint8_t *indices, pictures_size size, const uint8_t *palette,
                                           int colours, uint8_t *out, size_t room, size_t *written,
                                           pictures_report *report);

#endif
