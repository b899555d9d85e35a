// F01: a key that every bulletin or this series must have is not there. Reading decides it; reported at line 1, since
// what is missing has no line.

import Bulletins

struct F01KeyMissing: Rule {
  static let id = "F01"

  func findings(in context: CheckContext) -> [Finding] {
    context.found(Self.id, explanation: "A bulletin without it is released to nobody.")
  }
}
