// F08: a release gate that is true and does not say why. Reading decides it where there are no words at all.

import Bulletins

struct F08GateWithoutReason: Rule {
  static let id = "F08"

  func findings(in context: CheckContext) -> [Finding] {
    let opened = context.frontMatter.gates.filter { name, gate in
      guard gate.value, let reason = gate.reason, reason.contains(where: { !$0.isWhitespace }) else { return false }
      return !Gate.isReason(reason)
    }
    return context.found(Self.id, explanation: Self.explanation)
      + opened.keys.map(\.rawValue).sorted().map { key in
        finding(
          context, line: context.line(of: key), "the gate `\(key)` is true, and what it gives as its reason is none",
          explanation: Self.explanation + " If it has none, close it: `\(key): { value: false }`.")
      }
  }

  private static let explanation =
    "The reviewer of privacy and civil rights decides by the reason, in two words or more: "
    + "`{ value: true, reason: \"..\" }`."
}
