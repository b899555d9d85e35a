// M09: a TLP label that TLP 2.0 does not have, in a mark or in `tlp:`, a TLP mark alone outside scheme tlp, and RED or
// DL ONLY without `to:`, which is for nobody (release-policy.md section 2).

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
    return overall + context.problems(Self.id, explanation: Self.explanation) + forNobody(context)
  }

  /// For those who are named, and nobody is. Once, where it is first said: one `to:` mends them all.
  private func forNobody(_ context: CheckContext) -> [Finding] {
    guard context.frontMatter.to == nil else { return [] }
    var places = context.bulletin.marks.compactMap { site -> (what: String, line: Int, column: Int)? in
      guard let mark = site.reading.mark else { return nil }
      if mark.trafficLight == .red { return (TrafficLight.red.rawValue, site.line, site.column) }
      let isNamedOnly = mark.mark?.disseminationControls.contains(Atom.namedOnly.name) ?? false
      return isNamedOnly ? (Atom.namedOnly.name, site.line, site.column) : nil
    }
    if context.frontMatter.trafficLight == .red {
      places += context.texts("tlp").map { (what: TrafficLight.red.rawValue, line: $0.line, column: $0.column) }
    }
    return places.min { ($0.line, $0.column) < ($1.line, $1.column) }.map { place in
      [
        finding(
          context, line: place.line, column: place.column, "\(place.what), and `to` names nobody",
          explanation: "It is for named readers alone; without `to` nobody gets it. Write `to: [..]` with their ids.")
      ]
    } ?? []
  }

  private static let explanation =
    "TLP 2.0 has CLEAR, GREEN, AMBER, AMBER+STRICT and RED; beside scheme tlp it only adds to a legacy or CUI mark."
}

extension String {
  /// What the reader understands as the old name of CLEAR.
  fileprivate var isWhite: Bool { ["WHITE", "TLP:WHITE"].contains(uppercased()) }
}
