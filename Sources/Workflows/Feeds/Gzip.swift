// Bytes in the gzip form (RFC 1952), by the system's zlib. The same bytes give the same form: no time stands in it, so
// that it has an entity tag of its own that lasts as long as the bytes do.

import CZLib

package enum Gzip {
  /// - Returns: nil when zlib refuses, which it does for want of memory alone; then the bytes are served as they are.
  package static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    guard revere_gzip_begin(&stream, 6) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    guard let size = UInt32(exactly: bytes.count) else { return nil }
    // One call takes all: there is room for whatever it can become.
    let room = Int(deflateBound(&stream, uLong(size)))
    guard let length = UInt32(exactly: room) else { return nil }
    var source = bytes
    var isWhole = false
    let out = [UInt8](unsafeUninitializedCapacity: room) { target, count in
      source.withUnsafeMutableBufferPointer { source in
        stream.next_in = source.baseAddress
        stream.avail_in = size
        stream.next_out = target.baseAddress
        stream.avail_out = length
        isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END
      }
      count = isWhole ? Int(stream.total_out) : 0
    }
    return isWhole ? out : nil
  }
}
