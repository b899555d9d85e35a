// Acknowledgement tokens: what a reader's link ends with. 24 bytes in base64url: the number of the row in the ledger
// and 144 bits of an HMAC over it, the reader and the revision, with a key derived from the site's secret. Nothing of a
// token is stored: it is computed for each message and computed again to check one. Whoever does not have the key can
// make none, and one reader's says nothing about another's. Never logged: whoever has it can speak for the reader.

package import Bulletins
import Crypto
import Foundation
package import Mail
import Rendering

package enum AcknowledgementLink {
  /// `https://portal.example.gov/ack/`; nil where the series does not ask or the site has no portal.
  package static func base(_ site: Site, _ template: SeriesTemplate) -> String? {
    guard template.asksForAcknowledgement, let portal = site.portal,
      portal.hasPrefix("https://") || portal.hasPrefix("http://")
    else { return nil }
    return portal + (portal.hasSuffix("/") ? "" : "/") + "ack/"
  }
}

extension AcknowledgementToken {
  private static let numberWidth = 6
  private static let width = 24

  /// - Parameter revision: the hash of the revision that the row is about.
  package static func make(delivery: Int64, reader: String, revision: String, _ secret: SiteSecret) -> String {
    let number = bytes(of: delivery)
    let code = authentication(number, reader, revision, secret)
    return Data(number + code).base64EncodedString()
      .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
  }

  /// The row that a token claims to be of; nil for what cannot be a token. It proves nothing: see `isGenuine`.
  package static func delivery(claimedBy token: String) -> Int64? {
    guard let bytes = decoded(token) else { return nil }
    return bytes.prefix(numberWidth).reduce(Int64(0)) { $0 << 8 | Int64($1) }
  }

  /// Compares in a time that does not depend on where they differ.
  package static func isGenuine(
    _ token: String, delivery: Int64, reader: String, revision: String, _ secret: SiteSecret
  ) -> Bool {
    guard let given = decoded(token) else { return false }
    let number = bytes(of: delivery)
    let expected = number + authentication(number, reader, revision, secret)
    return zip(given, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func bytes(of delivery: Int64) -> [UInt8] {
    (0..<numberWidth).map { UInt8(truncatingIfNeeded: delivery >> (8 * Int64(numberWidth - 1 - $0))) }
  }

  private static func decoded(_ token: String) -> [UInt8]? {
    guard AcknowledgementToken(token) != nil else { return nil }
    let plain = token.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    guard let data = Data(base64Encoded: plain), data.count == width else { return nil }
    return Array(data)
  }

  private static func authentication(
    _ number: [UInt8], _ reader: String, _ revision: String, _ secret: SiteSecret
  ) -> [UInt8] {
    var hmac = HMAC<SHA256>(key: secret.key(for: .acknowledgement))
    hmac.update(data: number)
    for field in [reader, revision] { hmac.update(data: Array("\(field.utf8.count):\(field)".utf8)) }
    return Array(hmac.finalize().prefix(width - numberWidth))
  }
}
