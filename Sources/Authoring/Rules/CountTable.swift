// A table of text with its counts found: columns of whole numbers that are no years, ranks, shares or rates, and the row
// or column in which they are summed. What is no count beside counts is passed over by itself: one word in a column must
// not hide the counts above and below it from the check.

struct CountTable {
  struct Cell: Hashable {
    var row: Int
    var column: Int
    var value: Int
  }

  let header: [String]
  private let rows: [[String]]
  /// Rows in bold: sums of those above or below them.
  private let subtotals: Set<Int>
  /// By column of counts, what stands in each row.
  private let cells: [Int: [CountCell]]
  /// By column of counts, the value of each row; nil where there is none.
  private let counts: [Int: [Int?]]

  /// - Parameters:
  ///   - columns: names of the columns that are looked at; nil: all but the first, which says what a row is about.
  ///   - subtotals: rows that stand out as sums without a word that says so.
  init(header: [String], rows: [[String]], columns: Set<String>? = nil, subtotals: Set<Int> = []) {
    self.header = header
    self.subtotals = subtotals
    self.rows = rows
    var cells: [Int: [CountCell]] = [:]
    for column in header.indices
    where columns.map({ $0.contains(header[column]) }) ?? (column > 0) && !Self.isMeasure(header[column]) {
      let read = CountCell.column(rows.map { $0.indices.contains(column) ? $0[column] : "" })
      if read.contains(where: { $0.value != nil }) { cells[column] = read }
    }
    self.cells = cells
    counts = cells.mapValues { $0.map(\.value) }
  }

  /// Counts of 1 to 4, row by row.
  var small: [Cell] {
    counts.flatMap { column, values in
      values.enumerated().compactMap { row, value in
        value.flatMap { (1...4).contains($0) ? Cell(row: row, column: column, value: $0) : nil }
      }
    }.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
  }

  /// A total that gives hidden counts of its column or row back.
  struct Disclosure: Hashable {
    var total: Cell
    /// One with the value that follows, 1 to 4; or several, with what they come to together.
    var hidden: [Cell]
  }

  /// What is subtracted is a count that is printed; words among the parts, and nothing follows.
  var disclosures: [Disclosure] {
    let totalColumns = cells.keys.filter { Self.isTotal(header[$0]) }
    let parts = cells.keys.filter { !totalColumns.contains($0) }.sorted()
    let below = rows.indices.filter(isSum).flatMap { row in
      partsOf(row).flatMap { parts in
        cells.keys.compactMap { column in disclosure(by: (row, column), of: parts.map { ($0, column) }) }
      }
    }
    let beside = totalColumns.flatMap { column in
      rows.indices.compactMap { row in disclosure(by: (row, column), of: parts.map { (row, $0) }) }
    }
    return Set(below + beside).sorted {
      ($0.total.row, $0.total.column, $0.hidden[0].row) < ($1.total.row, $1.total.column, $1.hidden[0].row)
    }
  }

  /// A total by its label, or a row in bold.
  private func isSum(_ row: Int) -> Bool { subtotals.contains(row) || Self.isTotal(rows[row].first ?? "") }

  /// The rows that a sum may be of: those right above it or right below it, up to the next sum; for a total, all.
  private func partsOf(_ row: Int) -> Set<[Int]> {
    let all = rows.indices.filter { !isSum($0) }
    let above = Array(rows[..<row].indices.reversed().prefix { !isSum($0) }.reversed())
    let below = Array(rows.indices.dropFirst(row + 1).prefix { !isSum($0) })
    return Set([above, below] + (Self.isTotal(rows[row].first ?? "") ? [all] : []))
  }

  /// One hidden count follows; of several it is known that each is one, but for one person at most.
  private func disclosure(by total: (row: Int, column: Int), of parts: [(row: Int, column: Int)]) -> Disclosure? {
    guard parts.count > 1, let sum = cells[total.column]?[total.row].value else { return nil }
    var rest = sum
    var hidden: [(row: Int, column: Int)] = []
    for part in parts {
      switch cells[part.column]?[part.row] {
      case .count(let value): rest -= value
      case .hidden: hidden.append(part)
      default: return nil
      }
    }
    guard !hidden.isEmpty, hidden.count == 1 ? (1...4).contains(rest) : (0...1).contains(rest - hidden.count) else {
      return nil
    }
    return Disclosure(
      total: Cell(row: total.row, column: total.column, value: sum),
      hidden: hidden.map { Cell(row: $0.row, column: $0.column, value: rest) })
  }

  /// What a disclosure tells.
  func words(_ disclosure: Disclosure) -> String {
    let hidden = disclosure.hidden
    if hidden.count == 1 { return "a hidden count back: \(name(hidden[0]))" }
    return "\(hidden.count) hidden counts back: \(hidden[0].value) together ("
      + hidden.map { "\(rows[$0.row].first ?? ""), \(header[$0.column])" }.joined(separator: "; ") + ")"
  }

  /// A share or a change that is printed in the row of a hidden count, and gives it back.
  struct Telltale: Hashable {
    var row: Int
    var column: Int
    /// The column of the hidden count.
    var hidden: Int
  }

  /// A share, where another row has both it and the count; a change, between the hidden count and one that is printed.
  var telltales: [Telltale] {
    header.indices.flatMap { column -> [Telltale] in
      let words = WordScan.words(header[column]).map(\.lower)
      let isShare = header[column].contains("%") || !Self.shares.isDisjoint(with: words)
      let isChange = !Self.changes.isDisjoint(with: words)
      let left = cells.keys.filter { $0 < column }.sorted()
      guard isShare || isChange, cells[column] == nil, let last = left.last else { return [] }
      func says(_ row: Int) -> Bool {
        let text = rows[row].indices.contains(column) ? rows[row][column].trimmed : ""
        return text.first.map { "+-\u{2212}\u{2013}~".contains($0) || $0.isNumber } ?? false
          && text.contains { ("1"..."9").contains($0) }
      }
      let isKnown = rows.indices.contains { says($0) && (counts[last]?[$0] ?? 0) > 0 }
      return rows.indices.compactMap { row in
        guard says(row), !isSum(row) else { return nil }
        if isChange {
          guard left.count > 1 else { return nil }
          let pair = left.suffix(2).filter { isSuppressed(row, $0) }
          let isPrinted = left.suffix(2).contains { counts[$0]?[row] != nil }
          return pair.count == 1 && isPrinted ? Telltale(row: row, column: column, hidden: pair[0]) : nil
        }
        return isKnown && isSuppressed(row, last) ? Telltale(row: row, column: column, hidden: last) : nil
      }
    }
  }

  /// Hidden by a sign that says so; a dash or nothing at all is as often a zero.
  private func isSuppressed(_ row: Int, _ column: Int) -> Bool {
    guard cells[column]?[row] == .hidden else { return false }
    return rows[row][column].contains { !"-\u{2013}\u{2014} ".contains($0) }
  }

  /// What to hide beside a count that a total gives back.
  func proposal(for disclosure: Disclosure) -> String {
    let isBelow = disclosure.total.column == disclosure.hidden[0].column
    let others: [(row: Int, column: Int)] =
      isBelow
      ? rows.indices.filter { !isSum($0) }.map { ($0, disclosure.total.column) }
      : cells.keys.filter { !Self.isTotal(header[$0]) }.map { (disclosure.total.row, $0) }
    return smallest(others).map { "suppress \(name($0)) too" } ?? "suppress the total"
  }

  /// What to hide for a small count: itself, and the smallest other counts by which a total would give it back.
  func proposal(for cell: Cell) -> String {
    var others: [Cell] = []
    let below = rowTotal(of: cell.column).flatMap { total in
      cell.row == total
        ? nil : smallest(rows.indices.filter { $0 != cell.row && $0 != total }.map { ($0, cell.column) })
    }
    let beside = columnTotal(of: cell.row).flatMap { total in
      cell.column == total
        ? nil : smallest(counts.keys.filter { $0 != cell.column && $0 != total }.map { (cell.row, $0) })
    }
    if let below { others.append(below) }
    if let beside { others.append(beside) }
    // The fourth corner: the totals of the other row and column would give these back.
    if let below, let beside, let value = counts[beside.column]?[below.row] {
      others.append(Cell(row: below.row, column: beside.column, value: value))
    }
    let itself = "suppress it"
    if others.isEmpty { return itself + "; no total of this table gives it back" }
    return itself + ", and with it " + others.map(name).joined(separator: ", ")
  }

  func name(_ cell: Cell) -> String {
    "\(cell.value) (\(rows[cell.row].first ?? ""), \(header[cell.column]))"
  }

  /// Zeros are printed and hide nothing.
  private func smallest(_ places: [(row: Int, column: Int)]) -> Cell? {
    places.compactMap { row, column in
      counts[column].flatMap { $0.indices.contains(row) ? $0[row] : nil }
        .flatMap { $0 > 0 ? Cell(row: row, column: column, value: $0) : nil }
    }.min { ($0.value, $0.row, $0.column) < ($1.value, $1.row, $1.column) }
  }

  /// The row that is the sum of the others, in a column; hidden counts are at most 4 each.
  private func rowTotal(of column: Int) -> Int? {
    guard let values = counts[column] else { return nil }
    return values.indices.first { row in
      guard let total = values[row], values.count > 2 else { return false }
      let rest = values.indices.filter { $0 != row }
      let sum = rest.reduce(0) { $0 + (values[$1] ?? 0) }
      let hidden = rest.filter { values[$0] == nil }.count
      return total >= sum && (hidden == 0 ? total == sum : Self.isTotal(rows[row].first ?? ""))
    }
  }

  /// The column that is the sum of the others, in a row.
  private func columnTotal(of row: Int) -> Int? {
    counts.keys.sorted().first { column in
      guard counts.count > 2, let total = counts[column]?[row] else { return false }
      return total == counts.keys.filter { $0 != column }.reduce(0) { $0 + (counts[$1]?[row] ?? 0) }
    }
  }

  /// State Police are no total; the state, or Massachusetts, alone is one.
  private static func isTotal(_ label: String) -> Bool {
    let words = WordScan.words(label).map(\.lower)
    return !words.contains("other")
      && (words.contains { ["total", "totals", "all", "sum", "statewide", "overall"].contains($0) }
        || words == ["state"] || words == ["massachusetts"])
  }

  private static let shares: Set<String> = ["share", "shares", "percent", "percentage"]
  private static let changes: Set<String> = ["change", "difference"]

  /// What is measured or reckoned.
  private static let measures: Set<String> = [
    "rank", "share", "shares", "rate", "rates", "percent", "percentage", "ratio", "change", "difference", "mean",
    "median", "average", "avg", "index", "weight", "kg", "g", "grams", "kilograms", "mph", "price", "dollars",
    "thousands", "millions",
  ]
  /// When, how long, how old; with a number behind it (`Day 2`, `Age 18-24`) the name of what is counted below.
  private static let times: Set<String> = [
    "year", "years", "date", "month", "months", "week", "weeks", "day", "days", "hour", "hours", "minutes", "time",
    "age", "code", "id", "level",
  ]
  /// What sorts or explains a row, when it is all that the heading says: not `Zone 3`, not `District court`.
  private static let attributes: Set<String> = [
    "quarter", "tier", "zone", "precinct", "district", "footnote", "footnotes", "note", "notes",
  ]
  private static let numbering: Set<String> = ["no", "number", "code", "id"]

  /// By the first or last word of its heading; what stands behind "by" is how the counts were sorted.
  private static func isMeasure(_ header: String) -> Bool {
    let words = WordScan.words(header).map(\.lower)
    guard let first = words.first, let last = words.last else { return header.contains("%") }
    let hasNumber = header.contains { ("0"..."9").contains($0) }
    func measures(_ word: String) -> Bool {
      Self.measures.contains(word) || (times.contains(word) && !hasNumber)
    }
    return header.contains("%") || words.contains("per") || measures(first)
      || (measures(last) && !words.dropFirst().contains("by"))
      || (attributes.contains(first) && words.dropFirst().allSatisfy(numbering.contains))
  }
}
