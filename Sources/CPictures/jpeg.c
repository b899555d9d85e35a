// JPEG by libjpeg-turbo through the API of libjpeg 6b (its own TurboJPEG API hides warnings that matter here: a
// truncated file is an error, not a grey half). Every call runs under a setjmp of this file; what must survive a jump
// lives in the caller's frame. Multi-scan files may use bounded memory and a bounded number of scans.

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "report.h"

/// A progressive file has about ten; each further one costs a walk over every block.
static const int most_scans = 64;

typedef struct trouble {
  struct jpeg_error_mgr manager;
  jmp_buf jump;
  pictures_status status;
  pictures_report *report;
} trouble;

static void give_up(j_common_ptr info, pictures_status status, const char *message) {
  trouble *t = (trouble *)info->err;
  t->status = status;
  pictures_say(t->report, message);
  longjmp(t->jump, 1);
}

static void on_error(j_common_ptr info) {
  char message[JMSG_LENGTH_MAX];
  info->err->format_message(info, message);
  switch (info->err->msg_code) {
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE:
      give_up(info, PICTURES_NO_MEMORY, "needs more memory than allowed");
    case JERR_IMAGE_TOO_BIG:
      give_up(info, PICTURES_TOO_MANY_PIXELS, message);
    case JERR_BAD_PRECISION:
    case JERR_SOF_UNSUPPORTED:
    case JERR_ARITH_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
      give_up(info, PICTURES_UNSUPPORTED, message);
    default:
      give_up(info, PICTURES_DAMAGED, message);
  }
}

/// Warnings (level -1) mean that samples were guessed, but for a few that are harmless.
static void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
      return;
    default:
      on_error(info);
  }
}

static void on_output(j_common_ptr info) { (void)info; }

static void prepare(trouble *t, pictures_report *report) {
  memset(t, 0, sizeof *t);
  jpeg_std_error(&t->manager);
  t->manager.error_exit = on_error;
  t->manager.emit_message = on_message;
  t->manager.output_message = on_output;
  t->report = report;
}

// Reading from memory: all bytes are there at once, so asking for more means that the file is too short.

static void source_init(j_decompress_ptr info) { (void)info; }
static void source_term(j_decompress_ptr info) { (void)info; }
static boolean source_fill(j_decompress_ptr info) {
  give_up((j_common_ptr)info, PICTURES_TRUNCATED, "the file ends too early");
  return FALSE;
}
static void source_skip(j_decompress_ptr info, long count) {
  if (count <= 0) return;
  if ((size_t)count > info->src->bytes_in_buffer) source_fill(info);
  info->src->next_input_byte += count;
  info->src->bytes_in_buffer -= (size_t)count;
}

typedef struct reading {
  struct jpeg_decompress_struct info;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  trouble trouble;
} reading;

static void on_progress(j_common_ptr info) {
  if (((j_decompress_ptr)info)->input_scan_number > most_scans) {
    give_up(info, PICTURES_UNSUPPORTED, "too many scans");
  }
}

/// Reads the header and settles the form of the samples: grey or RGB.
static void open_picture(reading *r, const uint8_t *bytes, size_t count, pictures_limits limits, pictures_size *size) {
  jpeg_create_decompress(&r->info);
  r->info.mem->max_memory_to_use = (long)limits.memory;
  r->source.next_input_byte = bytes;
  r->source.bytes_in_buffer = count;
  r->source.init_source = source_init;
  r->source.fill_input_buffer = source_fill;
  r->source.skip_input_data = source_skip;
  r->source.resync_to_restart = jpeg_resync_to_restart;
  r->source.term_source = source_term;
  r->info.src = &r->source;
  r->progress.progress_monitor = on_progress;
  r->info.progress = &r->progress;
  jpeg_read_header(&r->info, TRUE);
  size->width = r->info.image_width;
  size->height = r->info.image_height;
  size->channels = 0;
  pictures_status status = pictures_check(*size, limits, r->trouble.report);
  if (status != PICTURES_OK) {
    r->trouble.status = status;
    longjmp(r->trouble.jump, 1);
  }
  switch (r->info.jpeg_color_space) {
    case JCS_GRAYSCALE:
      r->info.out_color_space = JCS_GRAYSCALE;
      size->channels = 1;
      break;
    case JCS_YCbCr:
    case JCS_RGB:
      r->info.out_color_space = JCS_RGB;
      size->channels = 3;
      break;
    case JCS_CMYK:
    case JCS_YCCK:
      r->info.out_color_space = JCS_CMYK;
      size->channels = 3;
      break;
    default:
      give_up((j_common_ptr)&r->info, PICTURES_UNSUPPORTED, "an unknown colour space");
  }
}

/// Adobe writes CMYK inverted, and nearly every CMYK JPEG is Adobe's.
static void to_rgb(const JSAMPLE *cmyk, uint8_t *rgb, uint32_t width, int inverted) {
  for (uint32_t x = 0; x < width; x++, cmyk += 4, rgb += 3) {
    for (int i = 0; i < 3; i++) {
      unsigned ink = inverted ? cmyk[i] : 255u - cmyk[i];
      unsigned black = inverted ? cmyk[3] : 255u - cmyk[3];
      rgb[i] = (uint8_t)((ink * black + 127) / 255);
    }
  }
}

static void read_rows(reading *r, pictures_size size, uint8_t *samples) {
  jpeg_start_decompress(&r->info);
  if (r->info.output_width != size.width || r->info.output_height != size.height) {
    give_up((j_common_ptr)&r->info, PICTURES_DAMAGED, "not the size that was announced");
  }
  int cmyk = r->info.out_color_space == JCS_CMYK;
  if ((uint32_t)r->info.output_components != (cmyk ? 4 : size.channels)) {
    give_up((j_common_ptr)&r->info, PICTURES_UNSUPPORTED, "an unknown colour space");
  }
  JSAMPARRAY line = NULL;
  if (cmyk) line = r->info.mem->alloc_sarray((j_common_ptr)&r->info, JPOOL_IMAGE, size.width * 4, 1);
  while (r->info.output_scanline < size.height) {
    uint8_t *row = samples + (size_t)r->info.output_scanline * size.width * size.channels;
    JSAMPROW rows[1] = {cmyk ? line[0] : row};
    if (jpeg_read_scanlines(&r->info, rows, 1) != 1) {
      give_up((j_common_ptr)&r->info, PICTURES_TRUNCATED, "rows are missing");
    }
    if (cmyk) to_rgb(line[0], row, size.width, r->info.saw_Adobe_marker);
  }
  jpeg_finish_decompress(&r->info);
}

static void run_size(reading *r, const uint8_t *bytes, size_t count, pictures_limits limits, pictures_size *size) {
  if (setjmp(r->trouble.jump) == 0) open_picture(r, bytes, count, limits, size);
}

static void run_read(reading *r, const uint8_t *bytes, size_t count, pictures_limits limits, pictures_size expected,
                     uint8_t *samples, pictures_size *found) {
  if (setjmp(r->trouble.jump) != 0) return;
  open_picture(r, bytes, count, limits, found);
  if (memcmp(found, &expected, sizeof expected) != 0) {
    give_up((j_common_ptr)&r->info, PICTURES_DAMAGED, "not the size that was announced");
  }
  read_rows(r, *found, samples);
}

pictures_status pictures_jpeg_size(const uint8_t *bytes, size_t count, pictures_limits limits, pictures_size *size,
                                   pictures_report *report) {
  reading r;
  memset(&r, 0, sizeof r);
  prepare(&r.trouble, report);
  r.info.err = &r.trouble.manager;
  run_size(&r, bytes, count, limits, size);
  jpeg_destroy_decompress(&r.info);
  return r.trouble.status;
}

pictures_status pictures_jpeg_read(const uint8_t *bytes, size_t count, pictures_limits limits, pictures_size size,
                                   uint8_t *samples, size_t room, pictures_report *report) {
  if (pictures_room(size) != room) {
    pictures_say(report, "the buffer is not of the picture's size");
    return PICTURES_DAMAGED;
  }
  reading r;
  memset(&r, 0, sizeof r);
  prepare(&r.trouble, report);
  r.info.err = &r.trouble.manager;
  pictures_size found = {0};
  run_read(&r, bytes, count, limits, size, samples, &found);
  jpeg_destroy_decompress(&r.info);
  return r.trouble.status;
}

// Writing into the caller's buffer, which does not grow.

static void target_init(j_compress_ptr info) { (void)info; }
static void target_term(j_compress_ptr info) { (void)info; }
static boolean target_empty(j_compress_ptr info) {
  give_up((j_common_ptr)info, PICTURES_FULL, "too large");
  return FALSE;
}

typedef struct writing {
  struct jpeg_compress_struct info;
  struct jpeg_destination_mgr target;
  trouble trouble;
} writing;

static void run_write(writing *w, const uint8_t *samples, pictures_size size, int quality, int halved) {
  if (setjmp(w->trouble.jump) != 0) return;
  jpeg_create_compress(&w->info);
  w->target.init_destination = target_init;
  w->target.empty_output_buffer = target_empty;
  w->target.term_destination = target_term;
  w->info.dest = &w->target;
  w->info.image_width = size.width;
  w->info.image_height = size.height;
  w->info.input_components = (int)size.channels;
  w->info.in_color_space = size.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&w->info);
  jpeg_set_quality(&w->info, quality, TRUE);
  w->info.comp_info[0].h_samp_factor = size.channels == 3 && halved ? 2 : 1;
  w->info.comp_info[0].v_samp_factor = size.channels == 3 && halved ? 2 : 1;
  w->info.optimize_coding = TRUE;
  jpeg_start_compress(&w->info, TRUE);
  while (w->info.next_scanline < size.height) {
    // libjpeg's row type is not const, though it only reads.
    JSAMPROW rows[1] = {(JSAMPROW)(uintptr_t)(samples + (size_t)w->info.next_scanline * size.width * size.channels)};
    jpeg_write_scanlines(&w->info, rows, 1);
  }
  jpeg_finish_compress(&w->info);
}

pictures_status pictures_jpeg_write(const uint8_t *samples, pictures_size size, int quality, int halved, uint8_t *out,
                                    size_t room, size_t *written, pictures_report *report) {
  if (size.channels != 1 && size.channels != 3) {
    pictures_say(report, "no such form of JPEG");
    return PICTURES_UNSUPPORTED;
  }
  writing w;
  memset(&w, 0, sizeof w);
  prepare(&w.trouble, report);
  w.info.err = &w.trouble.manager;
  w.target.next_output_byte = out;
  w.target.free_in_buffer = room;
  run_write(&w, samples, size, quality, halved);
  *written = room - w.target.free_in_buffer;
  jpeg_destroy_compress(&w.info);
  return w.trouble.status;
}
