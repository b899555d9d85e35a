// Collects findings about one file and remembers whether one of them makes the file invalid.

package import Bulletins
import SiteFiles

package struct FindingList: Sendable {
  package let file: String
  package private(set) var findings: [Finding] = []
  /// A front-matter or directive error, or content that is refused: released to nobody.
  package private(set) var isInvalid = false

  package init(file: String) { self.file = file }

  /// An error; `fatal` ones make the file invalid.
  mutating func error(
    _ rule: String, line: Int, column: Int = 1, _ message: String, explanation: String = "", fix: Finding.Fix? = nil,
    fatal: Bool = true
  ) {
    if fatal { isInvalid = true }
    findings.append(
      Finding(
        rule: rule, severity: .error, place: Place(file: file, line: max(1, line), column: max(1, column)),
        message: message, explanation: explanation, fix: fix))
  }

  /// Problems of YAML text that begins `lineOffset` lines below the first line of the file.
  mutating func add(_ problems: [FileProblem], lineOffset: Int = 0, missingAtTop: Bool = false) {
    for problem in problems {
      let top = missingAtTop && problem.code == .missingKey
      error(
        Self.rule(problem.code), line: top ? 1 : problem.position.line + lineOffset,
        column: top ? 1 : problem.position.column, problem.message, explanation: problem.hint)
    }
  }

  static func rule(_ code: FileProblem.Code) -> String {
    switch code {
    case .missingKey: "F01"
    case .unknownKey, .repeatedKey: "F02"
    default: "F03"
    }
  }

  /// In order of place; findings of one place stay in the order in which they were made.
  package var sorted: [Finding] {
    findings.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }.map(\.element)
  }
}
