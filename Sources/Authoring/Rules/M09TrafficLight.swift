// M09: a TLP label that TLP 2.0 does not have, in a mark or in `tlp:`, and a TLP mark alone outside scheme tlp.

import Bulletins
import Markings

struct M09TrafficLight: Rule {
  static let id = "M09"

  func findings(in context: CheckContext) -> [Finding] {
    let overall = context.texts("tlp").filter { MarkReader.readTrafficLight($0.text) == nil && $0.text.isWhite }
      .map { written in
        finding(
          context, line: written.line, column: written.column, "\(written.text) is no label of TLP 2.0",
          explanation: Self.explanation,
          fix: context.replacement(
            of: written.text, with: TrafficLight.clear.rawValue, line: written.line, "write TLP:CLEAR", safe: true))
      }
    return overall + context.problems(Self.id, explanation: Self.explanation)
  }

  private static let explanation =
    "TLP 2.0 has CLEAR, GREEN, AMBER, AMBER+STRICT and RED; beside scheme tlp it only adds to a legacy or CUI mark."
}

extension String {
  /// What the reader understands as the old name of CLEAR.
  fileprivate var isWhite: Bool { ["WHITE", "TLP:WHITE"].contains(uppercased()) }
}
