// C10: the bulletin is past its expiry now; nobody would be sent it. One that never opens at all is F05.

import Bulletins

struct C10Expired: Rule {
  static let id = "C10"

  func findings(in context: CheckContext) -> [Finding] {
    guard let end = context.frontMatter.expires?.end(in: context.site.zone), context.now >= end,
      F05ExpiryBeforeCutoff().findings(in: context).isEmpty
    else { return [] }
    return [
      finding(
        context, .warning, line: context.frontMatter.lines["expires"] ?? context.line(of: "info-cutoff"),
        "the bulletin is past its expiry",
        explanation:
          "Release refuses it. If it still holds, give it a new `expires` and look at its information cut-off.")
    ]
  }
}
