// A mapping file as a value: where each field of the schema comes from in the export of one records system, and how it
// is to be read. Every column of the export is either used or named under `ignore`: a column that appears one day is
// reported, not overlooked.

package struct Mapping: Hashable, Sendable {
  /// Names the records system in every record: A.
  package var source: String
  package var name: String
  /// Of two records of the same person and incident that of the lower number counts.
  package var precedence: Int
  package var separator: UInt8
  package var encoding: Encoding
  package var ignored: Set<String>
  package var rules: [RecordField: FieldRule]

  package enum Encoding: String, CaseIterable, Hashable, Sendable {
    case utf8 = "utf-8"
    case windows1252 = "windows-1252"
  }
}

package struct FieldRule: Hashable, Sendable {
  package enum Reading: Hashable, Sendable {
    /// Exactly the words given; where none are, the text as it is. Beginnings are for what carries more text.
    case words([String: String], beginnings: [String: String])
    /// The part after this text; a cell without it is empty. Then as `words`.
    case after(String, [String: String])
    case date(DatePattern)
    case years
    /// The age at the end of the year of the arrest.
    case yearOfBirth
    /// Amounts by unit; without a column of units the cell holds both: `5.3 g`. Without a declared sign of decimals it
    /// is a point, and thousands are not grouped.
    case weight(units: [String: WeightUnit], decimal: DecimalSign?)
    case constant(String)
  }
  /// One column; several are joined with ";", empty ones left out.
  package var columns: [String]
  package var reading: Reading
}

/// How decimals are set off; the other of the two signs groups thousands: 1,590.5 and 1.590,5.
package enum DecimalSign: Character, Hashable, Sendable {
  case point = "."
  case comma = ","

  /// The number without groups and with a point; nil when a group is not of three digits.
  func plain(_ text: String) -> String? {
    let group: Character = self == .point ? "," : "."
    let parts = text.split(separator: rawValue, maxSplits: 1, omittingEmptySubsequences: false)
    let groups = parts[0].split(separator: group, omittingEmptySubsequences: false)
    if groups.count > 1 {
      guard (1...3).contains(groups[0].count), groups.dropFirst().allSatisfy({ $0.count == 3 }) else { return nil }
    }
    guard parts.count < 2 || !parts[1].contains(group) else { return nil }
    return ([groups.joined()] + parts.dropFirst().map(String.init)).joined(separator: ".")
  }
}

package struct WeightUnit: Hashable, Sendable {
  /// GM or DU.
  package var unit: String
  package var factor: Double
}
