// A product's page as a PDF wants it. What a screen reader is told about a PDF comes from the names of elements alone:
// tables that only lay out would be read out as tables, and a picture's description is not passed on. So such a table
// becomes elements without a meaning that look the same (templates/layouts/pdf.css), and the description is printed.

extension Rendered {
  /// The page with images inline as data.
  package func paper() -> String { Self.page(Self.paper(html), images: images) }

  /// - Parameter html: a page of ours: `<` and `>` stand for nothing but the ends of tags outside comments.
  static func paper(_ html: String) -> String {
    var out = ""
    out.reserveCapacity(html.utf8.count + 1024)
    // Whether each open table, innermost last, only lays out.
    var layouts: [Bool] = []
    var rest = Substring(html)
    while let start = rest.firstIndex(of: "<") {
      out += rest[..<start]
      rest = rest[start...]
      if rest.hasPrefix("<!--") {
        guard let end = rest.firstRange(of: "-->") else { break }
        rest = rest[end.upperBound...]
        continue
      }
      guard let end = rest.firstIndex(of: ">") else { break }
      let tag = rest[...end]
      rest = rest[rest.index(after: end)...]
      let closes = tag.hasPrefix("</")
      let name = tag.dropFirst(closes ? 2 : 1).prefix { $0.isLetter || $0.isNumber }
      if name == "table", !closes { layouts.append(tag.contains("role=\"presentation\"")) }
      if parts.contains(name), layouts.last == true {
        out +=
          (closes ? "</lay-" : "<lay-") + tag.dropFirst(closes ? 2 : 1).replacing(" role=\"presentation\"", with: "")
      } else {
        out += tag
      }
      if name == "table", closes { _ = layouts.popLast() }
      if name == "img", let words = alternative(of: tag) {
        out += "<span class=\"alternative\">[Picture: \(words)]</span>"
      }
    }
    return out + rest
  }

  private static let parts: Set<Substring> = ["table", "thead", "tbody", "tfoot", "tr", "td"]

  /// Still escaped; nil for decoration.
  private static func alternative(of tag: Substring) -> Substring? {
    guard let start = tag.firstRange(of: " alt=\"") else { return nil }
    let words = tag[start.upperBound...].prefix { $0 != "\"" }
    return words.isEmpty ? nil : words
  }
}
