// Collects the portions of a document while it is read, with the marks that give them their labels.

import Bulletins
import Markings

struct PortionList {
  private(set) var portions: [Portion] = []
  private(set) var marks: [MarkSite] = []

  /// - Parameter lines: of the file; a portion has about two.
  init(lines: Int) {
    portions.reserveCapacity(lines / 2 + 2)
    marks.reserveCapacity(lines / 2 + 2)
  }

  mutating func add(_ portion: Portion) -> Int {
    portions.append(portion)
    return portions.count - 1
  }

  subscript(index: Int) -> Portion { portions[index] }

  mutating func cite(_ found: InlineFacts, in index: Int) {
    for id in found.citations where !portions[index].citations.contains(id) { portions[index].citations.append(id) }
    for label in found.footnotes where !portions[index].footnotes.contains(label) {
      portions[index].footnotes.append(label)
    }
  }

  /// A mark that decisions join to the portion's own.
  mutating func join(_ mark: PortionMark, to index: Int) { portions[index].furtherMarks.append(mark) }

  mutating func inherit(from ancestor: Int, to index: Int) {
    portions[index].mark = portions[ancestor].mark
    portions[index].furtherMarks += portions[ancestor].furtherMarks
  }

  mutating func note(_ reading: MarkReading, _ role: MarkSite.Role, portion: Int?, line: Int, column: Int) {
    guard reading.mark != nil || !reading.problems.isEmpty else { return }
    marks.append(MarkSite(role: role, portion: portion, line: line, column: column, reading: reading))
  }

  /// Faults that marks alone make: a level above U anywhere, CUI beside legacy controls.
  var faults: Set<Fault> {
    var isSpilled = false
    var hasCUI = false
    var hasLegacy = false
    var seen: [PortionMark] = []
    func look(_ portion: PortionMark?) {
      // A bulletin has few different marks.
      guard let portion, !seen.contains(portion), let mark = portion.mark else { return }
      if seen.count < 16 { seen.append(portion) }
      if mark.level > .unclassified { isSpilled = true }
      switch mark.family {
      case .cui: hasCUI = true
      case .legacy:
        if !mark.controls.isEmpty || mark.releasableTo != nil || mark.displayOnly != nil { hasLegacy = true }
      }
    }
    for site in marks { look(site.reading.mark) }
    for portion in portions {
      look(portion.mark)
      portion.furtherMarks.forEach(look)
    }
    return (isSpilled ? [.spillage] : Set()).union(hasCUI && hasLegacy ? [.invalid] : [])
  }
}
