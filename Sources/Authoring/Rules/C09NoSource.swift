// C09: a bulletin without any source. Citing one is the only way in which a portion has a source; without, nobody can
// tell what it rests on, whose consent it needs, or how good it is.

import Bulletins

struct C09NoSource: Rule {
  static let id = "C09"

  func findings(in context: CheckContext) -> [Finding] {
    // Of a file that cannot be read nothing is known.
    guard context.bulletin.frontMatter != nil, context.frontMatter.sources.isEmpty else { return [] }
    // A key that the template demands and that is missing is F01.
    let required = context.template?.requiredFrontMatter.contains("sources") ?? false
    guard context.frontMatter.lines["sources"] != nil || !required else { return [] }
    return [
      finding(
        context, .warning, line: context.line(of: "sources"), "no source at all",
        explanation: "Name each under `sources` and cite it as [^s1] where it is used; a source that must stay unnamed "
          + "is described without its name.")
    ]
  }
}
