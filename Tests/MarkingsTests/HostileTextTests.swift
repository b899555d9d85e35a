// Texts that somebody wrote to break the reader: bounded work, no crash, and nothing hidden behind the bound.

import Markings
import Testing

@Suite struct HostileTextTests {
  static let bound = MarkReader.mostMarks * (MarkReader.longestMark + 2)

  @Test(arguments: ["(U)", "(U) ", "(U//LES) ", "(TLP:RED)", "(//)", "(U//REL TO USA, CAN)"])
  func endlessMarksStop(_ unit: String) {
    let small = read(String(repeating: unit, count: MarkReader.mostMarks + 1))
    let large = read(String(repeating: unit, count: 1_000_000 / unit.utf8.count))
    #expect(large == small)
    #expect(large.mark?.label(basis: .closed).obstacles == [.unknownToken])
    #expect(large.consumed <= Self.bound)
    #expect(large.problems.count <= MarkReader.mostMarks + 2)
  }

  @Test(arguments: ["(", ")", "/", "(U//", "((", " (", "U", "(U//LES", "\u{A0}(", "(TLP:", "\u{1F600}", "(\u{301}"])
  func endlessPieces(_ unit: String) {
    for prefix in ["", "(", "(U//", "(U) (", "(CUI//"] {
      let text = prefix + String(repeating: unit, count: 1_000_000 / unit.utf8.count)
      let reading = read(text)
      #expect(reading.written.utf8.count <= Self.bound)
      #expect(reading.mark == nil || reading.consumed > 0)
      _ = MarkReader.readBare(text, registry: registry, scheme: .cui)
    }
  }

  @Test func aMarkBehindMuchSpaceIsStillRead() {
    let text = "(U)" + String(repeating: "\u{A0}", count: 200_000) + "(U//LES) x"
    #expect(read(text).mark?.mark?.controls == ["LES"])
  }

  @Test func theLongestMarkIsReadAndALongerOneIsNobodys() {
    let filler = String(repeating: " ", count: MarkReader.longestMark - 6)
    #expect(read("(U//LES" + filler + ")").mark?.mark?.controls == ["LES"])
    let longer = read("(U//LES" + filler + "  )")
    #expect(longer.mark?.label(basis: .closed) == .top(.unknownToken))
  }

  /// Random bytes and random token soup: no crash, the invariants hold. 3,000 texts of up to 60 pieces.
  @Test func soup() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SplitMix64(seed: seed)
    let pieces = [
      "(", ")", "/", "//", " ", "U", "C", "S", "TS", "FOUO", "LES", "NF", "LES-NF", "SSI", "REL TO USA, CAN", "CUI",
      "SP-SSI", "LEI", "NOFORN", "NOCON", "TLP:RED", "TLP:WHITE", "x", "\u{A0}", "\u{415}", ",", "USA", "\n", "\0", "é",
    ]
    for _ in 0..<3_000 {
      let text = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      let reading = read(text, Scheme.allCases.randomElement(using: &generator) ?? .legacy)
      #expect(reading.consumed <= text.utf8.count, "seed \(seed): \(text)")
      #expect(text.contains(reading.written), "seed \(seed): \(text)")
      #expect((reading.mark == nil) == (reading.consumed == 0), "seed \(seed): \(text)")
      if let mark = reading.mark?.mark, !mark.unknown.isEmpty {
        #expect(!reading.problems.isEmpty, "seed \(seed): \(text)")
      }
    }
  }
}
