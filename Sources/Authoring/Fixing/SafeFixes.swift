// `--fix`: applies the fixes that a rule calls safe, one by one, and keeps each only when the bulletin that it leaves
// says no less of who may read what. That a rule calls a fix safe is not enough: the bulletin is read again.

import Bulletins
import Markings

package enum SafeFixes {
  package struct Applied: Hashable, Sendable {
    package var rule: String
    package var line: Int
    package var old: String
    package var new: String
  }

  package struct Outcome: Sendable {
    package var bytes: [UInt8]
    package var applied: [Applied]
  }

  /// More than any bulletin of a sane size needs; a rule whose fix gives rise to another of its own ends here.
  private static let most = 1_000

  /// Applied again to its own outcome it changes nothing.
  /// - Parameter context: reads bytes as the bulletin that is being mended, with the site around it.
  package static func apply(to bytes: [UInt8], context: ([UInt8]) -> CheckContext) -> Outcome {
    var now = context(bytes)
    var outcome = Outcome(bytes: bytes, applied: [])
    var refused: Set<Finding.Fix> = []
    while outcome.applied.count < most {
      let fixes = BulletinCheck.findings(in: now).filter { $0.fix?.safe == true }
      guard
        let (finding, fix) = fixes.lazy.compactMap({ finding in finding.fix.map { (finding, $0) } })
          .first(where: { !refused.contains($0.1) })
      else { break }
      guard let old = fix.replacing, let new = fix.replacement,
        let mended = replaced(old, new, line: fix.line, column: finding.place.column, in: now.bulletin.source)
      else {
        refused.insert(fix)
        continue
      }
      let next = context(mended)
      guard isHarmless(finding.rule, next, now) else {
        refused.insert(fix)
        continue
      }
      outcome.bytes = mended
      outcome.applied.append(Applied(rule: finding.rule, line: fix.line, old: old, new: new))
      now = next
      // Columns moved: what was refused on the line before may be another text now.
      refused = refused.filter { $0.line != fix.line }
    }
    return outcome
  }

  /// The first place of a text on a line, from a column on where it is there, else from the line's beginning.
  private static func replaced(
    _ old: String, _ new: String, line: Int, column: Int, in source: SourceText
  ) -> [UInt8]? {
    guard !old.isEmpty, old != new else { return nil }
    let range = source.range(line)
    let wanted = Array(old.utf8)
    guard range.count >= wanted.count else { return nil }
    let starts = (range.lowerBound...(range.upperBound - wanted.count)).filter { start in
      source.bytes[start] == wanted[0] && source.bytes[start..<start + wanted.count].elementsEqual(wanted)
    }
    let start =
      starts.first { source.column(line: line, byte: $0 - range.lowerBound + 1) >= column } ?? starts.first
    guard let start else { return nil }
    var bytes = source.bytes
    bytes.replaceSubrange(start..<start + wanted.count, with: Array(new.utf8))
    return bytes
  }

  /// The same portions, each read by nobody who might not have read it before, and no fault more.
  private static func isHarmless(_ rule: String, _ new: CheckContext, _ old: CheckContext) -> Bool {
    guard new.document.faults.isSubset(of: old.document.faults) else { return false }
    // Quotes around a value that YAML cut or could not read: there is nothing to compare with, and no mark changes.
    if rule == "F03" { return true }
    guard new.document.portions.count == old.document.portions.count else { return false }
    return old.document.portions.indices.allSatisfy { index in
      let before = old.fullLabel(of: index)
      let after = new.fullLabel(of: index)
      // What nobody could read before stays so.
      if before.isTop { return after.isTop }
      return !after.isTop && before.level <= after.level && before.isAtMost(after, under: old.order)
    }
  }
}
