// UUIDs whose bits are those of a digest: nothing is drawn by lot, so that every server of a site has the same ones.

import Foundation

package enum DigestUUID {
  /// - Parameters:
  ///   - digest: 16 bytes or more; what comes after them is left aside.
  ///   - version: of RFC 9562 section 4.2: 5 of a name, 4 where others demand that form.
  /// - Returns: in lower case.
  package static func text(_ digest: some Sequence<UInt8>, version: UInt8) -> String {
    var bytes = Array(digest.prefix(16))
    bytes[6] = bytes[6] & 0x0F | version << 4
    bytes[8] = bytes[8] & 0x3F | 0x80
    return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }.uuidString.lowercased()
  }
}
