// A narrow door to GMime: the bytes of a mail in, a flat list of its parts out, with decoded headers and contents.
//
// Promises: every length is held against a limit; nothing recurses deeper than the limit allows; what is returned is
// one object with one owner, and every pointer in it lives as long as it does; no object of GLib leaves this target.
// Does not: convert charsets of bodies, follow external bodies, decrypt, or judge what a mail is.
#ifndef REVERE_MIME_H
#define REVERE_MIME_H

#include <stddef.h>
#include <stdint.h>

typedef struct mime_limits {
  /// Nested parts and messages; what lies deeper is left out.
  uint32_t depth;
  uint32_t parts;
  /// Header fields of all parts together.
  uint32_t fields;
  /// Bytes of one decoded content, and of one header value.
  size_t content;
  /// How often the words `content-type` may occur in the bytes: each nesting level needs one, and GMime recurses.
  uint32_t types;
} mime_limits;

typedef enum mime_kind { MIME_LEAF, MIME_MULTIPART, MIME_MESSAGE } mime_kind;

typedef struct mime_bytes {
  const uint8_t *start;
  size_t count;
} mime_bytes;

typedef struct mime_field {
  mime_bytes name;
  /// Unfolded, encoded words decoded, UTF-8 as far as the sender wrote it.
  mime_bytes value;
} mime_field;

typedef struct mime_part {
  mime_kind kind;
  uint32_t depth;
  /// How many messages it lies in; 1 for the mail itself and its own parts.
  uint32_t messages;
  /// Lower case: `text/plain`.
  mime_bytes type;
  /// The parameter `report-type`, as written; empty when there is none.
  mime_bytes report_type;
  /// Transfer encoding undone; of leaves alone.
  mime_bytes content;
  const mime_field *fields;
  uint32_t field_count;
} mime_part;

typedef enum mime_status {
  MIME_OK = 0,
  /// More nested types than the limit.
  MIME_TOO_DEEP,
  /// GMime finds no message in it.
  MIME_NO_MESSAGE,
  MIME_NO_MEMORY,
} mime_status;

typedef struct mime_mail {
  const mime_part *parts;
  uint32_t part_count;
  /// A limit cut something off.
  int is_cut;
} mime_mail;

/// Once per process, before the first reading.
void mime_start(void);
/// Reads a mail; safe from any thread after `mime_start`. `*mail` is set only with MIME_OK and is given back by
/// `mime_free`. The bytes are not kept.
mime_status mime_read(const uint8_t *bytes, size_t count, mime_limits limits, mime_mail **mail);
void mime_free(mime_mail *mail);

#endif
