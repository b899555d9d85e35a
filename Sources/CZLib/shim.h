// zlib as the system has it. Its functions that begin a stream are macros, which Swift cannot call.
#ifndef REVERE_CZLIB_SHIM_H
#define REVERE_CZLIB_SHIM_H
#include <zlib.h>
/// Begins a stream in the gzip form (RFC 1952): windows of 32 KiB, and 16 to ask for the gzip header, in which zlib
/// writes no time and no name.
static inline int revere_gzip_begin(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
#endif
