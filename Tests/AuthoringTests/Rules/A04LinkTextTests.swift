// A04: links whose text says nothing.

import Bulletins
import Testing

@testable import Authoring

@Suite struct A04LinkTextTests {
  @Test(arguments: [
    "here", "Here", "click here", "**here**", "this link", "Read more...", "more information", "this",
  ]) func empty(_ text: String) {
    #expect(
      RuleSample(body: "(U) The form is [\(text)](https://portal.cfc.example.gov/report).").places(A04LinkText())
        == ["+1 warning"])
  }

  @Test(arguments: [
    "the report form", "https://portal.cfc.example.gov/report", "here is the form of the watch", "call the watch",
  ]) func telling(_ text: String) {
    #expect(
      RuleSample(body: "(U) See [\(text)](https://portal.cfc.example.gov/report).").places(A04LinkText()) == [])
  }

  @Test func placesInParagraphsAndTables() {
    let body =
      "(U) One line,\nand [here](https://a.example.gov) on another.\n\n| Form |\n|---|\n| [link](https://b.example.gov) |"
    let found = A04LinkText().findings(in: RuleSample(body: body).context)
    #expect(found.map { "\($0.place.line - RuleSample().firstBody + 1):\($0.place.column)" } == ["2:5", "6:3"])
  }

  @Test func bareAddresses() {
    #expect(RuleSample(body: "(U) See https://a.example.gov and <https://b.example.gov>.").places(A04LinkText()) == [])
  }
}
