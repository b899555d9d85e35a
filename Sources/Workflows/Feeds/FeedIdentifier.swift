// The name of a bulletin for machines: the same in every form, for every caller and in every version.

import Crypto
import Foundation

enum FeedIdentifier {
  /// A UUID of the fifth kind (RFC 9562 section 5.5): a digest of the site and of the serial under which the bulletin
  /// was first released. The name of its file is not in it: that is the authors' own.
  static func bulletin(_ firstSerial: String, site: String) -> String {
    var digest = Insecure.SHA1()
    digest.update(data: nameSpace)
    digest.update(data: Data("bulletin \(site) \(firstSerial)".utf8))
    var bytes = Array(digest.finalize().prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x50
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
      text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// This program's own, chosen once: another would rename every bulletin.
  private static let nameSpace = Data([
    0x2d, 0x8e, 0x35, 0x64, 0x0c, 0x1f, 0x4b, 0x5a, 0x9c, 0x57, 0x61, 0xd4, 0x90, 0xae, 0x73, 0x18,
  ])
}
