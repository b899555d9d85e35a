// The outlets of the leak test: every way in which something of a bulletin reaches a reader. A new outlet (feed,
// webhook, page) joins by a line in `Outlets.all`; the test needs no change (release-policy.md section 8).

import Bulletins
import Distribution
import Markings
import Rendering
import Workflows

/// What one reader gets by one channel, made by the same code as `revere render --as`.
struct Delivered {
  var decision: Decision
  /// nil when withheld.
  var preview: Preview?
  /// The line of `revere audience --all-channels --json`.
  var audienceLine: String
}

struct Outlet: Sendable {
  var name: String
  /// Everything that this outlet gives, as texts in which a canary could be found.
  var texts: @Sendable (Delivered) -> [String]
  /// The outlet carries the product's whole body: what may be seen must be there.
  var isWhole: Bool
}

enum Outlets {
  static let all: [Outlet] = [
    Outlet(name: "html", texts: { $0.preview.map { [$0.rendered.html] } ?? [] }, isWhole: true),
    Outlet(name: "page", texts: { $0.preview.map { [$0.rendered.page()] } ?? [] }, isWhole: true),
    Outlet(name: "text", texts: { $0.preview.map { [$0.rendered.plainText()] } ?? [] }, isWhole: true),
    Outlet(
      name: "mime source",
      texts: { $0.preview.map { [String(decoding: $0.message, as: UTF8.self)] } ?? [] }, isWhole: false),
    Outlet(name: "mime parts", texts: { $0.preview.map { MimeParts.decoded($0.message) } ?? [] }, isWhole: true),
    Outlet(
      name: "attachment names",
      texts: { $0.preview.map { $0.rendered.images.flatMap { [$0.fileName, $0.contentID] } } ?? [] }, isWhole: false),
    Outlet(name: "audience json", texts: { [$0.audienceLine] }, isWhole: false),
  ]
}

/// Header fields unfolded, and each part's content decoded (RFC 2045), enough for messages of our own making.
enum MimeParts {
  static func decoded(_ message: [UInt8]) -> [String] {
    let text = String(decoding: message, as: UTF8.self)
    var parts: [String] = []
    var headers = true
    var encoding = ""
    var body: [Substring] = []
    func close() {
      if !body.isEmpty { parts.append(decode(body, encoding)) }
      body = []
      encoding = ""
    }
    for line in text.split(separator: "\r\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("--=_") {
        close()
        headers = true
      } else if headers, line.isEmpty {
        headers = false
      } else if headers {
        parts.append(String(line))
        if line.lowercased().hasPrefix("content-transfer-encoding:") {
          encoding = line.split(separator: ":").last.map { String($0).trimmed.lowercased() } ?? ""
        }
      } else {
        body.append(line)
      }
    }
    close()
    return parts
  }

  private static func decode(_ lines: [Substring], _ encoding: String) -> String {
    switch encoding {
    case "base64": return base64(lines.joined())
    case "quoted-printable":
      var bytes: [UInt8] = []
      for line in lines {
        var rest = Array(line.utf8)
        let isSoft = rest.last == UInt8(ascii: "=")
        if isSoft { rest.removeLast() }
        var index = 0
        while index < rest.count {
          if rest[index] == UInt8(ascii: "="), index + 2 < rest.count,
            let value = UInt8(String(decoding: rest[index + 1...index + 2], as: UTF8.self), radix: 16)
          {
            bytes.append(value)
            index += 3
          } else {
            bytes.append(rest[index])
            index += 1
          }
        }
        if !isSoft { bytes.append(0x0A) }
      }
      return String(decoding: bytes, as: UTF8.self)
    default: return lines.joined(separator: "\n")
    }
  }

  private static func base64(_ text: String) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for digit in text.utf8 {
      guard let value = digits.firstIndex(of: digit) else { continue }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
