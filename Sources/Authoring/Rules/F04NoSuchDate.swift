// F04: a date or time that no calendar has. Reading decides it.

import Bulletins

struct F04NoSuchDate: Rule {
  static let id = "F04"

  func findings(in context: CheckContext) -> [Finding] {
    context.found(Self.id, explanation: "Dates are calendar dates of the center's zone; write one that exists.")
  }
}
