// M13: SSI or PCII that no originator entitled to mark it stands behind. A center carries them forward and does not
// originate them; an organization with `may-originate` may (49 CFR 1520, 6 CFR 29).

import Bulletins
import Markings

struct M13OriginatedHere: Rule {
  static let id = "M13"

  func findings(in context: CheckContext) -> [Finding] {
    context.document.portions.flatMap { portion -> [Finding] in
      let marks = portion.marks
      return Controlled.allCases.compactMap { kind in
        guard marks.contains(where: kind.isIn), !isEntitled(portion, kind, context) else { return nil }
        return finding(
          context, line: portion.line, "\(kind.name) that no entitled originator stands behind",
          explanation: "The center carries \(kind.name) forward and does not originate it: cite the source whose "
            + "originator has `may-originate: [\(kind.rawValue)]`, or mark it otherwise.")
      }
    }
  }

  private enum Controlled: String, CaseIterable {
    case ssi, pcii
    var name: String { rawValue.uppercased() }
    func isIn(_ mark: PortionMark) -> Bool {
      mark.mark?.controls.contains(name) == true || mark.mark?.categories.contains("SP-" + name) == true
    }
  }

  private func isEntitled(_ portion: Portion, _ kind: Controlled, _ context: CheckContext) -> Bool {
    let sources: [SourceEntry] =
      switch portion.kind {
      case .source(let id): context.frontMatter.sources.filter { $0.id == id }
      // Titles and headings cite nothing: any source of the bulletin may stand behind them.
      case .title, .shortTitle, .heading: context.frontMatter.sources
      default: context.frontMatter.sources.filter { portion.citations.contains($0.id) }
      }
    // Who may originate what nobody knows then; the file that cannot be read has a finding of its own.
    guard context.vocabulary.ids(.organization) != nil else { return true }
    let originators = sources.map { $0.originator ?? context.site.id } + [context.site.id]
    return originators.contains { context.vocabulary.organizations[$0]?.contains(kind.rawValue) == true }
  }
}
