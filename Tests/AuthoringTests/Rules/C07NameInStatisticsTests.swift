// C07: names in statistics; the gate does not help.

import Bulletins
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
    "the victim Quince", "Det. Lt. Quince", "Lt. Col. Quince", "Trooper First Class Alder Quince",
    "Deputy Superintendent Quince", "Officer Quince of the Sex Offender Registry Board",
    "a report by Detective O'Quince", "Ms. Alder Quince-Doe",
  ]) func afterATitle(_ text: String) {
    let sample = RuleSample(body: "(U) Text\n\n(U) There \(text)." + Self.method)
    #expect(sample.places(C07NameInStatistics()) == ["+3 warning"])
  }

  @Test(arguments: [
    "Officer Safety", "an officer. Boston had most", "suspect Hispanic, victim Black", "Victim Offender Relationship",
    "Victim Age", "the Sheriff of Suffolk County", "Deputy Superintendent", "Chief Justice",
    "Massachusetts State Police",
    "one officer in Boston", "the suspect May", "OFFICER ASSAULTED", "Sgt 12", "Agent Type",
    "Office of the Chief Medical Examiner", "the Sex Offender Registry Board", "MS Access and MS Excel",
    "the Lieutenant Governor's working group", "Lt. Governor", "every Trooper First Class", "a Lt Col",
    "Victim Notification Network", "Victim Witness Advocate Program", "Officer Wellness Program", "Trooper Foundation",
    "Judge Rotenberg Center", "Fire Chief Association", "Police Chief Round Table", "a Detective Lieutenant of police",
    "Seen by Sheriff Departments of all counties", "Agent Orange Way", "Deputy Secretary and Inspector General",
  ]) func nobody(_ text: String) {
    #expect(RuleSample(body: "(U) There \(text)." + Self.method).places(C07NameInStatistics()) == [])
  }

  /// A guess stays a warning; what says that it is a person is an error, where the template asks for the method.
  @Test func severities() {
    var sample = RuleSample(body: "(U) Officer Quince was hurt.\n\n(U) [Alder Quince]{usper} was not.")
    sample.template = SeriesTemplate(
      series: "x", name: "", code: "X", publicName: "", requiredSections: ["Method and limits"])
    #expect(sample.places(C07NameInStatistics()) == ["+3 error", "+1 warning"])
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
