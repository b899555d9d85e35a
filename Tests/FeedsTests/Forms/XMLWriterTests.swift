// What is written comes back from the parser; what XML forbids is gone.

import Testing

@testable import Feeds

struct XMLWriterTests {
  private static func written(_ text: String) throws -> XMLTree? {
    XMLTree(
      try XMLWriter.document { xml throws(FeedProblem) in
        try xml.element("a", ["b": text]) { () throws(FeedProblem) in try xml.element("c", text: text) }
      })
  }

  @Test func aDocumentHasItsDeclarationAndOneElement() throws {
    let bytes = try XMLWriter.document { xml throws(FeedProblem) in
      try xml.element("feed", ["xmlns": "urn:x", "not": nil]) { () throws(FeedProblem) in
        try xml.element("title", text: "A & B")
        try xml.element("none", text: nil)
        try xml.element("empty", text: "")
        try xml.emptyElement("link", ["href": "https://x/?a=1&b=\"2\""])
      }
    }
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <feed xmlns="urn:x">
         <title>A &amp; B</title>
         <empty></empty>
         <link href="https://x/?a=1&amp;b=&quot;2&quot;"/>
        </feed>

        """)
  }

  @Test(arguments: [
    "]]>", "<![CDATA[x]]>", "a\r\nb\rc\nd\te", "<script>&amp;&#0;</script>", "  around  ", "\u{202E}evil\u{202C}",
    "\u{FEFF}mark", "é\u{301}漢字😀", "\u{7F}\u{85}\u{9F}", "\u{2028}\u{2029}", "\u{1FFFE}\u{10FFFF}", "<!--x-->",
    "<?php ?>", "&undefined;", "\"'",
  ])
  func textsComeBackAsTheyWere(_ text: String) throws {
    let tree = try #require(try Self.written(text))
    #expect(tree["c"].map { Array($0.text.utf8) } == Array(text.utf8))
    #expect(tree.attributes["b"].map { Array($0.utf8) } == Array(text.utf8))
  }

  @Test func whatXMLForbidsIsLeftOut() throws {
    let controls = (0..<0x20).compactMap(Unicode.Scalar.init).map(String.init).joined()
    let tree = try #require(try Self.written("law\u{0}less \u{FFFE}\u{FFFF}\u{FFFD}" + controls + "end"))
    #expect(tree["c"]?.text == "lawless \u{FFFD}\t\n\rend")
    #expect(tree.attributes["b"] == "lawless \u{FFFD}\t\n\rend")
  }

  @Test func aMegabyteComesBack() throws {
    for unit in ["<&>\r\"", "x", "😀"] {
      let text = String(repeating: unit, count: (1 << 20) / unit.utf8.count)
      let tree = try #require(try Self.written(text))
      #expect(tree["c"]?.text == text)
    }
  }

  @Test func anErrorInsideIsTheErrorOfTheWhole() {
    #expect(throws: FeedProblem(message: "no")) {
      try XMLWriter.document { xml throws(FeedProblem) in
        try xml.element("a") { () throws(FeedProblem) in throw FeedProblem(message: "no") }
      }
    }
  }
}
