// F03: a value of the wrong type, or one that YAML would cut at ` #` or `: `. Reading decides it.

import Bulletins

struct F03WrongType: Rule {
  static let id = "F03"

  func findings(in context: CheckContext) -> [Finding] {
    context.found(Self.id, explanation: "The file is released to nobody until it is mended.")
  }
}
