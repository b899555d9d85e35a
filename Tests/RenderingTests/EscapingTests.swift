// Whatever an author or a site writes, in any position, stays text.

import Foundation
import Markings
import Testing

@testable import Rendering

struct EscapingTests {
  static let hostile = [
    "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' style='x", "</td></table></body>", "<!--", "-->",
    "{{body}}", "{{{title}}}", "{{#x}}", "]]>", "&lt;b&gt;", "&#60;", "<img src=x onerror=alert(1)>",
    "\u{202E}SEL//U(", "\u{0}\u{1}\u{8}\u{1B}[31m", "\u{2028}<b>", "\u{FEFF}\u{FFFE}", "\u{E0041}tag", "a\r\nb",
    "<a href=\"javascript:alert(1)\">", "\u{2066}", String(repeating: "\u{1}", count: 32), "<zq", "\u{85}",
  ]

  @Test(arguments: 0..<60)
  func nothingThatIsWrittenBecomesMarkup(seed: Int) throws {
    var random = RandomProduct(seed: UInt64(seed)) { generator in
      (0..<Int.random(in: 1...3, using: &generator)).map { _ in Self.hostile.randomElement(using: &generator) ?? "" }
        .joined(separator: Bool.random(using: &generator) ? " " : "")
    }
    let rendered = try Renderer.render(random.product(layouts: Sample.layouts()))
    let reading = HTMLReading(rendered.html)
    #expect(reading.problems.isEmpty, "seed \(seed)")
    for element in reading.elements {
      if let href = element.attributes["href"] {
        let lower = href.lowercased()
        #expect(
          ["#", "http://", "https://", "mailto:", "tel:"].contains { lower.hasPrefix($0) }, "seed \(seed): \(href)")
      }
      if let source = element.attributes["src"] { #expect(source.hasPrefix("cid:"), "seed \(seed)") }
    }
    #expect(reading.elements.filter { $0.name == "h1" }.count == 1)
    // The only controls are line feeds and the two slots of the acknowledgement link.
    for output in [rendered.html, rendered.text, rendered.subject] {
      let controls = output.unicodeScalars.filter {
        ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value)
      }
      #expect(controls.allSatisfy { $0.value == 1 }, "seed \(seed)")
      #expect(controls.count == (output == rendered.subject ? 0 : Rendered.slotWidth), "seed \(seed)")
      #expect(!output.unicodeScalars.contains { (0x202A...0x202E).contains($0.value) || $0.value == 0x2066 })
    }
    #expect(!rendered.subject.contains("\n"))
  }

  @Test func destinationsOfOtherSchemesAreOnlyWords() {
    for bad in [
      "javascript:x", "data:text/html,x", "ftp://x", " https://x", "https://x y", "vbscript:x", "//x", "", "cid:x",
    ] {
      #expect(!isAllowedDestination(bad), "\(bad)")
    }
    for good in ["https://x", "HTTP://x", "mailto:a@b", "tel:555-0100"] { #expect(isAllowedDestination(good)) }
  }

  @Test func cleanTextStays() {
    let text = "caf\u{E9} \u{1F697} \u{4F8B} e\u{301} \u{2019} \u{B7} \u{2003}x \u{200D}"
    #expect(cleaned(text) == text)
    #expect(escaped("a < b & \"c\" 'd' > e") == "a &lt; b &amp; &quot;c&quot; &#39;d&#39; &gt; e")
  }

  /// The order of headings, whatever levels the source has.
  @Test(arguments: 100..<120)
  func headingsNeverSkip(seed: Int) throws {
    var random = RandomProduct(seed: UInt64(seed)) { _ in "word" }
    let reading = try HTMLReading(Renderer.render(random.product(layouts: Sample.layouts())).html)
    var level = 0
    for element in reading.elements where element.name.count == 2 && element.name.first == "h" {
      guard let next = element.name.last?.wholeNumberValue else { continue }
      #expect(next <= level + 1, "seed \(seed)")
      level = next
    }
  }
}
