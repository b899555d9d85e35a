// Page skeletons and notice texts of the site, parsed once.
// Values come in ready (HTML already escaped, plain text already wrapped), so Mustache itself escapes nothing.
//
// A notice file is plain text: its first line is its name, the rest are paragraphs with blank lines between.

package import Markings

/// A layout or notice that cannot be used.
package struct LayoutProblem: Error, Hashable, Sendable {
  /// The file's stem: `product.html`, `fouo`.
  package var name: String
  package var message: String
  package var hint: String
}

package struct Layouts: Sendable {
  /// Products that carry no body: `templates/notices/cut.txt`, `expired.txt`, `recalled.txt`, `withdrawn.txt`.
  package enum Why: String, Hashable, Sendable, CaseIterable { case cut, expired, recalled, withdrawn }

  enum Page: String, CaseIterable {
    case productHTML = "product.html"
    case productText = "product.txt"
    case noticeHTML = "notice.html"
    case noticeText = "notice.txt"
    case digestHTML = "digest.html"
    case digestText = "digest.txt"
  }

  private var pages: [Page: Skeleton] = [:]
  private var notices: [NoticeKind: Skeleton] = [:]
  private var reasons: [Why: Skeleton] = [:]

  /// - Parameters:
  ///   - pages: stem to text of `templates/layouts/STEM.mustache`: product, notice and digest, each `.html` and `.txt`.
  ///   - notices: stem to text of `templates/notices/STEM.txt`; unknown stems are left alone.
  /// - Throws: a page that is missing, a text that Mustache does not accept, or a notice that would say nothing.
  package init(pages: [String: String], notices: [String: String]) throws(LayoutProblem) {
    for page in Page.allCases {
      guard let text = pages[page.rawValue] else {
        throw LayoutProblem(
          name: page.rawValue, message: "the layout is missing",
          hint: "restore templates/layouts/\(page.rawValue).mustache")
      }
      self.pages[page] = try Self.parse(text, name: page.rawValue)
    }
    for (stem, text) in notices.sorted(by: { $0.key < $1.key }) {
      if let kind = NoticeKind(rawValue: stem) { self.notices[kind] = try Self.parseNotice(text, name: stem) }
      if let why = Why(rawValue: stem) { self.reasons[why] = try Self.parseNotice(text, name: stem) }
    }
  }

  /// The kinds that have a text; a triggered notice without one fails the check (M10).
  package var noticeKinds: Set<NoticeKind> { Set(notices.keys) }

  private static func parse(_ text: String, name: String) throws(LayoutProblem) -> Skeleton {
    do throws(SkeletonProblem) {
      return try Skeleton(text)
    } catch {
      throw LayoutProblem(
        name: name, message: "line \(error.line): \(error.message)", hint: "close every section and every tag")
    }
  }

  /// What templates/notices/README.md says that a notice may name.
  private static let noticeFields: [Field] = [
    .center, .series, .serial, .banner, .contact, .expires, .portal, .reason, .controlledBy, .pointOfContact,
    .categories, .controls, .noforn, .parts,
  ]

  /// A text with a name and words, whichever of its values are there: an empty notice would leave a product without
  /// it, and nobody would see that.
  private static func parseNotice(_ text: String, name: String) throws(LayoutProblem) -> Skeleton {
    let skeleton = try parse(text, name: name)
    let known = Set(noticeFields.map(\.rawValue))
    if let unknown = skeleton.unknownNames(known: known).min() {
      throw LayoutProblem(
        name: name, message: "`{{\(unknown)}}` stands for nothing",
        hint: "a notice has: \(noticeFields.map(\.rawValue).joined(separator: ", "))")
    }
    var everything = FieldValues()
    for field in noticeFields { everything[field] = "x" }
    for values in [FieldValues(), everything] {
      let filled = FilledNotice(skeleton.fill(values))
      guard filled.name.isEmpty || filled.paragraphs.isEmpty else { continue }
      throw LayoutProblem(
        name: name, message: filled.name.isEmpty ? "the notice is empty" : "the notice has a name and says nothing",
        hint: "write its name on the first line and its text below an empty line; what stands between {{#..}} and "
          + "{{/..}} alone is not enough")
    }
    return skeleton
  }

  func fill(_ page: Page, _ values: FieldValues) -> String { pages[page]?.fill(values) ?? "" }

  func notice(_ kind: NoticeKind, _ values: FieldValues) -> FilledNotice? {
    notices[kind].map { FilledNotice($0.fill(values)) }
  }

  func notice(_ why: Why, _ values: FieldValues) -> FilledNotice? {
    reasons[why].map { FilledNotice($0.fill(values)) }
  }
}

/// A notice with its placeholders filled: words still to be escaped or wrapped.
struct FilledNotice {
  var name = ""
  var paragraphs: [String] = []

  init(name: String, paragraphs: [String]) {
    self.name = name
    self.paragraphs = paragraphs
  }

  /// The first line that is not empty is the name; empty lines part paragraphs; runs of spaces are one.
  init(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var current: [UInt8] = []
      var lineIsEmpty = true
      func close(_ notice: inout FilledNotice) {
        if current.last == 0x20 { current.removeLast() }
        guard !current.isEmpty else { return }
        let words = String(decoding: current, as: UTF8.self)
        if notice.name.isEmpty { notice.name = words } else { notice.paragraphs.append(words) }
        current.removeAll(keepingCapacity: true)
      }
      for byte in bytes {
        switch byte {
        case 0x0A:
          if lineIsEmpty || name.isEmpty { close(&self) }
          lineIsEmpty = true
          if !current.isEmpty && current.last != 0x20 { current.append(0x20) }
        case 0x20, 0x09, 0x0D: if !current.isEmpty && current.last != 0x20 { current.append(0x20) }
        default:
          lineIsEmpty = false
          current.append(byte)
        }
      }
      close(&self)
    }
  }
}
