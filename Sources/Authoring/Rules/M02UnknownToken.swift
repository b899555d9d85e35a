// M02: a token that is in no table of its scheme. It is not guessed at: the portion is readable by nobody.

import Bulletins

struct M02UnknownToken: Rule {
  static let id = "M02"

  func findings(in context: CheckContext) -> [Finding] {
    context.problems(
      Self.id, explanation: "A token that nobody knows cannot be obeyed, so the portion is readable by nobody.")
  }
}
