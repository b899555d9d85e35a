// The outlets of the leak test: every way in which something of a bulletin reaches a reader. A new outlet (feed,
// webhook, page) joins by a line in `Outlets.all`; the test needs no change (release-policy.md section 8).

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Rendering
import Store
import TestSupport
import Webhooks
import Workflows

/// What one reader gets by one channel, made by the same code as `revere render --as`.
struct Delivered {
  var decision: Decision
  /// nil when withheld.
  var preview: Preview?
  /// The messages of a digest that holds it, and another bulletin of the same reader beside it.
  var digest: [(rendered: Rendered, message: [UInt8])]
  /// The line of `revere audience --all-channels --json`.
  var audienceLine: String
  /// Requests to webhook endpoints of every format, approved for full bodies and not; none by other channels.
  var posts: [Posted] = []
}

/// One request, and the body that it was made of.
struct Posted {
  var format: WebhookFormat
  var isThin: Bool
  var request: OutgoingPost
}

struct Outlet: Sendable {
  var name: String
  /// Everything that this outlet gives, as texts in which a canary could be found.
  var texts: @Sendable (Delivered) -> [String]
  /// The outlet carries the product's whole body: what may be seen must be there.
  var isWhole: Bool
  /// The same, where it gives anything.
  var isWholeWhenThere = false
  /// Not even what its reader may see is in it.
  var saysNothing = false
}

enum Posts {
  /// Every request that a webhook could be for what was decided.
  static func all(_ assembly: ProductAssembly, _ key: VariantKey?, _ preview: Preview) throws -> [Posted] {
    let posts = WebhookPosts(
      kind: .release, revisionHash: assembly.decider.revision.hash, serial: "CFC-OS-2026-0001", version: 1,
      at: Shipped.noon, site: "cfc", portal: "https://portal.example.gov",
      seriesName: assembly.decider.revision.template.publicName, expires: nil)
    var made: [Posted] = []
    for format in WebhookFormat.allCases {
      for fullBody in [false, true] {
        let endpoint = WebhookEndpoint(
          id: "hook", stakeholder: "reader", url: "https://hooks.example.org/x", format: format.rawValue,
          fullBody: fullBody)
        let event = posts.event(
          key, of: assembly.decider, fullBody: fullBody, banner: preview.banner, text: preview.rendered.plainText(),
          html: preview.rendered.page())
        let request = WebhookPosts.post(
          endpoint, id: posts.id(reader: "reader"), body: try format.body(event), keys: [.random(.v1)],
          now: Moment(seconds: Shipped.noon.seconds))
        made.append(Posted(format: format, isThin: event.isThin || format.isChat, request: request))
      }
    }
    return made
  }

  /// The body as it is, and its JSON texts without escapes.
  static func strings(in body: [UInt8]) -> [String] {
    var found = [String(decoding: body, as: UTF8.self)]
    func walk(_ value: Any) {
      if let text = value as? String { found.append(text) }
      if let list = value as? [Any] { list.forEach(walk) }
      if let map = value as? [String: Any] {
        found += map.keys
        map.values.forEach(walk)
      }
    }
    if let value = try? JSONSerialization.jsonObject(with: Data(body)) { walk(value) }
    return found
  }
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
    Outlet(name: "digest html", texts: { $0.digest.map(\.rendered.html) }, isWhole: true),
    Outlet(name: "digest text", texts: { $0.digest.map { $0.rendered.plainText() } }, isWhole: true),
    Outlet(
      name: "digest mime source", texts: { $0.digest.map { String(decoding: $0.message, as: UTF8.self) } },
      isWhole: false),
    Outlet(name: "digest mime parts", texts: { $0.digest.flatMap { MimeParts.decoded($0.message) } }, isWhole: true),
    Outlet(
      name: "digest attachment names",
      texts: { $0.digest.flatMap { $0.rendered.images.flatMap { [$0.fileName, $0.contentID] } } }, isWhole: false),
    Outlet(
      name: "pictures",
      texts: { $0.preview.map { $0.rendered.images.map { String(decoding: $0.bytes, as: UTF8.self) } } ?? [] },
      isWhole: false),
    Outlet(
      name: "digest pictures",
      texts: { $0.digest.flatMap { $0.rendered.images.map { String(decoding: $0.bytes, as: UTF8.self) } } },
      isWhole: false),
    Outlet(name: "audience json", texts: { [$0.audienceLine] }, isWhole: false),
    Outlet(
      name: "webhook requests",
      texts: {
        $0.posts.flatMap { posted in
          posted.request.headers.flatMap { [$0.name, $0.value] } + [posted.request.url, posted.request.id]
        }
      }, isWhole: false),
    Outlet(name: "webhook bodies", texts: { $0.posts.flatMap { Posts.strings(in: $0.request.body) } }, isWhole: false),
    // Nothing of the bulletin at all: not even what its reader may see.
    Outlet(
      name: "thin webhook bodies",
      texts: { $0.posts.filter(\.isThin).flatMap { Posts.strings(in: $0.request.body) } }, isWhole: false,
      saysNothing: true),
    Outlet(
      name: "full webhook bodies",
      texts: { delivered in
        let full = delivered.posts.filter { !$0.isThin && $0.format == .standard }
        return full.flatMap { Posts.strings(in: $0.request.body) }
      }, isWhole: false, isWholeWhenThere: true),
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
