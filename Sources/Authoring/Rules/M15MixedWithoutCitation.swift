// M15: LES or SSI together with other material in one portion, and no source cited. A warning: segregate the portions,
// so that a reader of the one is not kept from the other.

import Bulletins
import Markings

struct M15MixedWithoutCitation: Rule {
  static let id = "M15"

  func findings(in context: CheckContext) -> [Finding] {
    context.document.portions.compactMap { portion in
      guard portion.citations.isEmpty, canCite(portion.kind) else { return nil }
      let marks = portion.marks.compactMap(\.mark)
      let materials = Set(marks.flatMap(Self.materials))
      // A further mark with nothing of its own, (U), is other material too.
      let hasPlain = marks.contains { Self.materials($0).isEmpty }
      guard let strict = materials.intersection(["LES", "SSI"]).sorted().first, materials.count > 1 || hasPlain else {
        return nil
      }
      return finding(
        context, .warning, line: portion.line, "\(strict) mixed with other material in one portion, without a source",
        explanation: "Make a portion of each, or cite the source from which it comes together.")
    }
  }

  /// NOFORN and other limits say who may read, not what the material is.
  private static func materials(_ mark: Mark) -> Set<String> {
    let categories = mark.categories.map { $0.hasPrefix("SP-") ? String($0.dropFirst(3)) : $0 }
    return mark.controls.intersection(["FOUO", "DSEN", "FISA", "SBU", "LES", "SSI", "PCII"]).union(categories)
  }

  private func canCite(_ kind: Portion.Kind) -> Bool {
    switch kind {
    case .paragraph, .item, .quote, .figure, .footnote: true
    case .title, .shortTitle, .source, .heading, .orphan: false
    }
  }
}
