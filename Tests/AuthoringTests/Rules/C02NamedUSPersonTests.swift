// C02: named US persons without the us-persons gate.

import Testing

@testable import Authoring

@Suite struct C02NamedUSPersonTests {
  @Test(arguments: [
    ("(U) The dealer [Alder Quince]{usper} sold it.", ["+1 warning"]),
    ("(U) The dealer\n[Alder *Quince*]{usper} and [Bay Rowan]{usper}.", ["+1 warning", "+2 warning"]),
    ("| Name |\n|---|\n| [Alder Quince]{usper} |", ["+3 warning"]),
    ("(U) One\n\n```subject\nkind: person\nname: Alder Quince\n```", ["+5 warning"]),
    ("(U) One\n\n```subject\nkind: person\ndescriptors: { hair: red }\n```", []),
    ("(U) One\n\n```subject\nkind: vehicle\nname: Blue van\n```", []),
    ("(U) Nobody is named.", []),
  ]) func names(_ body: String, _ places: [String]) {
    #expect(RuleSample(body: body).places(C02NamedUSPerson()) == places)
  }

  @Test func theGate() {
    let sample = RuleSample(
      extra: ["us-persons: { value: true, reason: \"x\" }"], body: "(U) The dealer [Alder Quince]{usper}.")
    #expect(sample.places(C02NamedUSPerson()) == [])
  }
}
