// F08: a release gate that is true and does not say why. Reading decides it.

import Bulletins

struct F08GateWithoutReason: Rule {
  static let id = "F08"

  func findings(in context: CheckContext) -> [Finding] {
    context.found(
      Self.id,
      explanation: "The reviewer of privacy and civil rights decides by the reason: `{ value: true, reason: \"..\" }`.")
  }
}
