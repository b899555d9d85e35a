// The product inside its page: what a feed carries where a page of its own has no place. The site's layout decides how it
// looks; what only a whole page can have (head, style sheets, comments for mail programs) is left out.

import Foundation

extension Rendered {
  /// Elements that may stand in a `<div>`: styles inline, pictures as data. Each picture once, in the form that mail
  /// carries: programs that show feeds leave out drawings (SVG).
  package func fragment() -> String {
    Self.page(Self.fragment(html), images: mailImages)
  }

  /// - Parameter html: a page of ours: `<` and `>` stand for nothing but the ends of tags outside comments and styles.
  static func fragment(_ html: String) -> String {
    var body = Substring(html)
    if let start = body.firstRange(of: "<body"), let end = body[start.upperBound...].firstIndex(of: ">") {
      body = body[body.index(after: end)...]
    }
    if let end = body.lastRange(of: "</body>") { body = body[..<end.lowerBound] }
    for (start, end) in [("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>"), ("<head", "</head>")] {
      body = Substring(without(body, from: start, through: end))
    }
    return without(without(body, from: "<!doctype", through: ">")[...], from: "<html", through: ">")
      .replacingOccurrences(of: "</html>", with: "").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func without(_ text: Substring, from start: String, through end: String) -> String {
    var out = ""
    var rest = text
    while let found = rest.firstRange(of: start) {
      out += rest[..<found.lowerBound]
      guard let close = rest[found.upperBound...].firstRange(of: end) else { return out }
      rest = rest[close.upperBound...]
    }
    return out + rest
  }
}

extension Substring {
  fileprivate func lastRange(of text: String) -> Range<Index>? { range(of: text, options: .backwards) }
}
