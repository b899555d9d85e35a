// C05: numbers of criminal history records, NCIC output; no gate opens it.

import Testing

@testable import Authoring

@Suite struct C05CriminalHistoryTests {
  @Test(arguments: [
    "FBI/000000XX0, SID/MA00000000", "FBI No. 123456AB7", "FBI number 1234567", "SID: MA12345678", "SID #12345678",
    "NIC/W123456789", "MKE/WANTED PERSON", "ORI/MA9991234", "OCA/2026-00123",
    "SID MA12345678", "SID 12345678", "FBI 123456AB7", "State ID number MA12345678", "State ID MA12345678",
    "state identification No. MA12345678", "SID number is MA12345678",
    "NAM/QUINCE,ROLF DOB/19840403 SEX/M", "DOB/19840403",
  ]) func found(_ text: String) {
    let sample = RuleSample(extra: ["pii: { value: true, reason: \"x\" }"], body: "(U) It has \(text) in it.")
    #expect(sample.places(C05CriminalHistory()) == ["+1 warning"])
  }

  @Test(arguments: [
    "the FBI 2024 report", "FBI/DEA task force", "verify in NCIC first", "the SOC/NOC of the utility", "a SID tune",
    "FBI Boston and 12 others", "and/or", "the oca/2026 plan",
    "NAM/Laos", "Name/DOB", "dob/age", "SEX/RACE", "FBI 2026-11-20", "FBI 202611", "State ID cards 12345678",
    "SID HEADQUARTERS", "an FBI. 12345678",
  ]) func clean(_ text: String) {
    #expect(RuleSample(body: "(U) It has \(text) in it.").places(C05CriminalHistory()) == [])
  }
}
