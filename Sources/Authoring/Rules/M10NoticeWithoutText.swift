// M10: a notice that some portion or gate of the bulletin triggers has no text in templates/notices/.

import Bulletins
import Markings

struct M10NoticeWithoutText: Rule {
  static let id = "M10"

  func findings(in context: CheckContext) -> [Finding] {
    triggered(in: context).sorted { $0.key < $1.key }
      .filter { !context.noticeTexts.contains($0.key) }
      .map { kind, line in
        finding(
          context, line: line, "the notice `\(kind.rawValue)` is triggered here and has no text",
          explanation: "A product must carry it. Write templates/notices/\(kind.rawValue).txt.")
      }
  }

  /// Each notice with the line of what triggers it first.
  private func triggered(in context: CheckContext) -> [NoticeKind: Int] {
    let front = context.frontMatter
    var lines: [NoticeKind: Int] = [:]
    var noforn: Int?
    for portion in context.document.portions {
      for kind in NoticeKind.triggered(by: portion.marks) where lines[kind] == nil { lines[kind] = portion.line }
      // Where another portion is LES, a product of both says LES NOFORN.
      if noforn == nil, portion.marks.contains(where: { $0.mark?.isNoforn == true }) { noforn = portion.line }
      if portion.p23, lines[.criminalIntelligence] == nil { lines[.criminalIntelligence] = portion.line }
    }
    if let noforn, lines[.les] != nil, lines[.lesNoforn] == nil { lines[.lesNoforn] = noforn }
    if front.gates[.p23]?.value == true, lines[.criminalIntelligence] == nil {
      lines[.criminalIntelligence] = context.line(of: "p23")
    }
    if front.gates[.usPersons]?.value == true { lines[.usPersons] = context.line(of: "us-persons") }
    if front.privateRelease { lines[.privateSector] = context.line(of: "private-release") }
    if front.expires != nil { lines[.retention] = context.line(of: "expires") }
    return lines
  }
}
