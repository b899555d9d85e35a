// When a certificate ends, from the lines that libcurl gives: `Expire date:Nov 22 19:00:00 2026 GMT` (OpenSSL's form),
// or `2026-11-22 19:00:00 GMT`.

import Bulletins
package import Markings

package enum CertificateDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  package static func end(_ lines: [String]) -> Instant? {
    guard let line = lines.first(where: { $0.lowercased().hasPrefix("expire date:") }) else { return nil }
    return read(String(line.dropFirst("Expire date:".count)))
  }

  static func read(_ text: String) -> Instant? {
    let parts = text.split(separator: " ").map(String.init)
    if parts.count >= 4, let month = months.firstIndex(of: parts[0]), let day = Int(parts[1]), let year = Int(parts[3])
    {
      return Instant(rfc3339: "\(year)-\(two(month + 1))-\(two(day))T\(parts[2])Z")
    }
    guard parts.count >= 2 else { return nil }
    return Instant(rfc3339: "\(parts[0])T\(parts[1])Z")
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
