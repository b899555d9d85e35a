// C07: names in statistics; the gate does not help.

import Testing

@testable import Authoring

@Suite struct C07NameInStatisticsTests {
  static let method = "\n\n## (U) Method and limits\n\n(U) Text"

  @Test(arguments: ["false", "true, reason: \"x\""]) func names(_ gate: String) {
    let text = "(U) One yard is owned by [Alder Quince]{usper}."
    let extra = ["us-persons: { value: \(gate) }"]
    #expect(RuleSample(extra: extra, body: text + Self.method).places(C07NameInStatistics()) == ["+1 warning"])
    #expect(RuleSample(extra: extra, body: text).places(C07NameInStatistics()) == [])
  }

  @Test(arguments: [
    "Officer Quince was hurt", "arrested by Sgt. Quince", "Mr. Quince paid", "the suspect Alder Quince",
    "Victim Alder Quince",
    "the victim Quince", "Det. Lt. Quince", "a report by Detective O'Quince", "Ms. Alder Quince-Doe",
  ]) func afterATitle(_ text: String) {
    let sample = RuleSample(body: "(U) Text\n\n(U) There \(text)." + Self.method)
    #expect(sample.places(C07NameInStatistics()) == ["+3 warning"])
  }

  @Test(arguments: [
    "Officer Safety", "an officer. Boston had most", "suspect Hispanic, victim Black", "Victim Offender Relationship",
    "Victim Age", "the Sheriff of Suffolk County", "Deputy Superintendent", "Chief Justice",
    "Massachusetts State Police",
    "one officer in Boston", "the suspect May", "OFFICER ASSAULTED", "Sgt 12", "Agent Type",
  ]) func nobody(_ text: String) {
    #expect(RuleSample(body: "(U) There \(text)." + Self.method).places(C07NameInStatistics()) == [])
  }

  @Test func taggedIsFoundOnce() {
    let sample = RuleSample(body: "(U) Officer [Alder Quince]{usper} was hurt." + Self.method)
    #expect(sample.places(C07NameInStatistics()) == ["+1 warning"])
  }

  @Test func subjects() {
    let body = "(U) One\n\n```subject\nkind: person\nname: Alder Quince\n```" + Self.method
    #expect(RuleSample(body: body).places(C07NameInStatistics()) == ["+5 warning"])
  }
}
