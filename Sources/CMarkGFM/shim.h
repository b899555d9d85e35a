// cmark-gfm with its core extensions. The node types of extensions and of footnotes are variables or have no public
// name, so one inline function gives every node a small number of our own (see MarkdownTree.swift).
#ifndef REVERE_CMARKGFM_SHIM_H
#define REVERE_CMARKGFM_SHIM_H
#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>

extern cmark_node_type CMARK_NODE_TABLE, CMARK_NODE_TABLE_ROW, CMARK_NODE_TABLE_CELL, CMARK_NODE_STRIKETHROUGH;

static inline unsigned char revere_node_kind(cmark_node *node) {
  cmark_node_type type = cmark_node_get_type(node);
  switch (type) {
  case CMARK_NODE_DOCUMENT: return 1;
  case CMARK_NODE_BLOCK_QUOTE: return 2;
  case CMARK_NODE_LIST: return 3;
  case CMARK_NODE_ITEM: return 4;
  case CMARK_NODE_CODE_BLOCK: return 5;
  case CMARK_NODE_HTML_BLOCK: return 6;
  case CMARK_NODE_PARAGRAPH: return 7;
  case CMARK_NODE_HEADING: return 8;
  case CMARK_NODE_THEMATIC_BREAK: return 9;
  case CMARK_NODE_FOOTNOTE_DEFINITION: return 10;
  case CMARK_NODE_TEXT: return 14;
  case CMARK_NODE_SOFTBREAK: return 15;
  case CMARK_NODE_LINEBREAK: return 16;
  case CMARK_NODE_CODE: return 17;
  case CMARK_NODE_HTML_INLINE: return 18;
  case CMARK_NODE_EMPH: return 19;
  case CMARK_NODE_STRONG: return 20;
  case CMARK_NODE_LINK: return 21;
  case CMARK_NODE_IMAGE: return 22;
  case CMARK_NODE_FOOTNOTE_REFERENCE: return 23;
  default: break;
  }
  if (type == CMARK_NODE_TABLE) return 11;
  if (type == CMARK_NODE_TABLE_ROW) return 12;
  if (type == CMARK_NODE_TABLE_CELL) return 13;
  if (type == CMARK_NODE_STRIKETHROUGH) return 24;
  return 0;
}
#endif
