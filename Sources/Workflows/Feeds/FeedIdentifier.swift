// The name of a bulletin for machines: the same in every form, for every caller and in every version.

import Crypto
import Feeds
import Foundation

enum FeedIdentifier {
  /// A UUID of the fifth kind (RFC 9562 section 5.5): a digest of the site and of the serial under which the bulletin
  /// was first released. The name of its file is not in it: that is the authors' own.
  static func bulletin(_ firstSerial: String, site: String) -> String {
    var digest = Insecure.SHA1()
    digest.update(data: nameSpace)
    digest.update(data: Data("bulletin \(site) \(firstSerial)".utf8))
    return DigestUUID.text(digest.finalize(), version: 5)
  }

  /// This program's own, chosen once: another would rename every bulletin.
  private static let nameSpace = Data([
    0x2d, 0x8e, 0x35, 0x64, 0x0c, 0x1f, 0x4b, 0x5a, 0x9c, 0x57, 0x61, 0xd4, 0x90, 0xae, 0x73, 0x18,
  ])
}
