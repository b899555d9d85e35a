// Which errors of reading a site are its files' own, so that a person mends them while the program waits; and the first of
// what is wrong, in a line. All other errors are not a site's to mend.

import Bulletins
import Distribution
import Store

extension UnusableSite {
  /// - Returns: nil for what is not said by files.
  init?(_ error: any Error) {
    switch error {
    case let known as UnusableSite: self = known
    case let failure as FindingsFailure: self.init(failure, why: Self.words(failure))
    case let problem as WorkspaceProblem: self.init(problem, why: "\(problem.path): \(problem.message)")
    default: return nil
    }
  }

  private static func words(_ failure: FindingsFailure) -> String {
    let found = failure.findings.filter { $0.severity == .error }
    // Ids name nothing where the file that has them cannot be read: that is the one to be told first.
    let cause = found.first { $0.rule != L02DanglingID.id }
    guard let first = cause ?? found.first ?? failure.findings.first else { return failure.summary }
    let more = found.count > 1 ? "; \(found.count - 1) more: revere doctor" : ""
    return "\(failure.summary): \(first.place.file):\(first.place.line): \(first.message)\(more)"
  }
}
