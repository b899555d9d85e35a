// Ids of STIX objects and of collections. Nothing is drawn by lot, so that every server of a site and every restart has
// the same ones; all have the form of a version 4 UUID, which TAXII 2.1 (section 2, identifier) and STIX 2.1 (section
// 2.9) ask for: their bits are those of a digest, and with the site's key nobody else can work them out.

package import Crypto
import Foundation

package enum StixIdentifiers {
  /// The key of report ids. Whoever lacks it cannot tell from an id which bulletin it is of, nor make one up.
  package struct Key: Sendable {
    let key: SymmetricKey
    package init(_ key: SymmetricKey) { self.key = key }
  }

  /// Of one variant of a bulletin in a run of its versions.
  /// - Parameters:
  ///   - bulletin: `FeedItem.id`.
  ///   - labels: `FeedItem.labels`.
  ///   - run: `FeedItem.run`; 0 leaves the id as it was before there were runs.
  package static func report(bulletin: String, labels: [String], run: Int = 0, key: Key) -> String {
    let kind = run == 0 ? ["report"] : ["later report", String(run)]
    let variant = digest(kind + [bulletin] + Set(labels).sorted(), key)
    return "report--" + uuid(digest(["bulletin", bulletin], key).prefix(tagLength) + variant.dropFirst(tagLength))
  }

  /// Of the bulletin alone: what its reports' ids begin with, so that a bulletin is found by an id without a search.
  package static func tag(bulletin: String, key: Key) -> [UInt8] {
    Array(digest(["bulletin", bulletin], key).prefix(tagLength))
  }

  /// The same, of a report's id; nil where it has another form.
  package static func tag(report id: String) -> [UInt8]? {
    guard id.utf8.count == 44, id.hasPrefix("report--") else { return nil }
    let digits = id.dropFirst("report--".count).filter { $0 != "-" }
    guard digits.utf8.count == 32 else { return nil }
    let bytes = (0..<tagLength).compactMap { UInt8(digits.dropFirst(2 * $0).prefix(2), radix: 16) }
    return bytes.count == tagLength ? bytes : nil
  }

  /// Bytes of a UUID before its version.
  private static let tagLength = 6

  private static func digest(_ parts: [String], _ key: Key) -> [UInt8] {
    var code = HMAC<SHA256>(key: key.key)
    // Each part with its length before it: two lists never make the same bytes.
    for part in parts { code.update(data: Data(framed(part).utf8)) }
    return Array(code.finalize())
  }

  /// The feed `slug` of a site as a collection.
  package static func collection(site: String, slug: String) -> String { name("collection", site, slug) }

  static func identity(site: String) -> String { "identity--" + name("identity", site) }
  static func location(site: String, slug: String) -> String { "location--" + name("location", site, slug) }
  /// The same at every site: `FOUO`, `CUI//LEI`.
  static func marking(_ control: String) -> String { "marking-definition--" + name("marking", control) }

  /// The name space of this program's public ids.
  private static let nameSpace = "8e2f0c53-6a1d-4d0b-9a53-cf7f8a0d5b21"

  private static func name(_ parts: String...) -> String {
    uuid(SHA256.hash(data: Data(([nameSpace] + parts).map(framed).joined().utf8)))
  }

  private static func framed(_ part: String) -> String { "\(part.utf8.count):\(part)" }

  private static func uuid(_ digest: some Sequence<UInt8>) -> String { DigestUUID.text(digest, version: 4) }
}
