// Inline content: cmark-gfm's nodes to our own tree, with what the block's portion needs to know of it. Raw HTML is
// refused, links lead to http, https, mailto and tel only, and images stand alone in their paragraph or not at all.

import Bulletins
import Markings

/// What the inline content of one block says besides its words.
struct InlineFacts {
  /// Ids of sources, and labels of body footnotes, in order of appearance.
  var citations: [String] = []
  var footnotes: [String] = []
  /// Marks at the start of a later line, with that line in the parser's count.
  var laterMarks: [(reading: MarkReading, line: Int)] = []
  fileprivate var atLineStart = false
}

/// What `[^x]` means: filled before the body is read.
enum ReferenceTarget: Hashable {
  case source(String)
  case footnote(String)
  /// Nothing has this name; the portion cites a source that nobody knows.
  case nothing(String)

  var label: String {
    switch self {
    case .source(let label), .footnote(let label), .nothing(let label): label
    }
  }
}

struct InlineReader {
  /// Emphasis in emphasis deeper than this is refused.
  static let nestingLimit = 32

  let marks: MarkMemo
  /// By the number that cmark gives the definition, from 0.
  let targets: [ReferenceTarget]
  /// By label in lower case: what has one of them and is text nevertheless was escaped by its author.
  let known: [String: ReferenceTarget]
  /// Called with rule, message, hint and whether the file becomes invalid.
  var refused: [(message: String, hint: String, fatal: Bool)] = []
  /// Labels of references that lead nowhere.
  var unresolved: [String] = []

  mutating func read(_ block: MarkdownNode, _ facts: inout InlineFacts) -> [Inline] {
    read(block, &facts, depth: 0)
  }

  private mutating func read(_ parent: MarkdownNode, _ facts: inout InlineFacts, depth: Int) -> [Inline] {
    guard depth <= Self.nestingLimit else {
      refuse("emphasis and links nested deeper than \(Self.nestingLimit)", "write it with less of them")
      return []
    }
    var inlines: [Inline] = []
    var tagged = false
    for node in parent.children {
      let kind = node.kind
      if kind == .text {
        let (text, signs) = node.scannedLiteral
        if text.isEmpty { continue }
        if facts.atLineStart, signs.contains(.parenthesis) {
          let reading = marks.read(text)
          if reading.mark != nil { facts.laterMarks.append((reading, node.startLine)) }
        }
        facts.atLineStart = false
        if signs.contains(.control) { refuse("a control character", "remove it", fatal: true) }
        if signs.contains(.brace) { tagged = true }
        if signs.contains(.caret) { citeUnknown(References.labels(in: text, but: known), &facts) }
        inlines.append(.text(signs.contains(.control) ? References.withoutControls(text) : text))
        continue
      }
      facts.atLineStart = kind == .softBreak || kind == .lineBreak
      switch kind {
      case .softBreak: inlines.append(.softBreak)
      case .lineBreak: inlines.append(.lineBreak)
      case .code: inlines.append(.code(References.withoutControls(node.literal)))
      case .emphasis: inlines.append(.emphasis(read(node, &facts, depth: depth + 1)))
      case .strong: inlines.append(.strong(read(node, &facts, depth: depth + 1)))
      case .strikethrough: inlines.append(.strikethrough(read(node, &facts, depth: depth + 1)))
      case .link: inlines += link(node, &facts, depth: depth)
      case .image:
        refuse(
          "an image inside other text", "a figure stands alone in its paragraph: ![alt](file \"(U) caption\")",
          fatal: false)
        inlines += read(node, &facts, depth: depth + 1)
      case .footnoteReference: inlines += reference(node, &facts)
      default: refuse("raw HTML: `\(node.literal.prefix(40))`", "use Markdown; write &lt; for a less-than sign")
      }
      facts.atLineStart = kind == .softBreak || kind == .lineBreak
    }
    return tagged ? NamedPersons.grouped(inlines) : inlines
  }

  private mutating func link(_ node: MarkdownNode, _ facts: inout InlineFacts, depth: Int) -> [Inline] {
    let content = read(node, &facts, depth: depth + 1)
    let destination = node.destination
    if LinkTarget.isAllowed(destination) {
      return [
        .link(destination: destination, title: References.withoutControls(node.title), content)
      ]
    }
    // What the author wrote as bare text (`ftp://..`) stays text; what was written as a link is refused.
    if content != [.text(destination)] {
      refuse(
        "a link to `\(destination.prefix(60))`", "links lead to http, https, mailto or tel addresses", fatal: false)
    }
    return content
  }

  private mutating func reference(_ node: MarkdownNode, _ facts: inout InlineFacts) -> [Inline] {
    guard let number = Int(node.literal), targets.indices.contains(number - 1) else { return [] }
    switch targets[number - 1] {
    case .source(let id):
      facts.citations.append(id)
      return [.citation(id)]
    case .footnote(let label):
      facts.footnotes.append(label)
      return [.footnote(label)]
    case .nothing(let label):
      citeUnknown([label], &facts)
      return [.citation(label)]
    }
  }

  private mutating func citeUnknown(_ labels: [String], _ facts: inout InlineFacts) {
    unresolved += labels
    facts.citations += labels
  }

  private mutating func refuse(_ message: String, _ hint: String, fatal: Bool = true) {
    refused.append((message, hint, fatal))
  }
}

/// The schemes that a link may have; letters in any case, nothing hidden before them.
enum LinkTarget {
  static func isAllowed(_ destination: String) -> Bool {
    guard !destination.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) else { return false }
    for scheme in ["http://", "https://", "mailto:", "tel:"]
    where destination.utf8.count > scheme.utf8.count && destination.prefix(scheme.count).lowercased() == scheme {
      return true
    }
    return false
  }
}

enum References {
  /// Labels of `[^label]` in text that cmark left as it was, without the known ones.
  static func labels(in text: String, but known: [String: ReferenceTarget]) -> [String] {
    let bytes = Array(text.utf8)
    var labels: [String] = []
    var index = 0
    while index + 2 < bytes.count {
      guard bytes[index] == UInt8(ascii: "["), bytes[index + 1] == UInt8(ascii: "^") else {
        index += 1
        continue
      }
      var end = index + 2
      while end < bytes.count, bytes[end] != UInt8(ascii: "]"), bytes[end] != UInt8(ascii: "[") { end += 1 }
      if end < bytes.count, bytes[end] == UInt8(ascii: "]"), end > index + 2 {
        let label = String(decoding: bytes[index + 2..<end], as: UTF8.self)
        if known[label.lowercased()] == nil { labels.append(label) }
      }
      index = end
    }
    return labels
  }

  /// Control characters (also those that an entity such as `&#8;` stands for) become U+FFFD: no product may carry them.
  static func withoutControls(_ text: String) -> String {
    func isControl(_ value: UInt32) -> Bool { value < 0x20 && value != 0x09 && value != 0x0A || value == 0x7F }
    var text = text
    guard text.withUTF8({ $0.contains { isControl(UInt32($0)) } }) else { return text }
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { clean.append(isControl(scalar.value) ? "\u{FFFD}" : scalar) }
    return String(clean)
  }
}
