// Every key of the table with its type; what is wrong is found at its place and makes the file invalid.

import Authoring
import Bulletins
import Markings
import Testing

@Suite struct FrontMatterTests {
  /// The keys that are always required, then `more`.
  private func read(_ more: String, body: String = "") -> ReadBulletin {
    Samples.read(
      """
      ---
      series: officer-safety
      title: "(U//LES) Title"
      short-title: "(U) Short"
      authors: [a.okafor]
      info-cutoff: 2026-11-18
      expires: 2026-12-02
      \(more)
      ---

      \(body)
      """)
  }

  @Test func everyKey() throws {
    let read = read(
      """
      scheme: legacy
      tlp: TLP:GREEN
      coauthor-organizations: [x]
      not-before: 2026-11-19T06:00:00-05:00
      audience: { disciplines: [law-enforcement, corrections], regions: [] }
      to: []
      lists: officer-safety-statewide
      topics: [firearms]
      hsec: [1, 10]
      state-priorities: [p]
      production-plan: PP-1
      sources:
        - { id: s1, describe: "(U//FOUO) Report", mark: U//LES, originator: bpd, consent: required, p23: true, reliability: B, credibility: 2, date: 2026-11-16 }
      pii: { value: true, reason: "because" }
      p23: { value: true, reason: "a file" }
      private-release: true
      public-release: false
      foreign-release: [CAN]
      compilation: { label: U//FOUO, reason: "together" }
      contacts: [watch]
      feedback: [standard]
      supersedes: CFC-OS-2026-0042
      corrects: CFC-OS-2026-0042-U1
      urgency: immediate
      """, body: "(U//FOUO) From the file.[^s1]")
    #expect(read.findings.map { "\($0.short) \($0.message)" } == [])
    let front = read.document.frontMatter
    #expect(front.title.text == "Title" && front.title.mark?.text == "(U//LES)")
    #expect(front.trafficLight == .green)
    #expect(front.audience == [Clause(.disciplines, ["law-enforcement", "corrections"]), Clause(.regions, [])])
    #expect(front.to == [] && front.lists == ["officer-safety-statewide"])
    #expect(front.hsec == [1, 10])
    #expect(front.notBefore == .time(Instant(seconds: 1_795_086_000)))
    #expect(front.expires == CivilDate("2026-12-02").map { .date($0) })
    let source = try #require(front.sources.first)
    #expect(source.p23 && source.consent == .required && source.reliability == "B" && source.credibility == "2")
    #expect(source.mark?.text == "(U//LES)" && source.describe.text == "Report" && source.originator == "bpd")
    #expect(front.gates[.pii] == Gate(value: true, reason: "because"))
    #expect(front.compilation?.mark.text == "(U//FOUO)")
    #expect(front.urgency == .immediate && front.foreignRelease == ["CAN"] && front.privateRelease)
    #expect(front.lines["sources.s1.mark"] == 20 && front.lines["audience.regions"] == 12 && front.lines["title"] == 3)
    let portions = read.document.portions
    #expect(portions.map(\.kind) == [.title, .shortTitle, .source("s1"), .paragraph])
    #expect(portions[2].furtherMarks.map(\.text) == ["(U//LES)"] && portions[2].line == 20)
    #expect(
      read.marks.map { "\($0.line):\($0.column) \($0.reading.written)" } == [
        "3:9 (U//LES)", "4:15 (U)", "20:26 (U//FOUO)", "20:51 U//LES", "26:23 U//FOUO", "34:1 (U//FOUO)",
      ])
  }

  @Test(arguments: [
    ("expire: 2026-12-02", "F02 8:1"),
    ("expires: 2026-12-03", "F02 8:1"),
    ("audience: { sector: [x] }", "F02 8:13"),
    ("sources: [{ id: s1, describe: \"(U) x\", origin: y }]", "F02 8:40"),
    ("sources: [{ id: s1 }]", "F01 8:11"),
    ("sources: [{ id: s1, describe: \"(U) x\" }, { id: S1, describe: \"(U) x\" }]", "F02 8:48"),
    ("sources: [{ id: \"a]b\", describe: \"(U) x\" }]", "F03 8:17"),
    ("not-before: 2026-02-29", "F04 8:13"),
    ("not-before: 2026-02-28T25:00:00Z", "F04 8:13"),
    ("not-before: 2026-03-08T02:30", "F04 8:13"),
    ("not-before: tomorrow", "F03 8:13"),
    ("sources: [{ id: s1, describe: \"(U) x\", date: 2026-11-31 }]", "F04 8:46"),
    ("hsec: [11]", "F03 8:8"),
    ("to:", "F03 8:1"),
    ("lists: [a, ]\ntopics: [~]", "F03 9:10"),
    ("audience: {}", "F03 8:11"),
    ("audience: x", "F03 8:11"),
    ("pii: true", "F03 8:6"),
    ("pii: { value: maybe }", "F03 8:15"),
    ("pii: { value: true }", "F08 8:1"),
    ("pii: { reason: x }", "F01 8:6"),
    ("p23: { value: true, reason: x }", "F03 8:1"),
    ("urgency: now", "F03 8:10"),
    ("scheme: secret", "F03 8:9"),
    ("tlp: PURPLE", "F03 8:6"),
    ("compilation: { label: \"\", reason: x }", "F03 8:23"),
    ("compilation: { label: U//FOUO }", "F01 8:14"),
    ("supersedes: last one", "F03 8:13"),
    ("foreign-release: [Canada]", "F03 8:19"),
    ("public-release: yes", "F03 8:17"),
    ("topics: { a: b }", "F03 8:9"),
    ("production-plan: [a]", "F03 8:18"),
    ("contacts: &a [watch]", "F03 8:11"),
    ("contacts: *a", "F03 8:11"),
    ("contacts: !!str watch", "F03 8:11"),
    ("contacts: [watch", "F03 9:1"),
  ])
  func refused(line: String, finding: String) {
    let read = read(line)
    #expect(read.findings.map(\.short) == [finding], "\(read.findings.map(\.message))")
    #expect(read.document.faults == [.invalid])
  }

  @Test func suggestion() {
    let read = read("info-cutof: 2026-11-18")
    #expect(read.findings.first?.explanation == "did you mean `info-cutoff`?")
  }

  @Test(arguments: [
    ("short-title: (U) Thefts of wire #2", "4:14", "\"(U) Thefts of wire #2\""),
    ("short-title: (U) Thefts: the wire", "4:14", "\"(U) Thefts: the wire\""),
    ("short-title: (U) \"Thefts\" \\ : x", "4:14", "\"(U) \\\"Thefts\\\" \\\\ : x\""),
  ])
  func quoteIt(line: String, place: String, replacement: String) {
    let read = Samples.read(Samples.frontMatter.replacing("short-title: \"(U) Short\"", with: line))
    #expect(read.findings.map(\.short) == ["F03 \(place)"])
    #expect(read.findings.first?.fix?.replacement == replacement)
    #expect(read.document.faults == [.invalid])
  }

  @Test(arguments: ["describe: (U) A #1, date: 2026-11-16 }", "describe: (U) A: b }"])
  func quoteDescription(entry: String) {
    let read = Samples.read(Samples.frontMatter.replacing("describe: \"(U//LES) File\" }", with: entry))
    #expect(read.findings.map(\.short) == ["F03 10:25"])
    #expect(read.findings.first?.fix?.replacement == nil)
    #expect(read.document.faults == [.invalid])
  }

  @Test func oldNameOfClearIsUnderstood() {
    let read = read("tlp: TLP:WHITE")
    #expect(read.document.frontMatter.trafficLight == .clear)
    #expect(read.findings.isEmpty)
  }

  @Test func timesWithoutAnOffsetAreInTheCentersZone() {
    let read = read("not-before: 2026-11-19 06:00")
    #expect(read.document.frontMatter.notBefore == .time(Instant(seconds: 1_795_086_000)))
  }

  @Test func templateGivesExpiryAndRequiredKeys() {
    let template = SeriesTemplate(
      series: "officer-safety", name: "x", code: "OS", publicName: "x", defaultExpiryDays: 30,
      requiredFrontMatter: ["authors", "hsec"])
    var settings = Samples.settings
    settings.templates = ["officer-safety": template]
    let text = Samples.frontMatter.replacing("expires: 2026-12-02\n", with: "")
    let read = BulletinReader.read(Array(text.utf8), file: "test.md", settings: settings)
    #expect(read.document.frontMatter.expires == CivilDate("2026-12-18").map { .date($0) })
    #expect(read.findings.map { "\($0.short) \($0.message)" } == ["F01 1:1 the key `hsec` is missing"])
  }

  @Test func spillageAnywhereInFrontMatter() {
    for line in ["compilation: { label: S, reason: x }", "sources: [{ id: s1, describe: \"(U) x\", mark: C }]"] {
      #expect(read(line).document.faults == [.spillage])
    }
    #expect(Samples.read(Samples.frontMatter.replacing("(U) Short", with: "(TS) x")).document.faults == [.spillage])
  }

  @Test(arguments: [
    "", "---\n", "---\nseries: x\n", "text\n", "---\n---\n", "---\n- a\n---\n", "---\nx\n---\n", "\n---\n",
  ])
  func noFrontMatter(text: String) {
    let read = Samples.read(text)
    #expect(read.document.faults == [.invalid])
    #expect(read.document.portions.count >= 2)
    #expect(!read.findings.isEmpty)
    #expect(read.document.frontMatter.title.mark == nil)
  }
}
