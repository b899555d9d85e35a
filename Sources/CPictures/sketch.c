// Shapes by cairo, on an image surface of its own. The font is the system's nearest to Arial; what that is made of may
// differ by system, so a text that comes out wider than its room is made narrower.

#include "sketch.h"

#include <cairo/cairo.h>

#include "report.h"

static void set_ink(cairo_t *cr, uint32_t rgb) {
  cairo_set_source_rgb(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

static void trace(cairo_t *cr, const pictures_shape *shape, const double *points) {
  const double *at = points + shape->first_point;
  for (size_t i = 0; i < shape->point_count; i++) {
    if (i == 0) cairo_move_to(cr, at[0], at[1]);
    else cairo_line_to(cr, at[2 * i], at[2 * i + 1]);
  }
}

static void write_words(cairo_t *cr, const pictures_shape *shape, const double *points, const char *words) {
  const double *at = points + shape->first_point;
  cairo_text_extents_t extents;
  cairo_select_font_face(cr, "Arial", CAIRO_FONT_SLANT_NORMAL,
                         shape->bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, shape->width);
  cairo_text_extents(cr, words, &extents);
  double narrower = extents.x_advance > shape->room && shape->room > 0 ? shape->room / extents.x_advance : 1;
  cairo_save(cr);
  cairo_translate(cr, at[0] - narrower * extents.x_advance * shape->anchor / 2, at[1]);
  cairo_scale(cr, narrower, 1);
  cairo_move_to(cr, 0, 0);
  cairo_show_text(cr, words);
  cairo_restore(cr);
}

static void draw(cairo_t *cr, const pictures_shape *shape, const double *points, const char *texts) {
  const double *at = points + shape->first_point;
  set_ink(cr, shape->rgb);
  switch (shape->kind) {
    case PICTURES_POLYGON:
      trace(cr, shape, points);
      cairo_close_path(cr);
      cairo_fill(cr);
      break;
    case PICTURES_PATH:
      cairo_set_line_width(cr, shape->width);
      cairo_set_dash(cr, shape->dash, shape->dashes, 0);
      trace(cr, shape, points);
      cairo_stroke(cr);
      break;
    case PICTURES_DISC:
      cairo_arc(cr, at[0], at[1], shape->width, 0, 6.283185307179586);
      cairo_fill(cr);
      break;
    case PICTURES_TEXT: write_words(cr, shape, points, texts + shape->text); break;
  }
}

pictures_status pictures_sketch(const pictures_shape *shapes, size_t count, const double *points, const char *texts,
                                uint32_t paper, double scale, pictures_size size, uint8_t *samples, size_t room,
                                pictures_report *report) {
  if (size.channels != 3 || pictures_room(size) != room || size.width > 8192 || size.height > 8192) {
    pictures_say(report, "the buffer is not of the picture's size");
    return PICTURES_DAMAGED;
  }
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)size.width, (int)size.height);
  cairo_t *cr = cairo_create(surface);
  set_ink(cr, paper);
  cairo_paint(cr);
  cairo_scale(cr, scale, scale);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  // Grey edges alone: coloured ones suit one kind of screen.
  cairo_font_options_t *options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(cr, options);
  cairo_font_options_destroy(options);
  for (size_t i = 0; i < count; i++) draw(cr, &shapes[i], points, texts);
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  const uint8_t *pixels = cairo_image_surface_get_data(surface);
  size_t stride = (size_t)cairo_image_surface_get_stride(surface);
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface);
  if (status == CAIRO_STATUS_SUCCESS && pixels != NULL) {
    for (uint32_t y = 0; y < size.height; y++) {
      const uint32_t *row = (const uint32_t *)(const void *)(pixels + y * stride);
      for (uint32_t x = 0; x < size.width; x++) {
        *samples++ = row[x] >> 16 & 255;
        *samples++ = row[x] >> 8 & 255;
        *samples++ = row[x] & 255;
      }
    }
  }
  cairo_surface_destroy(surface);
  if (status == CAIRO_STATUS_SUCCESS && pixels != NULL) return PICTURES_OK;
  pictures_say(report, cairo_status_to_string(status));
  return status == CAIRO_STATUS_NO_MEMORY ? PICTURES_NO_MEMORY : PICTURES_DAMAGED;
}
