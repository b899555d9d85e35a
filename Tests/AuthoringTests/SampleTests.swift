// The eight sample bulletins read without a finding; broken ones give what the reader itself has to find.

import Authoring
import Bulletins
import Markings
import Testing

@Suite struct SampleTests {
  @Test(arguments: Samples.good) func good(name: String) throws {
    let bytes = try #require(Samples.sampleBytes(name + ".md"))
    let read = Samples.read(bytes)
    #expect(read.findings.map { "\($0.short) \($0.message)" } == [])
    #expect(read.document.faults == [])
    #expect(read.unresolved.isEmpty)
    for portion in read.document.portions {
      #expect(portion.mark != nil, "\(portion.kind) on line \(portion.line)")
      #expect(portion.kind != .orphan, "line \(portion.line)")
      #expect(portion.line > 1)
    }
    #expect(read.marks.allSatisfy { $0.reading.problems.isEmpty })
  }

  /// What only the rules find is not among them.
  static let expected: [String: [String]] = [
    "F01-key-missing.md": ["F01 1"],
    "F02-repeated-key.md": ["F02 9"],
    "F02-unknown-key.md": ["F02 8"],
    "F03-value-that-yaml-cuts.md": ["F03 4"],
    "F04-no-such-date.md": ["F04 7"],
    "F08-gate-without-reason.md": ["F08 12"],
    "S03-tear-line-with-nothing-before-it.md": ["S03 37"],
    "S04-unknown-directive-key.md": ["S04 39"],
  ]

  @Test(arguments: Samples.broken) func broken(name: String) throws {
    let bytes = try #require(Samples.bytes("Tests/Fixtures/samples/broken/\(name)"))
    let read = Samples.read(bytes)
    #expect(read.rules == Self.expected[name] ?? [])
    let invalid = name.hasPrefix("F0") && Self.expected[name] != nil || name.hasPrefix("S04")
    var faults: Set<Fault> = invalid || name.hasPrefix("M07") ? [.invalid] : []
    if name.hasPrefix("M12") { faults = [.spillage] }
    #expect(read.document.faults == faults)
  }

  @Test func markInsideABlockIsJoined() throws {
    let bytes = try #require(Samples.bytes("Tests/Fixtures/samples/broken/M01-mark-inside-a-block.md"))
    let read = Samples.read(bytes)
    let site = try #require(read.marks.first { $0.role == .laterLine })
    #expect(site.line == 29 && site.column == 1)
    let portion = read.document.portions[try #require(site.portion)]
    #expect(portion.mark?.text == "(U//FOUO)")
    #expect(portion.furtherMarks.map(\.text) == ["(U//LES)"])
  }
}
