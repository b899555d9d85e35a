// F02: a key that the format does not know, at any depth, or that stands there twice. Reading decides it.

import Bulletins

struct F02KeyUnknownOrRepeated: Rule {
  static let id = "F02"

  func findings(in context: CheckContext) -> [Finding] {
    context.found(
      Self.id, explanation: "A misspelled key would be a condition that nobody applies; of two, one would be lost.")
  }
}
