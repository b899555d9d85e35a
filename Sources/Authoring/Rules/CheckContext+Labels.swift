// Labels of portions as the check compares them: what the marks alone demand, as if every proposed foreign release
// were granted, so that a mark with REL TO counts as opener than one without. Decisions are made by Distribution.

import Bulletins
import Markings

extension CheckContext {
  /// Of the marks alone: the portion's own and those joined to it. Unmarked and unknown are TOP.
  func label(of index: Int) -> Label {
    let portion = document.portions[index]
    guard portion.mark != nil else { return .top(.unmarked) }
    let marks = portion.marks
    let basis = basis(marks)
    return Label.join(marks.map { $0.label(basis: basis) })
  }

  /// With the clauses around the portion and criminal intelligence.
  func fullLabel(of index: Int) -> Label {
    let portion = document.portions[index]
    let p23Sources = Set(frontMatter.sources.filter(\.p23).map(\.id))
    let isP23 = portion.p23 || !p23Sources.isDisjoint(with: portion.citations)
    return label(of: index).joined(
      Label(atoms: isP23 ? [.criminalIntelligence] : [], clauses: Set(portion.clauses)))
  }

  /// Neither an unknown token nor a level above U: those have findings of their own.
  func isComparable(_ index: Int) -> Bool {
    let label = label(of: index)
    return !label.isTop && label.level == .unclassified
  }

  /// The portion's mark as it is written in messages.
  func text(of index: Int) -> String { document.portions[index].mark?.text ?? "unmarked" }

  private func basis(_ marks: [PortionMark]) -> ReleaseBasis {
    // In scheme tlp a TLP mark alone is for partners, CLEAR for everybody.
    let isLightAlone = frontMatter.scheme == .tlp && marks.allSatisfy { $0.mark == nil }
    let base: ReleaseBasis.Base =
      !isLightAlone ? .government : marks.allSatisfy { $0.trafficLight == .clear } ? .open : .partner
    return ReleaseBasis(base: base, foreign: releasable)
  }
}
