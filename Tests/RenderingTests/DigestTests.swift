// A digest: each bulletin whole and under its own banner, one roll-up over all, the same words in HTML and text.

import Bulletins
import Foundation
import Markings
import Testing

@testable import Rendering

struct DigestTests {
  /// The hand-made product, a short (U) one, and a notice about a third.
  static func entries() throws -> [DigestProduct.Entry] {
    var full = try Sample.full()
    full.acknowledgement = nil
    full.variant.rolledUp =
      [Sample.mark("LES"), Sample.mark("FOUO"), Sample.mark()]
      + [PortionMark(mark: Mark(controls: ["LES"]), trafficLight: .amber)]
    var short = full
    var b = Sample.Builder()
    short.variant = Sample.variant(
      body: [
        Block(.heading(level: 2, [.text("Bottom line")]), portion: b.portion()),
        Block(
          .paragraph([.text("Road works close the north ramp from Monday to Wednesday."), .citation("s1")]),
          portion: b.portion()),
        Block(.heading(level: 2, [.text("Detail")]), portion: b.portion()),
        Block(
          .paragraph([
            .text("Detour signs stand; see "),
            .link(destination: "https://www.example.gov/ramp", title: "", [.text("the ramp page")]),
            .text(" for more."),
          ]), portion: b.portion()),
      ], marks: b.marks, title: "Ramp closed for three days", cut: true)
    short.variant.id = "ffeeddccbbaa99887766554433221100"
    short.variant.title.mark = Sample.mark()
    short.variant.banner = Banner(text: "UNCLASSIFIED", trafficLight: nil, colour: .unclassified)
    short.variant.rolledUp = [Sample.mark()]
    short.variant.sources = [
      VariantSource(id: "s1", number: 1, describe: MarkedText(mark: Sample.mark(), text: "State road agency"))
    ]
    short.variant.notices = [.retention]
    short.serial = "CFC-SA-2026-0007"
    short.seriesName = "Situational Awareness"
    short.reasons = [:]
    short.portal = Sample.site.portal
    let notice = NoticeProduct(
      id: "notice-cut-short-title", why: .cut, serial: "CFC-OS-2026-0043",
      shortTitle: MarkedText(mark: Sample.mark(), text: "Officer safety advisory"),
      banner: Banner(text: "UNCLASSIFIED", trafficLight: nil, colour: .unclassified), scheme: .legacy,
      releasedAt: Instant(seconds: 1_795_331_640), expires: nil, site: Sample.site,
      seriesName: "Officer Safety Bulletin",
      layouts: full.layouts, portal: Sample.site.portal)
    return [DigestProduct.Entry(full), DigestProduct.Entry(short), DigestProduct.Entry(notice)]
  }

  static func digest(_ entries: [DigestProduct.Entry], part: (number: Int, of: Int)? = nil) throws -> Rendered {
    // 23 Nov 2026, 07:00 EST.
    let digest = DigestProduct(id: "d1", entries: entries, at: Instant(seconds: 1_795_435_200), part: part)
    return try Renderer.render(digest)
  }

  @Test func golden() throws {
    let rendered = try Self.digest(Self.entries())
    let golden = GoldenFolder("digest", in: "rendered")
    try golden.expect("expected.html", rendered.page().utf8)
    try golden.expect("expected.txt", rendered.plainText().utf8)
  }

  @Test func bannerIsTheRollUpAndTheSubjectSaysNothing() throws {
    let entries = try Self.entries()
    let rendered = try Self.digest(entries)
    #expect(rendered.banner.text == "UNCLASSIFIED//LES" && rendered.banner.trafficLight == .amber)
    #expect(rendered.subject == "(U) CFC daily digest, 23 Nov 2026: 3 bulletins")
    #expect(try Self.digest(entries, part: (2, 3)).subject == "(U) CFC daily digest, 23 Nov 2026: 3 bulletins (2 of 3)")
    let harmless = try Self.digest([entries[1]])
    #expect(harmless.banner.text == "UNCLASSIFIED" && harmless.banner.trafficLight == nil)
    #expect(harmless.subject == "(U) CFC daily digest, 23 Nov 2026: 1 bulletin")
    #expect(!harmless.html.contains("LES") && !harmless.text.contains("LES"))
    for entry in entries {
      for text in [rendered.html, rendered.text] { #expect(text.contains(entry.product.serial)) }
    }
    // At the top and at the bottom of the whole, and of each.
    #expect(rendered.text.components(separatedBy: "UNCLASSIFIED//LES\n").count == 1 + 4)
  }

  @Test func inSchemeTLPItSpeaksTLP() throws {
    var entry = try Self.entries()[1]
    entry.product.variant.scheme = .tlp
    entry.product.variant.rolledUp = [PortionMark(trafficLight: .green)]
    let rendered = try Self.digest([entry])
    #expect(rendered.banner.text == "TLP:GREEN" && rendered.subject.hasPrefix("(TLP:CLEAR) "))
  }

  @Test func theSameWordsInBoth() throws {
    let rendered = try Self.digest(Self.entries(), part: (1, 2))
    let reading = HTMLReading(rendered.html)
    let text = HTMLReading.words(ofText: rendered.text)
    #expect(Set(reading.words).subtracting(text) == [], "lost in the text")
    #expect(Set(text).subtracting(reading.words) == [], "lost in the HTML")
    #expect(reading.problems == [])
  }

  /// Each link to a source or table goes to that of its own bulletin.
  @Test func anchorsAreToldApart() throws {
    let entry = try Self.entries()[0]
    let html = try Self.digest([entry, entry]).html
    let ids = html.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(ids).count == ids.count && ids.contains("b1-s1") && ids.contains("b2-s1"))
    let targets = html.components(separatedBy: "href=\"#").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(targets).isSubset(of: Set(ids)) && targets.contains("b2-s1"))
  }

  @Test(arguments: 0..<25)
  func randomBulletins(seed: Int) throws {
    let words = ["pistol", "route", "Worcester", "stop", "white", "1991", "Main", "Street", "caf\u{E9}"]
    var random = RandomProduct(seed: UInt64(seed)) { generator in
      (0..<Int.random(in: 1...12, using: &generator)).map { _ in words.randomElement(using: &generator) ?? "" }
        .joined(separator: " ")
    }
    let layouts = try Sample.layouts()
    let entries = try (0..<3).map { _ in
      var product = try random.product(layouts: layouts)
      product.acknowledgement = nil
      product.variant.rolledUp = product.variant.marks.compactMap { $0 } + [Sample.mark()]
      return DigestProduct.Entry(product)
    }
    let rendered = try Self.digest(entries)
    let reading = HTMLReading(rendered.html)
    let text = HTMLReading.words(ofText: rendered.text)
    #expect(Set(reading.words).symmetricDifference(text).sorted() == [], "seed \(seed)")
    #expect(reading.problems == [], "seed \(seed)")
  }

  /// Under the limits, in order, nothing lost or doubled; CUI apart from legacy marks.
  @Test func splitting() throws {
    let entries = try Self.entries()
    var many: [DigestProduct.Entry] = []
    for number in 0..<60 {
      var entry = entries[number % 3]
      entry.product.serial = "CFC-XX-2026-\(number)"
      if number % 7 == 0 {
        entry.product.variant.scheme = .cui
        entry.product.variant.rolledUp = [PortionMark(mark: Mark(family: .cui))]
      }
      many.append(entry)
    }
    let messages = DigestProduct.split(many).map { $0.map { many[$0] } }
    #expect(messages.count > 2)
    #expect(messages.flatMap { $0 }.map(\.product.serial).sorted() == many.map(\.product.serial).sorted())
    for (index, message) in messages.enumerated() {
      #expect(Set(message.map { $0.product.variant.scheme == .cui }).count == 1)
      let numbers = message.compactMap { Int($0.product.serial.dropFirst(12)) }
      #expect(numbers == numbers.sorted())
      let rendered = try Self.digest(message, part: (index + 1, messages.count))
      #expect(rendered.html.utf8.count < 90_000, "\(rendered.html.utf8.count) bytes")
    }
    #expect(DigestProduct.split([]).isEmpty && DigestProduct.split([entries[0]]).count == 1)
    // A bulletin too large for any message goes alone.
    var large = entries[1]
    large.product.variant.body[1].content = .paragraph([.text(String(repeating: "word ", count: 30_000))])
    #expect(DigestProduct.split([entries[1], large, entries[2]]).map(\.count) == [1, 1, 1])
  }
}
