// A table of text with its counts found: columns of whole numbers that are no years, ranks, shares or rates, and the row
// or column in which they are summed.

struct CountTable {
  struct Cell: Hashable {
    var row: Int
    var column: Int
    var value: Int
  }

  let header: [String]
  private let rows: [[String]]
  /// By column of counts, the value of each row; nil where there is none.
  private let counts: [Int: [Int?]]

  /// - Parameter columns: names of the columns that are looked at; nil: all but the first, which says what a row is about.
  init(header: [String], rows: [[String]], columns: Set<String>? = nil) {
    self.header = header
    self.rows = rows
    var counts: [Int: [Int?]] = [:]
    for column in header.indices
    where columns.map({ $0.contains(header[column]) }) ?? (column > 0) && !Self.isMeasure(header[column]) {
      let cells = rows.map { $0.indices.contains(column) ? $0[column].trimmed : "" }
      let values = cells.map(Self.count)
      // One cell that is neither a count nor a sign for a hidden one, and it is a column of something else.
      guard values.contains(where: { $0 != nil }), zip(cells, values).allSatisfy({ $1 != nil || Self.isHidden($0) })
      else { continue }
      counts[column] = values
    }
    self.counts = counts
  }

  /// Counts of 1 to 4, row by row.
  var small: [Cell] {
    counts.flatMap { column, values in
      values.enumerated().compactMap { row, value in
        value.flatMap { (1...4).contains($0) ? Cell(row: row, column: column, value: $0) : nil }
      }
    }.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
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

  private func name(_ cell: Cell) -> String {
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

  private static func isTotal(_ label: String) -> Bool {
    WordScan.words(label).contains { ["total", "all", "state", "sum"].contains($0.lower) }
  }

  /// A whole number, with commas between thousands.
  private static func count(_ text: Substring) -> Int? {
    guard let first = text.first, first.isNumber, text.allSatisfy({ ("0"..."9").contains($0) || $0 == "," }) else {
      return nil
    }
    return Int(text.replacing(",", with: ""))
  }

  private static func isHidden(_ text: Substring) -> Bool {
    text.isEmpty || ["<5", "< 5", "1-4", "1\u{2013}4", "-", "\u{2013}", "\u{2014}", "*", "s", "n/a"].contains(text)
  }

  private static let measures: Set<String> = [
    "year", "years", "rank", "share", "shares", "rate", "rates", "percent", "percentage", "ratio", "change",
    "difference",
    "mean", "median", "average", "index", "date", "month", "day", "days", "hour", "hours", "minutes", "time", "age",
    "weight", "kg", "g", "grams", "kilograms", "price", "dollars", "code", "id", "level",
  ]

  /// By the first or last word of its heading.
  private static func isMeasure(_ header: String) -> Bool {
    let words = WordScan.words(header).map(\.lower)
    return header.contains("%") || words.contains("per")
      || [words.first, words.last].contains { $0.map(measures.contains) ?? false }
  }
}
