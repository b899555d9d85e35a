// Page skeletons and notice texts of the site, parsed once. The only importer of Mustache.
// Values come in ready (HTML already escaped, plain text already wrapped), so Mustache itself escapes nothing.
//
// A notice file is plain text: its first line is its name, the rest are paragraphs with blank lines between.

package import Markings
import Mustache

/// A layout or notice that cannot be used.
package struct LayoutProblem: Error, Hashable, Sendable {
  /// The file's stem: `product.html`, `fouo`.
  package var name: String
  package var message: String
  package var hint: String
}

package struct Layouts: Sendable {
  /// Products that carry no body: `templates/notices/cut.txt`, `expired.txt`, `recalled.txt`.
  package enum Why: String, Hashable, Sendable, CaseIterable { case cut, expired, recalled }

  enum Page: String, CaseIterable {
    case productHTML = "product.html"
    case productText = "product.txt"
    case noticeHTML = "notice.html"
    case noticeText = "notice.txt"
  }

  private var pages: [Page: MustacheTemplate] = [:]
  private var notices: [NoticeKind: MustacheTemplate] = [:]
  private var reasons: [Why: MustacheTemplate] = [:]

  /// - Parameters:
  ///   - pages: stem to text of `templates/layouts/STEM.mustache`: product.html, product.txt, notice.html, notice.txt.
  ///   - notices: stem to text of `templates/notices/STEM.txt`; unknown stems are left alone.
  /// - Throws: a page that is missing, or a text that Mustache does not accept.
  package init(pages: [String: String], notices: [String: String]) throws(LayoutProblem) {
    for page in Page.allCases {
      guard let text = pages[page.rawValue] else {
        throw LayoutProblem(
          name: page.rawValue, message: "the layout is missing",
          hint: "restore templates/layouts/\(page.rawValue).mustache")
      }
      self.pages[page] = try Self.parse(text, name: page.rawValue)
    }
    for (stem, text) in notices {
      if let kind = NoticeKind(rawValue: stem) { self.notices[kind] = try Self.parse(text, name: stem) }
      if let why = Why(rawValue: stem) { self.reasons[why] = try Self.parse(text, name: stem) }
    }
  }

  /// The kinds that have a text; a triggered notice without one fails the check (M10).
  package var noticeKinds: Set<NoticeKind> { Set(notices.keys) }

  private static func parse(_ text: String, name: String) throws(LayoutProblem) -> MustacheTemplate {
    do {
      return try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text)
    } catch {
      throw LayoutProblem(name: name, message: String(describing: error), hint: "close every section and every tag")
    }
  }

  func fill(_ page: Page, _ values: [String: String]) -> String { pages[page]?.render(values) ?? "" }

  func notice(_ kind: NoticeKind, _ values: [String: String]) -> FilledNotice? {
    notices[kind].map { FilledNotice($0.render(values)) }
  }

  func notice(_ why: Why, _ values: [String: String]) -> FilledNotice? {
    reasons[why].map { FilledNotice($0.render(values)) }
  }
}

/// A notice with its placeholders filled: words still to be escaped or wrapped.
struct FilledNotice {
  var name: String
  var paragraphs: [String]

  init(_ text: String) {
    var name = ""
    var paragraphs: [String] = []
    var current: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
      if name.isEmpty {
        name = words.joined(separator: " ")
      } else if words.isEmpty {
        if !current.isEmpty { paragraphs.append(current.joined(separator: " ")) }
        current = []
      } else {
        current += words
      }
    }
    if !current.isEmpty { paragraphs.append(current.joined(separator: " ")) }
    self.name = name
    self.paragraphs = paragraphs
  }
}
