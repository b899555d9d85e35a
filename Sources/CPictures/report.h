// What the files of this shim share: messages and the check of a size against the limits.
#ifndef REVERE_PICTURES_REPORT_H
#define REVERE_PICTURES_REPORT_H

#include <stdio.h>

#include "pictures.h"

static inline void pictures_say(pictures_report *report, const char *message) {
  snprintf(report->message, sizeof report->message, "%s", message);
}

/// Before anything of the picture's size is allocated.
static inline pictures_status pictures_check(pictures_size size, pictures_limits limits, pictures_report *report) {
  if (size.width == 0 || size.height == 0) {
    pictures_say(report, "no pixels");
    return PICTURES_DAMAGED;
  }
  if (size.width > limits.side || size.height > limits.side ||
      (uint64_t)size.width * size.height > limits.pixels) {
    snprintf(report->message, sizeof report->message, "%u x %u pixels", size.width, size.height);
    return PICTURES_TOO_MANY_PIXELS;
  }
  return PICTURES_OK;
}

static inline uint64_t pictures_room(pictures_size size) {
  return (uint64_t)size.width * size.height * size.channels;
}

#endif
