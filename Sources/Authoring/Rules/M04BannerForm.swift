// M04: the form that a banner uses inside a portion mark, or the reverse.

import Bulletins

struct M04BannerForm: Rule {
  static let id = "M04"

  func findings(in context: CheckContext) -> [Finding] {
    context.problems(Self.id, explanation: "Banners spell out, portion marks abbreviate; products print both.")
  }
}
