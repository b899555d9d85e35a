// `--fix`: what it mends, that it mends it once, and that no portion says less afterwards of who may read it.

import Bulletins
import Markings
import Testing

@testable import Authoring

@Suite struct SafeFixesTests {
  private func context(_ bytes: [UInt8], order: AtomOrder = SampleSite.order) -> CheckContext {
    let read = Samples.read(bytes)
    var context = SampleSite.context(
      read, file: "test.md", template: SampleSite.template(read.document.frontMatter.series))
    context.order = order
    return context
  }

  private func mended(_ bytes: [UInt8]) -> SafeFixes.Outcome { SafeFixes.apply(to: bytes) { context($0) } }

  /// The broken samples of the rules whose fixes are safe.
  @Test(arguments: ["F03", "M03", "M04", "M05", "M08", "M09"]) func samples(_ rule: String) throws {
    let file = try #require(SampleCheckTests.expected.first { $0.rule == rule })
    let bytes = try #require(Samples.bytes("Tests/Fixtures/samples/broken/\(file.file)"))
    let outcome = mended(bytes)
    #expect(outcome.applied.map { "\($0.rule) \($0.line)" } == ["\(rule) \(file.line)"])
    #expect(BulletinCheck.findings(in: context(outcome.bytes)) == [])
    let again = mended(outcome.bytes)
    #expect(again.applied.isEmpty && again.bytes == outcome.bytes)
  }

  @Test(arguments: Samples.broken + Samples.good.map { $0 + ".md" }) func idempotent(_ name: String) throws {
    let bytes = try #require(
      Samples.bytes("Tests/Fixtures/samples/broken/\(name)") ?? Samples.sampleBytes(name))
    let once = mended(bytes)
    let twice = mended(once.bytes)
    #expect(twice.applied.isEmpty && twice.bytes == once.bytes)
    #expect(once.applied.isEmpty == (once.bytes == bytes))
  }

  private static let marks = [
    "(U//NF/FOUO)", "(UNCLASSIFIED//FOUO)", "(U//FOUO//LES)", "(U // FOUO)", "(U//LAW ENFORCEMENT SENSITIVE)",
    "(U//FOUO//NF)", "(u//fouo)", "(U//LES/FOUO)", "(U//NOFORN)", "(U//SSI/LES)", "(U//FOUO//SSI)", "(U//XYZ)", "(U)",
    "(U//FOUO) (TLP:WHITE)", "(U//FOUO//TLP:AMBER)", "(S//NF)", "(U//REL TO CAN, USA)",
  ]

  /// Many bulletins of such marks: each portion demands exactly what it did, by the order of the policy.
  @Test func labelsStay() {
    for seed in UInt64(1)...60 {
      var dice = SeededGenerator(seed: seed)
      let paragraphs = (0..<6).map { number in
        "\(Self.marks.randomElement(using: &dice) ?? "(U)") Words \(number) of a paragraph.[^s1]"
      }
      let bytes = Array((Samples.frontMatter + paragraphs.joined(separator: "\n\n")).utf8)
      let before = context(bytes)
      let outcome = mended(bytes)
      let after = context(outcome.bytes)
      #expect(before.document.portions.count == after.document.portions.count, "seed \(seed)")
      for index in before.document.portions.indices {
        let old = before.fullLabel(of: index)
        let new = after.fullLabel(of: index)
        let isSame =
          old.isTop ? new.isTop : old.isAtMost(new, under: before.order) && new.isAtMost(old, under: before.order)
        // TLP:WHITE is no label of 2.0; mended it is TLP:CLEAR, which demands nothing more than to be one.
        let wasWhite = paragraphs.indices.contains(index - 4) && paragraphs[index - 4].contains("WHITE")
        #expect(isSame || wasWhite && old.isAtMost(new, under: before.order), "seed \(seed), portion \(index)")
      }
    }
  }

  /// Where the policy lets LES be met without FOUO, FOUO stays.
  @Test func anotherPolicy() {
    let bytes = Array((Samples.frontMatter + "(U//FOUO//LES) Text.[^s2]").utf8)
    #expect(SafeFixes.apply(to: bytes) { context($0, order: AtomOrder()) }.applied == [])
    #expect(mended(bytes).applied.map(\.new) == ["(U//LES)"])
  }

  @Test func everythingElseStays() {
    let text = (Samples.frontMatter + "(U//NF/FOUO) One (U//NF/FOUO).\n\n- (U//NF/FOUO) Two\n\n(U) \u{201C}Zoë\u{201D}")
    let windows = text.replacing("\n", with: "\r\n")
    let outcome = mended(Array(windows.utf8))
    #expect(
      String(decoding: outcome.bytes, as: UTF8.self)
        == windows.replacing("(U//NF/FOUO) One", with: "(U//FOUO/NF) One").replacing(
          "- (U//NF/FOUO)", with: "- (U//FOUO/NF)"))
    #expect(outcome.applied.map(\.line) == [12, 14])
  }
}
