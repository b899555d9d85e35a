// What earlier issues published, as a small CSV: period, region, arrests. Region is a slug, or `state` for all. They are
// taken as they stand, `*` too; a small count in such a file is an error, since it cannot have been published.

import SiteFiles

package struct PublishedFigures: Sendable {
  private var cells: [OpioidTally.Pair: String] = [:]
  package init() {}

  /// - Throws: the first `FileProblem`.
  package init(csv bytes: [UInt8]) throws {
    for row in try NamedRows(bytes, columns: ["period", "region", "arrests"]).rows {
      let place = SourcePosition(line: row.line)
      guard Period(row["period"]) != nil else {
        throw FileProblem(.badValue, at: place, "`\(row["period"])` is no period", hint: "write 2026-Q2 or 2026-06")
      }
      let text = row["arrests"]
      if text != Suppression.sign {
        guard let count = Int(text), count >= 0 else {
          throw FileProblem(.badValue, at: place, "`\(text)` is no count")
        }
        if Suppression.small.contains(count) {
          throw FileProblem(.badValue, at: place, "a count from 1 to 4 cannot have been published")
        }
      }
      cells[OpioidTally.Pair(row["period"], row["region"])] = text
    }
  }

  /// nil when the file does not name it.
  package func text(_ period: Period, _ region: String) -> String? { cells[OpioidTally.Pair(period.name, region)] }
}
