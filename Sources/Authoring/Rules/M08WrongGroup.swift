// M08: a CUI category or limited dissemination control in the wrong group, SP- before a Basic category or missing
// before a Specified one.

import Bulletins

struct M08WrongGroup: Rule {
  static let id = "M08"

  func findings(in context: CheckContext) -> [Finding] {
    context.problems(
      Self.id,
      explanation: "CUI//SP- categories, Basic categories//limited dissemination controls; the registry says which.")
  }
}
