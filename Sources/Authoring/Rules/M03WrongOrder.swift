// M03: a mark that is understood but not canonical in order, separators, capitals or spacing.

import Bulletins

struct M03WrongOrder: Rule {
  static let id = "M03"

  func findings(in context: CheckContext) -> [Finding] {
    context.problems(
      Self.id, explanation: "Categories are separated by //, entries by /, in the order of the register, each once.")
  }
}
