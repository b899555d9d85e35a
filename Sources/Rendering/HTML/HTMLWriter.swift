// The one place where text becomes HTML. Only literals of this program enter unescaped (`StaticString` can be
// nothing else); every other value passes `text`, which is safe in content and in quoted attributes.

/// HTML that was made by an `HTMLWriter`.
struct HTML {
  fileprivate(set) var bytes: [UInt8] = []
  var string: String { String(decoding: bytes, as: UTF8.self) }
}

struct HTMLWriter {
  private(set) var html = HTML()

  init(capacity: Int = 0) { html.bytes.reserveCapacity(capacity) }

  @inline(__always)
  mutating func raw(_ literal: StaticString) { html.bytes.appendLiteral(literal) }
  mutating func number(_ number: Int) { html.bytes.appendNumber(number) }
  mutating func html(_ other: HTML) { html.bytes.append(contentsOf: other.bytes) }
  mutating func slot() { html.bytes.append(contentsOf: repeatElement(Rendered.slotByte, count: Rendered.slotWidth)) }

  /// Escaped and cleaned.
  mutating func text(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      var index = 0
      let count = bytes.count
      while index < count {
        let byte = bytes[index]
        let replacement: StaticString
        var length = 1
        switch byte {
        case 0x26: replacement = "&amp;"
        case 0x3C: replacement = "&lt;"
        case 0x3E: replacement = "&gt;"
        case 0x22: replacement = "&quot;"
        case 0x27: replacement = "&#39;"
        case 0x20..<0x7F, 0x0A, 0x09:
          index += 1
          continue
        default:
          length = uncleanLength(bytes, at: index)
          if length == 0 {
            index += 1
            continue
          }
          replacement = ""
        }
        html.bytes.append(contentsOf: bytes[start..<index])
        html.bytes.appendLiteral(replacement)
        index += length
        start = index
      }
      html.bytes.append(contentsOf: bytes[min(start, count)..<count])
    }
  }
}

/// A text as HTML, for the values of a layout.
func escaped(_ text: String) -> String {
  var writer = HTMLWriter()
  writer.text(text)
  return writer.html.string
}

/// Destinations that a product links to; a link to anything else is printed as its words.
func isAllowedDestination(_ destination: String) -> Bool {
  let lower = destination.prefix(8).lowercased()
  return ["http://", "https://", "mailto:", "tel:"].contains { lower.hasPrefix($0) }
    && !destination.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
}
