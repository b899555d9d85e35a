// S04: a directive that is unknown, misplaced or not closed. Reading decides it.

import Bulletins

struct S04Directive: Rule {
  static let id = "S04"

  func findings(in context: CheckContext) -> [Finding] {
    context.found(Self.id, explanation: "A directive that is not understood could show a group to everybody or nobody.")
  }
}
