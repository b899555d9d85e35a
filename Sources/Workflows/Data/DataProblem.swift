// Why an import, a table or a search was refused, as a fact; words for people beside it.

package struct DataProblem: Error, Hashable, Sendable {
  package enum Code: String, Hashable, Sendable {
    /// The mapping file or the header of the export has errors; all of them in `problems`.
    case mapping
    /// Rows that nobody understands; nothing was stored.
    case unknownRows = "unknown-rows"
    case notCleared = "not-cleared"
    case nothingImported = "nothing-imported"
    case tooFew = "too-few"
    case overlapping
    case noSuchImport = "no-such-import"
    /// A search names what no record has.
    case unknownWord = "unknown-word"
    /// The mark of tables cannot stand in a bulletin of the site.
    case mark
  }
  package var code: Code
  package var message: String
  package var hint: String
  package init(_ code: Code, _ message: String, hint: String = "") {
    self.code = code
    self.message = message
    self.hint = hint
  }

  static let nothingImported = DataProblem(
    .nothingImported, "no records are imported", hint: "begin with `revere data import FILE --map MAP.yaml`")
}
