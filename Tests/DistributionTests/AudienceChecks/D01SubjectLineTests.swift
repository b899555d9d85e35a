// D01: short titles above the header ceiling.

import Bulletins
import Testing

@testable import Distribution

@Suite struct D01SubjectLineTests {
  @Test(arguments: [
    ("(U) Short", []), ("(U//FOUO) Short", []), ("(U//LES) Short", []), ("(U//DSEN) Short", ["D01 4 error"]),
    ("(U//SSI) Short", ["D01 4 error"]),
  ]) func ceilings(_ short: String, _ found: [String]) {
    let sample = AudienceSample(title: short, shortTitle: short, readers: [])
    #expect(sample.summary == found)
  }

  /// What cannot be read at all is refused by rules of its own.
  @Test func unmarked() { #expect(AudienceSample(shortTitle: "Short", readers: []).summary == []) }

  @Test func faults() {
    #expect(AudienceSample(shortTitle: "(U//DSEN) Short", faults: [.invalid]).summary == [])
  }
}
