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
  package var ignored: Set<String>
  package var rules: [RecordField: FieldRule]
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
    /// Amounts by unit; without a column of units the cell holds both: `5.3 g`.
    case weight(units: [String: WeightUnit])
    case constant(String)
  }
  /// One column; several are joined with ";", empty ones left out.
  package var columns: [String]
  package var reading: Reading
}

package struct WeightUnit: Hashable, Sendable {
  /// GM or DU.
  package var unit: String
  package var factor: Double
}
