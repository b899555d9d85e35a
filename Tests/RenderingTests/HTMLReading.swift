// A strict reader of the HTML that we write, independent of the writer: elements, attributes, words.
// It accepts far less than a browser, so that whatever passes has no second meaning.

import Foundation

struct HTMLReading {
  struct Element {
    var name: String
    var attributes: [String: String]
  }
  var elements: [Element] = []
  /// What a reader of the page has before the eyes, in the conventions of the plain text.
  var words: [String] = []
  var problems: [String] = []
  /// Destinations of links whose words are not the address itself.
  var links: [String] = []

  static let known: Set<String> = [
    "html", "head", "meta", "title", "style", "body", "div", "table", "thead", "tbody", "tfoot", "tr", "td", "th",
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "a",
    "sup", "span", "br", "hr", "img", "figure", "figcaption",
  ]
  static let empty: Set<String> = ["meta", "br", "hr", "img"]
  static let attributes: Set<String> = [
    "style", "class", "role", "href", "src", "alt", "width", "height", "scope", "id", "value", "start", "lang",
    "charset", "name", "content", "aria-hidden", "aria-label", "aria-labelledby", "tabindex",
  ]

  init(_ html: String) {
    var open: [(name: String, at: Int, element: Element)] = []
    var buffer = ""
    var numbers: [Int?] = []
    var rest = Substring(html)
    if rest.hasPrefix("<!doctype html>") { rest = rest.dropFirst(15) } else { problems.append("no doctype") }
    func inside(_ name: String) -> Bool { open.contains { $0.name == name } }
    while let start = rest.firstIndex(where: { $0 == "<" }) {
      let text = rest[..<start]
      if !inside("head") && !open.contains(where: { Self.isHidden($0.element) }) {
        buffer += Self.decoded(text, &problems)
      }
      if text.contains(">") && !inside("style") { problems.append("bare > in \(text)") }
      rest = rest[start...]
      if rest.hasPrefix("<!--") {
        guard let end = rest.range(of: "-->") else { break }
        rest = rest[end.upperBound...]
        continue
      }
      guard let end = rest.firstIndex(of: ">") else {
        problems.append("unclosed tag")
        break
      }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        guard let last = open.popLast(), last.name == tag.dropFirst() else {
          problems.append("misnested \(tag)")
          break
        }
        close(last.name, last.element, from: last.at, &buffer, &numbers, inPre: inside("pre"))
        continue
      }
      let element = Self.element(tag, &problems)
      elements.append(element)
      if Self.known.contains(element.name) == false { problems.append("element \(element.name)") }
      switch element.name {
      case "img": if let alt = element.attributes["alt"], !alt.isEmpty { buffer += " [Picture: \(alt)] " }
      case "hr": buffer += " * * * "
      case "ol": numbers.append(element.attributes["start"].flatMap { Int($0) } ?? 1)
      case "ul": numbers.append(nil)
      case "li":
        if let last = numbers.last, let number = last {
          let shown = element.attributes["value"].flatMap { Int($0) } ?? number
          buffer += " \(shown). "
          numbers[numbers.count - 1] = shown + 1
        } else {
          buffer += " - "
        }
      case "sup": buffer += "["
      default: break
      }
      if !["a", "em", "strong", "s", "sup", "code", "span", "html"].contains(element.name) { buffer += " " }
      if !Self.empty.contains(element.name) { open.append((element.name, buffer.count, element)) }
    }
    if !open.isEmpty { problems.append("left open: \(open.map(\.name))") }
    words = Self.normalized(buffer)
  }

  private mutating func close(
    _ name: String, _ element: Element, from at: Int, _ buffer: inout String, _ numbers: inout [Int?], inPre: Bool
  ) {
    switch name {
    case "ol", "ul": numbers.removeLast()
    case "sup": buffer += "]"
    case "a":
      guard let href = element.attributes["href"], !href.hasPrefix("#") else { return }
      let words = Self.normalized(String(buffer.dropFirst(at))).joined(separator: " ")
      let address = href.drop { $0 != ":" }.dropFirst()
      // A phone number's link has no spaces.
      if words != href && words != address && words.replacing(" ", with: "") != address {
        if !links.contains(href) { links.append(href) }
        buffer += " [link \((links.firstIndex(of: href) ?? 0) + 1)] "
      }
    case "em", "strong", "s", "code", "span": break
    default: buffer += " "
    }
  }

  /// Decoration, or shown on paper alone.
  private static func isHidden(_ element: Element) -> Bool {
    element.attributes["aria-hidden"] == "true" || element.attributes["class"] == "onprint"
  }

  private static func element(_ tag: Substring, _ problems: inout [String]) -> Element {
    let name = tag.prefix { $0 != " " }
    var attributes: [String: String] = [:]
    var rest = tag.dropFirst(name.count)
    while rest.first == " " {
      rest = rest.dropFirst()
      guard let equals = rest.firstIndex(of: "=") else {
        problems.append("attribute without value: \(rest)")
        break
      }
      let key = String(rest[..<equals])
      let value = rest[rest.index(equals, offsetBy: 2)...]
      guard rest[rest.index(after: equals)] == "\"", let end = value.firstIndex(of: "\"") else {
        problems.append("unquoted \(key)")
        break
      }
      if !Self.attributes.contains(key) || attributes[key] != nil { problems.append("attribute \(key)") }
      attributes[key] = decoded(value[..<end], &problems)
      rest = value[value.index(after: end)...]
    }
    if !rest.isEmpty { problems.append("rest of tag: \(rest)") }
    return Element(name: String(name), attributes: attributes)
  }

  private static func decoded(_ text: Substring, _ problems: inout [String]) -> String {
    var out = ""
    var rest = text
    while let ampersand = rest.firstIndex(of: "&") {
      out += rest[..<ampersand]
      rest = rest[ampersand...]
      let entities = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'"]
      guard let entity = entities.first(where: { rest.hasPrefix($0.key) }) else {
        problems.append("bare ampersand: \(rest.prefix(20))")
        out.append("&")
        rest = rest.dropFirst()
        continue
      }
      out += entity.value
      rest = rest.dropFirst(entity.key.count)
    }
    return out + rest
  }

  /// Words without what marks emphasis, code and labels.
  static func normalized(_ text: String) -> [String] {
    text.split { $0.isWhitespace }.map { word in
      let stripped = word.filter { !"*_~`|".contains($0) }
      return stripped.hasSuffix(":") ? String(stripped.dropLast()) : stripped
    }.filter { !$0.isEmpty }
  }

  /// The words of a plain text: without underlines, bars of quotes and the list of links.
  static func words(ofText text: String) -> [String] {
    var lines: [Substring] = []
    var inLinks = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "Links" { inLinks = true }
      if inLinks {
        // Ends at the first line that is neither the heading nor an entry.
        if line.isEmpty || line == "Links" || line.allSatisfy({ $0 == "-" })
          || line.first.map({ $0.isNumber || $0 == " " }) == true && !line.contains("UNCLASSIFIED")
            && !line.contains("TLP:")
        {
          continue
        }
        inLinks = false
      }
      if !line.isEmpty, line.allSatisfy({ "-=. |".contains($0) }) { continue }
      lines.append(line)
    }
    return normalized(lines.joined(separator: "\n"))
  }
}
