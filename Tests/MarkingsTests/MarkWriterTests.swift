// Law 5: reading and writing are each other's inverse on canonical texts, and every accepted text writes canonically.

import Markings
import Testing

@Suite struct MarkWriterTests {
  static let legacyTokens = ["FOUO", "NF", "OC", "DSEN", "RELIDO", "SBU", "LES", "SSI"]

  /// 4 levels x 256 sets of controls x 3 lists x 2 lights.
  @Test func exhaustiveLegacy() {
    for controls in Self.legacyTokens.subsets {
      for level in Level.allCases {
        for list: Set<String>? in [nil, ["USA", "CAN"], ["USA", "CAN", "GBR"]] {
          for light: TrafficLight? in [nil, .amber] {
            let written = Mark(level: level, controls: Set(controls), releasableTo: list)
            checkRoundTrip(PortionMark(mark: written, trafficLight: light), .legacy)
          }
        }
      }
    }
  }

  @Test func exhaustiveCUI() {
    for categories in ["INF", "LEI", "SP-CHRI", "SP-INF", "SP-SSI"].subsets {
      for limits in ["NOFORN", "FED ONLY", "NOCON", "AC"].subsets {
        for list: Set<String>? in [nil, ["USA", "CAN"]] {
          let written = Mark(
            family: .cui, categories: Set(categories), disseminationControls: Set(limits), releasableTo: list,
            displayOnly: list)
          checkRoundTrip(PortionMark(mark: written), .cui)
        }
      }
    }
  }

  private func checkRoundTrip(_ portion: PortionMark, _ scheme: Scheme) {
    let text = portion.text
    let once = read(text, scheme)
    #expect(once.problems == [], "\(text)")
    #expect(once.mark?.text == text)
    #expect(read(once.mark?.text ?? "", scheme) == once, "\(text)")
  }

  /// Random orders, separators, forms and capitals of known tokens: what is understood writes canonically, and
  /// nothing is understood and reported without being different from canonical.
  @Test func everyAcceptedTextWritesCanonically() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    let legacy = [
      "U", "UNCLASSIFIED", "FOUO", "NF", "NOFORN", "LES", "LES-NF", "SSI", "PCII", "DSEN", "DEA SENSITIVE",
      "Law Enforcement Sensitive", "REL TO USA, CAN", "REL TO USA,GBR,CAN", "fouo", "SBU", "RELIDO", "TLP:GREEN",
    ]
    let cui = ["CUI", "LEI", "SP-SSI", "INV", "SP-CHRI", "NOFORN", "NOCON", "REL TO USA, CAN", "CONTROLLED", "nf"]
    for _ in 0..<4_000 {
      let isCUI = Bool.random(using: &generator)
      let scheme: Scheme = isCUI ? .cui : .legacy
      var text = isCUI ? "(CUI" : "(U"
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        text += ["/", "//", "//", " // "].randomElement(using: &generator) ?? "/"
        text += (isCUI ? cui : legacy).randomElement(using: &generator) ?? ""
      }
      text += ")"
      let reading = read(text, scheme)
      guard let mark = reading.mark, mark.mark?.unknown.isEmpty ?? true else {
        Issue.record("seed \(seed): \(text) was not understood")
        continue
      }
      let again = read(mark.text, scheme)
      #expect(again.problems == [], "seed \(seed): \(text) -> \(mark.text)")
      #expect(again.mark?.text == mark.text, "seed \(seed): \(text)")
      #expect(reading.problems.isEmpty == (text == mark.text), "seed \(seed): \(text) -> \(mark.text)")
      #expect(reading.problems.allSatisfy { $0.canonical == mark.text }, "seed \(seed): \(text)")
      // Only FOUO may go, and only where it is demanded anyway.
      let before = mark.label(basis: .closed)
      let after = again.mark?.label(basis: .closed)
      let lost = before.atoms.subtracting(after?.atoms ?? [])
      #expect(lost.isSubset(of: [.fouo]), "seed \(seed): \(text)")
      #expect(before.countries == after?.countries)
    }
  }
}
