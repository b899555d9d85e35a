// C01: personal numbers without the pii gate.

import Bulletins
import Testing

@testable import Authoring

@Suite struct C01PersonalDataTests {
  @Test(arguments: [
    "SSN 219-09-9999, was asked", "ssn 219 09 9999", "social security number 219099999", "219-09-9999",
    "21**9-09**-9999 hidden by emphasis", "219\u{2011}09\u{2011}9999",
    "call 617-555-0142", "(617) 555-0142", "617.555.0142", "+1 617 555 0142", "+1-617-555-0142", "phone 6175550142",
    "DOB 4/12/1991", "D.O.B. 1991-04-12", "date of birth: April 12, 1991", "born on 12 April 1991",
    "plate 1ABC23", "license plate 4AB C23", "registration MA 123AB4", "plate no. 1ABC23",
    "NH registration 482 1733", "plates of New Hampshire 4821733", "LP# 7XK492", "MA tag 7XK 492", "tag #7XK492",
    "born on Apr 3rd, 1984", "tel. 555-0199", "phone number 555-0199", "cell: 555-0199",
    "license S12345678", "SA1234567", "license number D1234567890",
  ]) func found(_ text: String) {
    let found = C01PersonalData().findings(in: RuleSample(body: "(U) He has \(text) it is said.").context)
    #expect(found.count == 1, "\(found)")
    let digits = text.filter(\.isNumber)
    #expect(found.allSatisfy { !$0.message.contains(digits) && $0.severity == .warning })
  }

  @Test(arguments: [
    "219-09-99999", "2026-11-18", "000-12-3456", "219-00-9999", "10.1.2.3", "Route 24 and 495",
    "the years 2019 to 2023, and 5,816 in 2023 alone", "11,088 of 85,730", "from 691 571 to 6882", "dial 911 or 988",
    "born in 1991", "the back plate, leave it on", "license plate readers from 20:00 to 24:00", "a number plate frame",
    "plates M30 and blue", "series 40", "between 45-55% and 80-95%", "CFC-OS-2026-0042", "501 CMR 4.07(3)",
    "S1234", "the registration of 1,200 readers", "driving without a license", "case 617-555-01422",
    "item 12-617-555-0142", "call the watch at 555-0100", "the cyber desk, 555-0120", "a tag on each cable drum",
    "evidence tag 12AB345", "an LP 500", "registration of 4821733 readers", "NH registration 4,821,733",
    "phone 555-01999", "the plate of New York 3 times", "Mass registration 12",
  ]) func clean(_ text: String) {
    #expect(RuleSample(body: "(U) It says \(text) there.").places(C01PersonalData()) == [], "\(text)")
  }

  @Test func whereItStands() {
    var sample = RuleSample(
      body: "(U) First line,\nthen 219-09-9999.\n\n| Name | SSN |\n|---|---|\n| x | 219-09-9998 |")
    #expect(sample.places(C01PersonalData()) == ["+2 warning", "+6 warning"])
    #expect(C01PersonalData().findings(in: sample.context).map(\.place.column) == [6, 7])
    sample.body = ""
    sample.title = "(U) Call 617-555-0142"
    #expect(sample.places(C01PersonalData()) == ["\(RuleSample.titleLine) warning"])
  }

  @Test func hotlinesOfTheSite() {
    var sample = RuleSample(body: "(U) Call (617) 555-0100 or 617-555-0199, not 617-555-0142.")
    sample.site.contacts["watch"] = Site.Contact(name: "Watch", phone: "+1 617 555 0100")
    sample.site.reporting["standard"] = Site.TextBlock(text: "Call us", link: "tel:+16175550199")
    #expect(C01PersonalData().findings(in: sample.context).map(\.place.column) == [46])
  }

  /// The lines of a center without their area codes, as its site file and its bulletins write them.
  @Test(arguments: ["555-0100", "+1 617 555 0100"]) func shortHotlines(_ phone: String) {
    var sample = RuleSample(body: "(U) Telephone 555-0100, not cell 555-0142.")
    sample.site.contacts["watch"] = Site.Contact(name: "Watch", phone: phone)
    #expect(C01PersonalData().findings(in: sample.context).map(\.place.column) == [34])
  }

  @Test func subjects() {
    let body = "(U) One\n\n```subject\nmark: U\nkind: person\ndob: 1991-04-12\nplate: 1ABC23\n```"
    #expect(RuleSample(body: body).places(C01PersonalData()) == ["+6 warning", "+7 warning"])
  }

  @Test func theGate() {
    let body = "(U) SSN 219-09-9999"
    #expect(RuleSample(extra: ["pii: { value: true, reason: \"x\" }"], body: body).places(C01PersonalData()) == [])
    #expect(RuleSample(extra: ["pii: { value: false }"], body: body).places(C01PersonalData()) == ["+1 warning"])
  }
}
