// A table or the data of a chart as it is printed: texts only, hidden counts already replaced by the sign. From here on
// nobody can look behind it.

import Foundation

package struct PrintedTable: Hashable, Sendable {
  /// File name without ending: table-1-regions.
  package var slug: String
  package var title: String
  /// Words of the portion mark: U//FOUO.
  package var mark: String
  package var columns: [String]
  /// The first so many columns are words, the others numbers.
  package var wordColumns: [Bool]
  package var rows: [[String]]

  package var markdown: String {
    let head = "| " + columns.joined(separator: " | ") + " |"
    let rule = "|" + wordColumns.map { $0 ? "---" : "---:" }.joined(separator: "|") + "|"
    let body = rows.map { "| " + $0.map(Self.escaped).joined(separator: " | ") + " |" }
    return ["(\(mark)) \(title)", "", head, rule].joined(separator: "\n") + "\n" + body.joined(separator: "\n") + "\n"
  }

  /// Numbers without separators of thousands, for other programs.
  package var csv: String {
    CSVText.write([columns] + rows.map { row in zip(row, wordColumns).map { $1 ? $0 : $0.filter { $0 != "," } } })
  }

  private static func escaped(_ cell: String) -> String {
    cell == Suppression.sign ? "\\*" : cell.replacingOccurrences(of: "|", with: "\\|")
  }
}

package struct ChartData: Hashable, Sendable {
  /// With ending: opioid-arrests-by-month.csv.
  package var file: String
  package var columns: [String]
  package var rows: [[String]]
  package var csv: String { CSVText.write([columns] + rows) }
}

package enum CSVText {
  package static func write(_ rows: [[String]]) -> String {
    rows.map { $0.map(cell).joined(separator: ",") + "\n" }.joined()
  }
  private static func cell(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}

enum Numbers {
  /// 2,000.
  static func grouped(_ value: Int) -> String {
    var digits = Array(String(value).reversed())
    var index = 3
    while index < digits.count {
      digits.insert(",", at: index)
      index += 4
    }
    return String(digits.reversed())
  }
  /// Share of a whole with one decimal: 60.5%.
  static func share(_ part: Int, of whole: Int) -> String {
    whole == 0 ? "" : String(format: "%.1f%%", 100 * Double(part) / Double(whole))
  }
  static func percent(_ value: Double) -> String { String(format: "%.1f%%", value) }
  /// Tenths of a gram as kilograms with one decimal.
  static func kilograms(_ tenths: Int) -> String { String(format: "%.1f", Double(tenths) / 10_000) }
}
