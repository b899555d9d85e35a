// What a mail says to a person: the first text of the mail itself, as lines. HTML alone is read without its tags, as
// far as words and addresses go; nothing is rendered.

struct HumanText {
  /// As written, without what surrounds them.
  var lines: [[UInt8]]
  /// The same in lower case.
  var lower: [[UInt8]]
  /// All of it in lower case, line ends included.
  var whole: [UInt8]

  private static let mostBytes = 32 << 10
  private static let mostLines = 500

  init(_ mail: ReceivedMail) {
    let own = mail.parts.lazy.filter { $0.kind == .leaf && $0.messages == 1 && !$0.content.isEmpty }
    let text: [UInt8]
    if let plain = own.first(where: { $0.type == "text/plain" || $0.type.isEmpty }) {
      text = Array(plain.content.prefix(Self.mostBytes))
    } else if let html = own.first(where: { $0.type == "text/html" }) {
      text = Self.words(of: html.content.prefix(Self.mostBytes * 2))
    } else {
      text = []
    }
    lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(Self.mostLines).map {
      Array($0.last == 0x0D ? $0.dropLast() : $0)
    }
    lower = lines.map(\.lowercased)
    whole = text.lowercased
  }

  /// Tags become nothing, or a line's end where a block ends; the usual entities become their characters.
  static func words(of html: some Sequence<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    var tag: [UInt8]?
    var entity: [UInt8]?
    var hidden = false
    for byte in html {
      if let name = tag {
        if byte != 0x3E {
          if name.count < 12 { tag = name + [byte] }
          continue
        }
        tag = nil
        let lower = name.lowercased
        if opening.begins(lower) { hidden = true }
        if closing.begins(lower) { hidden = false }
        if blocks.begins(lower) { out.append(0x0A) }
        continue
      }
      if byte == 0x3C {
        tag = []
        entity = nil
        continue
      }
      if hidden { continue }
      if let name = entity {
        if byte == 0x3B {
          out += entities[String(decoding: name, as: UTF8.self)] ?? [0x20]
          entity = nil
          continue
        }
        if name.count < 6, isLetterOrDigit(byte) || byte == 0x23 {
          entity = name + [byte]
          continue
        }
        out += [0x26] + name
        entity = nil
      }
      if byte == 0x26 { entity = [] } else { out.append(byte == 0x0D || byte == 0x0A ? 0x20 : byte) }
    }
    return out
  }

  private static let opening = WordSet("style", "script", "head", "title")
  private static let closing = WordSet("/style", "/script", "/head", "/title")
  private static let blocks = WordSet(
    "br", "p", "/p", "div", "/div", "tr", "/tr", "li", "h1", "h2", "h3", "table", "pre", "/pre")
  private static let entities: [String: [UInt8]] = [
    "lt": [0x3C], "gt": [0x3E], "amp": [0x26], "quot": [0x22], "#39": [0x27], "apos": [0x27], "nbsp": [0x20],
    "#60": [0x3C], "#62": [0x3E], "#64": [0x40],
  ]
}
