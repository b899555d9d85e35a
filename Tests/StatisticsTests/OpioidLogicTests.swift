// Text and laboratory decide, not the code alone: fentanyl hides in H, and so does much that is no opioid.

import Testing

@testable import Statistics

@Suite struct OpioidLogicTests {
  private func answer(
    _ codes: String, _ suspected: String?, _ status: String = "pending", _ laboratory: String? = nil
  ) throws -> OpioidLogic.Answer {
    let substances = try SampleExports.knowledge().substances
    return OpioidLogic.answer(
      codes: codes, suspected: suspected.flatMap { substances[$0] }, labStatus: status,
      laboratory: laboratory.flatMap { substances[$0] })
  }

  @Test func theTextDecidesWhatHIs() throws {
    #expect(try answer("H", "fentanyl") == .opioid(suspected: "fentanyl"))
    #expect(try answer("H", "methamphetamine") == .other(reason: "methamphetamine"))
    #expect(try answer("H;P", "xylazine") == .other(reason: "xylazine"))
  }

  @Test(arguments: ["H", "P", "U", "X", "H;P", ""]) func aCodeThatNamesNothingIsNotEnough(codes: String) throws {
    guard case .unnamed = try answer(codes, nil) else {
      Issue.record("\(codes) is no opioid")
      return
    }
  }

  @Test(arguments: [("D", "heroin"), ("D;H", "heroin"), ("F", "morphine"), ("G", "opium")])
  func aCodeThatNamesItIs(codes: String, name: String) throws {
    #expect(try answer(codes, nil) == .opioid(suspected: name))
  }

  @Test func theLaboratoryHasTheLastWordAndChangesNoSuspicion() throws {
    #expect(
      try answer("H", "fentanyl", "confirmed", "methamphetamine")
        == .other(reason: "the laboratory found methamphetamine"))
    #expect(try answer("L", "methamphetamine", "confirmed", "fentanyl") == .opioid(suspected: "methamphetamine"))
    #expect(try answer("D", "heroin", "confirmed", "heroin and fentanyl") == .opioid(suspected: "heroin"))
    // A negative answer does not undo the arrest: it is counted as suspected, and as negative.
    #expect(try answer("H", "fentanyl", "negative") == .opioid(suspected: "fentanyl"))
  }

  @Test func contradictionsAreForAPerson() throws {
    for (codes, suspected, status, laboratory) in [
      ("D", "cocaine", "pending", nil), ("H", "fentanyl", "confirmed", nil), ("H", "fentanyl", "pending", "fentanyl"),
    ] as [(String, String, String, String?)] {
      guard case .unclear = try answer(codes, suspected, status, laboratory) else {
        Issue.record("\(codes) \(suspected) \(status) is not clear")
        continue
      }
    }
  }
}
