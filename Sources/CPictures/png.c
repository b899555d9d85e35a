// PNG by libpng 1.6. Every call of the library runs under one setjmp of this file; what must survive a jump lives in
// the caller's frame (C11 7.13.2.1). All ancillary chunks but tRNS are skipped unread, so that neither a compressed
// text nor a colour profile costs memory.

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "sketch.h"

typedef struct job {
  png_structp png;
  png_infop info;
  png_bytep *rows;
  const uint8_t *input;
  size_t left;
  uint8_t *output;
  size_t room;
  size_t written;
  pictures_status status;
  pictures_report *report;
} job;

static void on_error(png_structp png, png_const_charp message) {
  job *j = png_get_error_ptr(png);
  if (j->status == PICTURES_OK) {
    j->status = strstr(message, "emory") ? PICTURES_NO_MEMORY : PICTURES_DAMAGED;
    pictures_say(j->report, message);
  }
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void on_read(png_structp png, png_bytep into, size_t count) {
  job *j = png_get_io_ptr(png);
  if (count > j->left) {
    j->status = PICTURES_TRUNCATED;
    pictures_say(j->report, "the file ends too early");
    png_error(png, "end of file");
  }
  memcpy(into, j->input, count);
  j->input += count;
  j->left -= count;
}

static void on_write(png_structp png, png_bytep from, size_t count) {
  job *j = png_get_io_ptr(png);
  if (count > j->room - j->written) {
    j->status = PICTURES_FULL;
    pictures_say(j->report, "too large");
    png_error(png, "full");
  }
  memcpy(j->output + j->written, from, count);
  j->written += count;
}

static void on_flush(png_structp png) { (void)png; }

static const png_byte skipped[] =
    "bKGD\0cHRM\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0sTER\0tEXt\0tIME\0zTXt\0eXIf";

/// Reads up to the first IDAT and asks for 8-bit grey or RGB, with alpha where there is any.
static void open_picture(job *j, pictures_limits limits, pictures_size *size) {
  png_set_read_fn(j->png, j, on_read);
  // The side is held against the limit below, with a better message; this keeps rows from being allocated.
  png_set_user_limits(j->png, 0x7fffffff, 0x7fffffff);
  png_set_chunk_malloc_max(j->png, 1 << 20);
  png_set_chunk_cache_max(j->png, 16);
  png_set_keep_unknown_chunks(j->png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_set_keep_unknown_chunks(j->png, PNG_HANDLE_CHUNK_NEVER, skipped, (int)(sizeof skipped / 5));
  png_read_info(j->png, j->info);
  size->width = png_get_image_width(j->png, j->info);
  size->height = png_get_image_height(j->png, j->info);
  size->channels = 0;
  j->status = pictures_check(*size, limits, j->report);
  if (j->status != PICTURES_OK) png_error(j->png, "limit");
  png_set_expand(j->png);
  png_set_scale_16(j->png);
  png_set_interlace_handling(j->png);
  png_read_update_info(j->png, j->info);
  size->channels = png_get_channels(j->png, j->info);
  if (png_get_bit_depth(j->png, j->info) != 8 || size->channels < 1 || size->channels > 4 ||
      png_get_rowbytes(j->png, j->info) != (size_t)size->width * size->channels) {
    j->status = PICTURES_UNSUPPORTED;
    pictures_say(j->report, "an unusual form of PNG");
    png_error(j->png, "form");
  }
}

static void run_size(job *j, pictures_limits limits, pictures_size *size) {
  if (setjmp(png_jmpbuf(j->png)) == 0) open_picture(j, limits, size);
}

static void run_read(job *j, pictures_limits limits, pictures_size expected, uint8_t *samples, pictures_size *found) {
  if (setjmp(png_jmpbuf(j->png)) != 0) return;
  open_picture(j, limits, found);
  if (memcmp(found, &expected, sizeof expected) != 0) {
    j->status = PICTURES_DAMAGED;
    pictures_say(j->report, "not the size that was announced");
    return;
  }
  j->rows = malloc(sizeof *j->rows * found->height);
  if (j->rows == NULL) png_error(j->png, "Out of memory");
  for (uint32_t y = 0; y < found->height; y++) {
    j->rows[y] = samples + (size_t)y * found->width * found->channels;
  }
  png_read_image(j->png, j->rows);
  png_read_end(j->png, NULL);
}

static pictures_status start_reading(job *j) {
  j->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, j, on_error, on_warning);
  if (j->png != NULL) j->info = png_create_info_struct(j->png);
  if (j->info != NULL) return PICTURES_OK;
  png_destroy_read_struct(&j->png, NULL, NULL);
  pictures_say(j->report, "no memory");
  return PICTURES_NO_MEMORY;
}

pictures_status pictures_png_size(const uint8_t *bytes, size_t count, pictures_limits limits, pictures_size *size,
                                  pictures_report *report) {
  job j = {.input = bytes, .left = count, .report = report};
  if (start_reading(&j) != PICTURES_OK) return PICTURES_NO_MEMORY;
  run_size(&j, limits, size);
  png_destroy_read_struct(&j.png, &j.info, NULL);
  return j.status;
}

pictures_status pictures_png_read(const uint8_t *bytes, size_t count, pictures_limits limits, pictures_size size,
                                  uint8_t *samples, size_t room, pictures_report *report) {
  if (pictures_room(size) != room) {
    pictures_say(report, "the buffer is not of the picture's size");
    return PICTURES_DAMAGED;
  }
  job j = {.input = bytes, .left = count, .report = report};
  pictures_size found = {0};
  if (start_reading(&j) != PICTURES_OK) return PICTURES_NO_MEMORY;
  run_read(&j, limits, size, samples, &found);
  free(j.rows);
  png_destroy_read_struct(&j.png, &j.info, NULL);
  return j.status;
}

static void run_write(job *j, const uint8_t *samples, pictures_size size, int color) {
  if (setjmp(png_jmpbuf(j->png)) != 0) return;
  png_set_write_fn(j->png, j, on_write, on_flush);
  png_set_IHDR(j->png, j->info, size.width, size.height, 8, color, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(j->png, j->info);
  for (uint32_t y = 0; y < size.height; y++) {
    png_write_row(j->png, samples + (size_t)y * size.width * size.channels);
  }
  png_write_end(j->png, NULL);
}

pictures_status pictures_png_write(const uint8_t *samples, pictures_size size, uint8_t *out, size_t room,
                                   size_t *written, pictures_report *report) {
  static const int colors[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                               PNG_COLOR_TYPE_RGB_ALPHA};
  if (size.channels < 1 || size.channels > 4) {
    pictures_say(report, "no such form of PNG");
    return PICTURES_UNSUPPORTED;
  }
  job j = {.output = out, .room = room, .report = report};
  j.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &j, on_error, on_warning);
  if (j.png != NULL) j.info = png_create_info_struct(j.png);
  if (j.info == NULL) {
    png_destroy_write_struct(&j.png, NULL);
    pictures_say(report, "no memory");
    return PICTURES_NO_MEMORY;
  }
  run_write(&j, samples, size, colors[size.channels - 1]);
  png_destroy_write_struct(&j.png, &j.info);
  *written = j.written;
  return j.status;
}

static void run_write_palette(job *j, const uint8_t *indices, pictures_size size, png_colorp palette, int colours) {
  if (setjmp(png_jmpbuf(j->png)) != 0) return;
  png_set_write_fn(j->png, j, on_write, on_flush);
  png_set_IHDR(j->png, j->info, size.width, size.height, 8, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_PLTE(j->png, j->info, palette, colours);
  // Flat areas: a filter would only hide their runs, and more effort saves a few hundred bytes.
  png_set_filter(j->png, 0, PNG_FILTER_NONE);
  png_set_compression_level(j->png, 4);
  png_write_info(j->png, j->info);
  for (uint32_t y = 0; y < size.height; y++) png_write_row(j->png, indices + (size_t)y * size.width);
  png_write_end(j->png, NULL);
}

pictures_status pictures_png_write_palette(const uint8_t *indices, pictures_size size, const uint8_t *palette,
                                           int colours, uint8_t *out, size_t room, size_t *written,
                                           pictures_report *report) {
  png_color table[256];
  if (size.channels != 1 || colours < 1 || colours > 256) {
    pictures_say(report, "no such form of PNG");
    return PICTURES_UNSUPPORTED;
  }
  for (int i = 0; i < colours; i++) {
    table[i] = (png_color){palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]};
  }
  job j = {.output = out, .room = room, .report = report};
  j.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &j, on_error, on_warning);
  if (j.png != NULL) j.info = png_create_info_struct(j.png);
  if (j.info == NULL) {
    png_destroy_write_struct(&j.png, NULL);
    pictures_say(report, "no memory");
    return PICTURES_NO_MEMORY;
  }
  run_write_palette(&j, indices, size, table, colours);
  png_destroy_write_struct(&j.png, &j.info);
  *written = j.written;
  return j.status;
}
