// F07: names that nobody has.

import Bulletins
import Testing

@testable import Authoring

@Suite struct F07UnknownNameTests {
  @Test(arguments: [
    "lists: [nobodys]", "to: [a.nobody]", "coauthor-organizations: [nowhere-pd]", "feedback: [nightly]",
    "topics: [dragons]", "state-priorities: [dragons]", "foreign-release: [ZZZ]", "audience: { sectors: [dragons] }",
    "audience: { regions: [atlantis] }", "audience: { disciplines: [alchemy] }",
    "audience: { organization-types: [guild] }",
  ]) func unknown(_ line: String) {
    let sample = RuleSample(extra: [line])
    #expect(sample.places(F07UnknownName()) == ["\(sample.firstExtra) error"])
  }

  @Test func known() {
    let sample = RuleSample(
      extra: [
        "lists: [situational-awareness-all]", "to: [l.baptiste]", "coauthor-organizations: [boston-pd]",
        "topics: [metal-theft]", "foreign-release: [CAN]", "audience: { sectors: [energy], regions: [statewide] }",
      ], body: "(U) Text.[^s1]\n\n::: only sectors=energy\n(U) Text\n:::")
    #expect(sample.places(F07UnknownName()) == [])
  }

  /// The file that cannot be read has a finding of its own, and the name may stand in it.
  @Test func aNameOfAFileThatCannotBeRead() {
    let lines = ["lists: [nobodys]", "to: [a.nobody]", "coauthor-organizations: [nowhere-pd]"]
    let sample = RuleSample(sources: ["{ id: s1, describe: \"(U) Report\", originator: nowhere-pd }"], extra: lines)
    let found = sample.places(F07UnknownName())
    let own: [IDKind: [Int]] = [
      .list: [sample.firstExtra], .reader: [sample.firstExtra + 1],
      .organization: [sample.firstExtra + 2, RuleSample.firstSource],
    ]
    #expect(Set(found) == Set(own.values.joined().map { "\($0) error" }))
    for (kind, lines) in own {
      var context = sample.context
      context.vocabulary.unread = [kind]
      let left = F07UnknownName().findings(in: context).map(\.place.line)
      #expect(Set(left) == Set(own.values.joined()).subtracting(lines), "\(kind)")
    }
  }

  @Test func originator() {
    let sample = RuleSample(sources: ["{ id: s1, describe: \"(U) Report\", originator: nowhere-pd }"])
    #expect(sample.places(F07UnknownName()) == ["11 error"])
  }

  @Test func citation() {
    let sample = RuleSample(body: "(U) Text.[^s9]")
    #expect(sample.places(F07UnknownName()) == ["+1 error"])
    #expect(sample.fixes(F07UnknownName()) == ["[^s9] -> [^s1] !"])
  }

  /// What YAML cuts is F03; the sources that stand there are cited all the same.
  @Test(arguments: ["{ id: s1, describe: (U) Report: part #2, reliability: B }", "{ id: s1, describe: (U) Case #2 }"])
  func citationOfWhatCannotBeRead(_ source: String) {
    let sample = RuleSample(sources: [source], body: "(U) Text.[^s1]")
    #expect(sample.places(F03WrongType()) == ["11 error"])
    #expect(sample.places(F07UnknownName()) == [])
  }

  @Test func group() {
    #expect(
      RuleSample(body: "(U) Text\n\n::: only sectors=energi,water\n(U) Text\n:::").places(F07UnknownName())
        == ["+3 error"])
  }
}
