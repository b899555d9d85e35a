// How a verb ends: 0 clean, 1 findings or refused, 2 usage, 3 environment (bulletin-format.md, "The check").

import ArgumentParser
import Workflows

struct CommandFailure: Error, CustomStringConvertible {
  enum Kind: Int32 {
    case findings = 1
    case usage = 2
    case environment = 3
  }
  var kind: Kind
  var message: String
  var hint: String

  init(_ kind: Kind, _ message: String, hint: String = "") {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  var description: String { hint.isEmpty ? message : "\(message)\n  \(hint)" }
  var exitCode: ExitCode { ExitCode(kind.rawValue) }
}

extension CommandFailure {
  init(_ problem: WorkspaceProblem) {
    self.init(.environment, "\(problem.path): \(problem.message)", hint: problem.hint)
  }
}
