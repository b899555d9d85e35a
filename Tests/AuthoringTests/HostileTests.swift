// Input that is broken on purpose: refused with a finding or read, never a crash, never slow.

import Authoring
import Bulletins
import Markings
import Testing

@Suite struct HostileTests {
  private func refused(_ bytes: [UInt8]) -> ReadBulletin {
    let read = Samples.read(bytes)
    #expect(read.document.faults.contains(.invalid))
    #expect(!read.findings.isEmpty)
    #expect(read.document.portions.count >= 2)
    return read
  }

  @Test func notText() {
    let good = Array((Samples.frontMatter + "(U) x\n").utf8)
    #expect(refused(good + [0xFF]).findings.first?.short == "F03 13:1")
    #expect(refused(good + [0xC3]).document.body.isEmpty)
    #expect(refused(good + [0x00]).document.body.isEmpty)
    #expect(refused(good + [0x08]).findings.contains { $0.short == "F03 13:1" })
    #expect(refused([]).document.body.isEmpty)
    #expect(refused(Array(repeating: 0x61, count: BulletinReader.sizeLimit + 1)).document.body.isEmpty)
  }

  @Test func byteOrderMarkAndLineEnds() {
    let text = Samples.frontMatter + "(U) x\n\n::: only sectors=a\n(U) y\n:::\n"
    let plain = Samples.read(text)
    for other in [
      "\u{FEFF}" + text, text.replacing("\n", with: "\r\n"), text.replacing("\n", with: "\r"), String(text.dropLast()),
    ] {
      let read = Samples.read(other)
      #expect(read.document == plain.document)
      #expect(read.findings.isEmpty)
    }
  }

  @Test(arguments: [
    "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]", "<<: {a: b}", "series: !!python/object:os.system x", "? [a]\n: b",
    "x: " + String(repeating: "[", count: 10_000), String(repeating: "a: {", count: 1_000), "\t- x", "%YAML 9.9",
    "title: |\n  a\n  b", "\"a: b", "{}", "[]", "null", "~", "a", "...", "key: value\n...\nkey: value",
  ])
  func frontMatter(yaml: String) { _ = refused(Array("---\n\(yaml)\n---\n\n(U) x\n".utf8)) }

  @Test(arguments: [
    String(repeating: ">", count: 5_000) + " (U) x", String(repeating: "- ", count: 5_000) + "(U) x",
    String(repeating: "> - ", count: 2_000) + "x", String(repeating: "1. ", count: 1_000) + "x",
  ])
  func deepNestingIsRefused(body: String) {
    #expect(refused(Array((Samples.frontMatter + body).utf8)).findings.contains { $0.rule == "S05" })
  }

  /// Signs for which the Markdown library needs quadratic time.
  @Test(arguments: ["![[]()", "www._", "a@", "|"]) func floodsAreRefused(sign: String) {
    let read = refused(Array((Samples.frontMatter + String(repeating: sign, count: 50_000)).utf8))
    #expect(read.findings.map(\.rule) == ["S05"])
    #expect(read.document.body.isEmpty)
  }

  private static let floods = [
    String(repeating: "*a **b ", count: 5_000) + String(repeating: "** *", count: 5_000),
    String(repeating: "[", count: 20_000), String(repeating: "![[]()", count: 1_000),
    String(repeating: "[a](<b", count: 5_000), String(repeating: "a`b``c```", count: 3_000),
    String(repeating: "| a ", count: 5_000) + "|\n" + String(repeating: "|---", count: 5_000) + "|\n|",
    String(repeating: "~", count: 20_000), String(repeating: "www._", count: 5_000),
    String(repeating: "(", count: 50_000),
    String(repeating: "(U) ", count: 20_000), String(repeating: "&#8;", count: 5_000),
    String(repeating: "]{usper}", count: 5_000),
    String(repeating: "[x]{usper}", count: 3_000),
    String(repeating: "[", count: 3_000) + "x" + String(repeating: "]{usper}", count: 3_000),
    String(repeating: "[^s1]", count: 10_000),
    String(repeating: "[^a]: ", count: 2_000), String(repeating: "::: tearline\n", count: 5_000),
    String(repeating: "::: only p23\n(U) x\n:::\n", count: 5_000), String(repeating: ":::\n", count: 5_000),
    String(repeating: "```\n", count: 9_999), "```chart\n" + String(repeating: "[", count: 5_000) + "\n```",
    String(repeating: "[a]: b\n", count: 10_000), String(repeating: "<!--\n", count: 5_000),
    String(repeating: "(U//", count: 10_000), "(" + String(repeating: "U//REL TO USA, ", count: 10_000),
    (0..<200).map { String(repeating: " ", count: $0 * 2) + "- (U) x\n" }.joined(),
    (0..<100).map { String(repeating: ">", count: $0 % 40) + " x\n" }.joined(),
  ]

  @Test(arguments: floods.indices) func neverSlowNeverACrash(index: Int) {
    let read = Samples.body(Self.floods[index])
    #expect(read.document.portions.count >= 4)
    #expect(Visible.words(read.document).allSatisfy { $0.portions == 1 })
  }

  @Test func tenThousandPortions() {
    let body = (0..<10_000).map { "(U//FOUO) Portion \($0) cites.[^s1]\n\n" }.joined()
    let read = Samples.body(body)
    #expect(read.document.portions.count == 10_004)
    #expect(read.findings.isEmpty)
  }

  @Test func readingIsSafeInParallel() async {
    let bytes = Samples.sampleBytes(Samples.good[0] + ".md") ?? []
    let expected = Samples.read(bytes).document
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<64 { group.addTask { Samples.read(bytes).document == expected } }
      for await same in group { #expect(same) }
    }
  }
}
