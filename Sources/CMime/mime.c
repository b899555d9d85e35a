// GMime 3 behind the narrow door. What is kept is copied into one arena, so that all of GMime's objects are gone
// before mime_read returns and freeing cannot be forgotten half-way. GLib ends the process when the system has no memory
// at all; what can be asked for is bounded by the limits.

#include "mime.h"

#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>

/// Blocks that hold the copies; addresses stay when it grows.
typedef struct block {
  struct block *next;
  size_t used, room;
  uint8_t bytes[];
} block;

typedef struct reading {
  mime_mail mail;
  mime_limits limits;
  block *blocks;
  mime_part *parts;
  uint32_t part_room, fields;
  int failed;
} reading;

static void *arena(reading *r, size_t count) {
  count = (count + 15) & ~(size_t)15;
  if (r->blocks == NULL || r->blocks->room - r->blocks->used < count) {
    size_t room = count > 16368 ? count : 16368;
    block *b = malloc(sizeof(block) + room);
    if (b == NULL) {
      r->failed = 1;
      return NULL;
    }
    b->next = r->blocks;
    b->used = 0;
    b->room = room;
    r->blocks = b;
  }
  void *place = r->blocks->bytes + r->blocks->used;
  r->blocks->used += count;
  return place;
}

/// A copy, cut at the limit.
static mime_bytes keep(reading *r, const void *from, size_t count, int lower) {
  mime_bytes kept = {NULL, 0};
  if (from == NULL || count == 0) return kept;
  if (count > r->limits.content) {
    count = r->limits.content;
    r->mail.is_cut = 1;
  }
  uint8_t *place = arena(r, count);
  if (place == NULL) return kept;
  memcpy(place, from, count);
  for (size_t i = 0; lower && i < count; i++)
    if (place[i] >= 'A' && place[i] <= 'Z') place[i] += 'a' - 'A';
  kept.start = place;
  kept.count = count;
  return kept;
}

static mime_bytes keep_text(reading *r, const char *text, int lower) {
  return keep(r, text, text ? strlen(text) : 0, lower);
}

static mime_part *add_part(reading *r, mime_kind kind, uint32_t depth, uint32_t messages) {
  if (r->mail.part_count == r->limits.parts) {
    r->mail.is_cut = 1;
    return NULL;
  }
  if (r->mail.part_count == r->part_room) {
    uint32_t room = r->part_room ? r->part_room * 2 : 8;
    mime_part *parts = realloc(r->parts, room * sizeof(mime_part));
    if (parts == NULL) {
      r->failed = 1;
      return NULL;
    }
    r->parts = parts;
    r->part_room = room;
  }
  mime_part *part = &r->parts[r->mail.part_count++];
  memset(part, 0, sizeof *part);
  part->kind = kind;
  part->depth = depth;
  part->messages = messages;
  return part;
}

static void add_fields(reading *r, mime_part *part, GMimeHeaderList *list) {
  int count = list ? g_mime_header_list_get_count(list) : 0;
  if (count <= 0) return;
  if ((uint32_t)count > r->limits.fields - r->fields) {
    count = (int)(r->limits.fields - r->fields);
    r->mail.is_cut = 1;
    if (count == 0) return;
  }
  r->fields += (uint32_t)count;
  mime_field *fields = arena(r, (size_t)count * sizeof(mime_field));
  if (fields == NULL) return;
  for (int i = 0; i < count; i++) {
    GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
    fields[i].name = keep_text(r, g_mime_header_get_name(header), 1);
    fields[i].value = keep_text(r, g_mime_header_get_value(header), 0);
  }
  part->fields = fields;
  part->field_count = (uint32_t)count;
}

static void add_type(reading *r, mime_part *part, GMimeObject *object) {
  GMimeContentType *type = g_mime_object_get_content_type(object);
  if (type == NULL) return;
  char *name = g_mime_content_type_get_mime_type(type);
  part->type = keep_text(r, name, 1);
  g_free(name);
  part->report_type = keep_text(r, g_mime_content_type_get_parameter(type, "report-type"), 1);
}

static void add_content(reading *r, mime_part *part, GMimePart *leaf) {
  GMimeDataWrapper *wrapper = g_mime_part_get_content(leaf);
  if (wrapper == NULL) return;
  GMimeStream *memory = g_mime_stream_mem_new();
  g_mime_data_wrapper_write_to_stream(wrapper, memory);
  GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
  if (array != NULL) part->content = keep(r, array->data, array->len, 0);
  g_object_unref(memory);
}

static void walk_message(reading *r, GMimeMessage *message, uint32_t depth, uint32_t messages);

static void walk(reading *r, GMimeObject *object, uint32_t depth, uint32_t messages) {
  if (object == NULL || r->failed) return;
  if (depth > r->limits.depth) {
    r->mail.is_cut = 1;
    return;
  }
  if (GMIME_IS_MESSAGE_PART(object)) {
    walk_message(r, g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)), depth, messages);
    return;
  }
  int is_multipart = GMIME_IS_MULTIPART(object);
  mime_part *part = add_part(r, is_multipart ? MIME_MULTIPART : MIME_LEAF, depth, messages);
  if (part == NULL) return;
  add_type(r, part, object);
  if (!is_multipart) {
    add_fields(r, part, g_mime_object_get_header_list(object));
    if (GMIME_IS_PART(object)) add_content(r, part, GMIME_PART(object));
    return;
  }
  int count = g_mime_multipart_get_count(GMIME_MULTIPART(object));
  for (int i = 0; i < count && r->mail.part_count < r->limits.parts; i++)
    walk(r, g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1, messages);
}

static void walk_message(reading *r, GMimeMessage *message, uint32_t depth, uint32_t messages) {
  if (message == NULL || r->failed) return;
  mime_part *part = add_part(r, MIME_MESSAGE, depth, messages + 1);
  if (part == NULL) return;
  static const char type[] = "message/rfc822";
  part->type = keep(r, type, sizeof type - 1, 0);
  add_fields(r, part, g_mime_object_get_header_list(GMIME_OBJECT(message)));
  walk(r, g_mime_message_get_mime_part(message), depth + 1, messages + 1);
}

/// Any case; the first byte is looked for first.
static uint32_t occurrences(const uint8_t *bytes, size_t count, uint32_t enough) {
  static const char word[] = "content-type";
  const size_t length = sizeof word - 1;
  uint32_t found = 0;
  for (size_t i = 0; i + length <= count && found < enough; i++) {
    if ((bytes[i] | 0x20) != 'c' || (bytes[i + 7] != '-')) continue;
    size_t k = 1;
    while (k < length && (bytes[i + k] | 0x20) == (word[k] | 0x20)) k++;
    if (k == length) found++;
  }
  return found;
}

static void ignore(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer context) {
  (void)domain, (void)level, (void)message, (void)context;
}

void mime_start(void) {
  g_mime_init();
  // What hostile mail makes the library say is nobody's news.
  g_log_set_handler("gmime", G_LOG_LEVEL_MASK, ignore, NULL);
}

mime_status mime_read(const uint8_t *bytes, size_t count, mime_limits limits, mime_mail **mail) {
  if (occurrences(bytes, count, limits.types + 1) > limits.types) return MIME_TOO_DEEP;
  reading *r = calloc(1, sizeof(reading));
  if (r == NULL) return MIME_NO_MEMORY;
  r->limits = limits;
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)bytes, count);
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  // Contents are copied by the parser: nothing reads the stream later.
  g_mime_parser_set_persist_stream(parser, FALSE);
  GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
  g_object_unref(parser);
  g_object_unref(stream);
  if (message == NULL) {
    mime_free(&r->mail);
    return MIME_NO_MESSAGE;
  }
  walk_message(r, message, 0, 0);
  g_object_unref(message);
  r->mail.parts = r->parts;
  if (r->failed) {
    mime_free(&r->mail);
    return MIME_NO_MEMORY;
  }
  *mail = &r->mail;
  return MIME_OK;
}

void mime_free(mime_mail *mail) {
  if (mail == NULL) return;
  // `mail` is the first member of its reading.
  reading *r = (reading *)mail;
  while (r->blocks != NULL) {
    block *next = r->blocks->next;
    free(r->blocks);
    r->blocks = next;
  }
  free(r->parts);
  free(r);
}
