// Pages for paper: layout without tables, pictures with their words, and nothing else changed.

import Testing

@testable import Rendering

struct PaperPageTests {
  @Test func aLooseSheetSaysWhatItIsOf() throws {
    var product = try Sample.full()
    func foot() throws -> Bool {
      try Renderer.render(product).html.contains("@bottom-left { content: \"\(product.serial)\";")
    }
    #expect(try foot())
    product.serial = "DRAFT"
    product.releasedAt = nil
    #expect(try foot())
    // Nothing that ends a string or a style sheet.
    #expect(Sheet.inStyles("CFC-1\"</style>\\") == "CFC-1style")
  }

  @Test func tablesThatLayOutLoseTheirNames() {
    let html =
      "<table role=\"presentation\" class=\"card\"><tr><td>a<table class=\"wide\"><tr><td>1</td></tr></table>b</td></tr></table>"
    #expect(
      Rendered.paper(html)
        == "<lay-table class=\"card\"><lay-tr><lay-td>a<table class=\"wide\"><tr><td>1</td></tr></table>b</lay-td></lay-tr></lay-table>"
    )
  }

  @Test func picturesAreToldInWordsAndDecorationIsNot() {
    #expect(
      Rendered.paper(
        "<p><img src=\"cid:a\" alt=\"Tom &amp; &quot;van&quot;\" width=\"2\"></p><img src=\"cid:b\" alt=\"\">")
        == "<p><img src=\"cid:a\" alt=\"Tom &amp; &quot;van&quot;\" width=\"2\">"
        + "<span class=\"alternative\">[Picture: Tom &amp; &quot;van&quot;]</span></p><img src=\"cid:b\" alt=\"\">")
  }

  @Test func commentsForMailProgramsAreLeftOut() {
    #expect(Rendered.paper("a<!--[if mso]><table role=\"presentation\"><tr><td><![endif]-->b") == "ab")
  }

  @Test(arguments: ["<", "<table", "</table></td>", "<!-- a", "<table role=\"presentation\"></table></table><td>", ""])
  func whatIsNoPageOfOursIsNoFault(html: String) {
    // Only that it ends, and loses no text before the fault.
    #expect(Rendered.paper("words " + html).hasPrefix("words "))
  }

  @Test func aWholeProductKeepsItsWordsAndItsTables() throws {
    let rendered = try Renderer.render(Sample.full())
    let paper = rendered.paper()
    let before = HTMLReading(rendered.html)
    let after = HTMLReading(Rendered.paper(rendered.html))
    #expect(Set(before.words).subtracting(after.words) == [])
    #expect(after.elements.allSatisfy { $0.attributes["role"] != "presentation" })
    #expect(after.elements.contains { $0.name == "th" })
    #expect(!paper.contains("cid:"))
  }
}
