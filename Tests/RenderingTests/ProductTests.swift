// What products look like: order, banner, notices, the fixed line, drafts, notices without a body, size.

import Bulletins
import Foundation
import Markings
import Testing

@testable import Rendering

struct ProductTests {
  private func order(_ text: String, _ parts: [String]) {
    var rest = Substring(text)
    for part in parts {
      guard let range = rest.range(of: part) else {
        Issue.record("missing or out of order: \(part)")
        return
      }
      rest = rest[range.upperBound...]
    }
  }

  @Test func partsStandInTheirOrder() throws {
    var product = try Sample.full()
    product.variant.notices = [.ssi, .cui, .les]
    product.variant.cut = true
    product.relation = Relation(.updates, serial: "CFC-OS-2026-0041")
    let rendered = try Renderer.render(product)
    let cut = "You may read more of this product than this"
    let body = [
      "Officer Safety Bulletin", "CFC-OS-2026-0042", "Pistols with conversion devices", "For corrections and law",
      "This product updates CFC-OS-2026-0041.", "Controlled by:", "Bottom line", "Recommended action", "Sources",
      "Reporting", "Contact", "Feedback", "Handling", "Law Enforcement Sensitive.", "Expires 20 Dec 2026", cut,
    ]
    order(rendered.text, ["UNCLASSIFIED//LES", "TLP:AMBER"] + body + ["49 CFR", "TLP:AMBER", "UNCLASSIFIED//LES"])
    order(rendered.html, ["UNCLASSIFIED//LES</", "TLP:AMBER"] + body + ["49 CFR", "TLP:AMBER", "UNCLASSIFIED//LES</"])
    #expect(rendered.html.components(separatedBy: "UNCLASSIFIED//LES</").count == 3)
  }

  @Test func verifyComesBeforeTheName() throws {
    let rendered = try Renderer.render(Sample.full())
    order(rendered.html, ["Verify before acting.", "Corwin Halvard Pike", "ARMED \u{B7} FLEES \u{B7} BODY ARMOR"])
    order(rendered.text, ["Verify before acting.", "Corwin Halvard Pike", "ARMED \u{B7} FLEES \u{B7} BODY ARMOR"])
  }

  @Test func theFixedLineIsTheOnlyDifferenceOfACutVariant() throws {
    var product = try Sample.full()
    let whole = try Renderer.render(product)
    product.variant.cut = true
    for portal in [nil, "https://portal.cfc.example.gov/"] {
      product.portal = portal
      let cut = try Renderer.render(product)
      func added(_ a: String, _ b: String) -> Set<Substring> {
        Set(b.split(separator: "\n")).subtracting(a.split(separator: "\n"))
      }
      #expect(added(whole.html, cut.html).count == 1)
      #expect(added(cut.html, whole.html).isEmpty)
      #expect(added(cut.text, whole.text.replacing("3. https", with: "3. https")).isEmpty)
      #expect(cut.html.contains(portal ?? "24x7 watch, 555-0100"))
      #expect(cut.text.contains(portal ?? "24x7 watch"))
    }
  }

  @Test func subjectHasThePortionMark() throws {
    var product = try Sample.full()
    #expect(try Renderer.render(product).subject == "(U) Officer safety: pistols altered to fire automatically")
    product.shortTitleInHeaders = false
    #expect(try Renderer.render(product).subject == "(U) Officer Safety Bulletin CFC-OS-2026-0042")
    product.variant.scheme = .tlp
    #expect(try Renderer.render(product).subject == "(TLP:CLEAR) Officer Safety Bulletin CFC-OS-2026-0042")
  }

  @Test func aDraftSaysSo() throws {
    var product = try Sample.full()
    product.serial = "DRAFT"
    product.releasedAt = nil
    let rendered = try Renderer.render(product)
    for text in [rendered.html, rendered.text] {
      order(text, ["DRAFT", "Draft, not released", "Draft. Not released:"])
    }
  }

  @Test func noticeProducts() throws {
    for why in Layouts.Why.allCases {
      let notice = NoticeProduct(
        id: "notice-1", why: why, serial: "CFC-OS-2026-0042", shortTitle: nil,
        banner: Banner(text: "UNCLASSIFIED", trafficLight: nil, colour: .unclassified), scheme: .legacy,
        releasedAt: Instant(seconds: 1_795_331_640), expires: CivilDate("2026-12-20").map(CivilMoment.date),
        site: Sample.site, seriesName: "Officer Safety Bulletin", layouts: try Sample.layouts(),
        portal: why == .cut ? "https://portal.cfc.example.gov/" : nil)
      let rendered = try Renderer.render(notice)
      let reading = HTMLReading(rendered.html)
      #expect(reading.problems == [])
      #expect(rendered.subject == "(U) Officer Safety Bulletin CFC-OS-2026-0042")
      #expect(Set(reading.words) == Set(HTMLReading.words(ofText: rendered.text)))
      #expect(rendered.html.contains("https://portal.cfc.example.gov/") == (why == .cut))
      order(rendered.text, ["UNCLASSIFIED", "Commonwealth Fusion Center", "CFC-OS-2026-0042", "UNCLASSIFIED"])
      #expect(!rendered.html.utf8.contains(Rendered.slotByte))
    }
  }

  @Test func aNoticeWithoutATextIsRefused() throws {
    var product = try Sample.full()
    let pages = try Sample.pageTexts()
    product.layouts = try Layouts(pages: pages, notices: ["fouo": "x\n\nWords"])
    #expect(throws: LayoutProblem.self) { try Renderer.render(product) }
    #expect(throws: LayoutProblem.self) { try Layouts(pages: [:], notices: [:]) }
    #expect(throws: LayoutProblem.self) { try Layouts(pages: pages, notices: ["les": "{{#open}}"]) }
  }

  @Test(arguments: [
    ("", "empty"), (" \n\t\n", "empty"), ("Law Enforcement Sensitive\n", "says nothing"),
    ("Law Enforcement Sensitive\n\n{{#nosuch}}x{{/nosuch}}", "nosuch"),
    ("Name\n\nWords {{^nosuch}}x{{/nosuch}}", "nosuch"),
    ("Name\n\n{{body}}", "body"), ("Name\n\n{{#expires}}Until {{expires}}{{/expires}}", "says nothing"),
    ("Name\n\n{{^expires}}For ever{{/expires}}", "says nothing"),
    ("{{#expires}}Name{{/expires}}\n\nWords", "says nothing"),
  ]) func aNoticeThatSaysNothingIsRefused(_ text: String, _ words: String) throws {
    let pages = try Sample.pageTexts()
    for stem in ["les", "recalled"] {
      let problem = #expect(throws: LayoutProblem.self) { try Layouts(pages: pages, notices: [stem: text]) }
      #expect(problem?.name == stem && problem?.message.contains(words) == true, "\(String(describing: problem))")
    }
  }

  @Test func reasonsHaveTheShortTitlesLabel() throws {
    var product = try Sample.full()
    #expect(try Renderer.render(product).html.contains("One person is named because"))
    product.variant.details = nil
    let rendered = try Renderer.render(product)
    #expect(rendered.text.contains("US persons.") && !rendered.text.contains("arrest warrant is open"))
    #expect(!rendered.html.contains("One person is named because"))
  }

  @Test func noforn() throws {
    var product = try Sample.full()
    func printed() throws -> String { try Renderer.render(product).text.replacing("\n", with: "") }
    product.variant.notices = [.fouo]
    let foreign = "foreign organizations"
    #expect(try !printed().contains(foreign))
    product.variant.banner.text = "UNCLASSIFIED//FOUO/NOFORN"
    #expect(try printed().contains(foreign))
    // Its own notice says it once.
    product.variant.notices = [.lesNoforn, .fouo]
    #expect(try printed().components(separatedBy: foreign).count == 2)
  }

  @Test func aReleaseOfPartsIsNotCalledOneOfTheWhole() throws {
    var product = try Sample.full()
    product.variant.notices = [.privateSector]
    func printed() throws -> String { try Renderer.render(product).text.replacing("\n", with: "") }
    #expect(try printed().contains("has released this product to vetted"))
    product.variant.isPrivateInPart = true
    let parts = try printed()
    #expect(parts.contains("has released parts of this product") && parts.contains("do not give it to such a partner"))
    #expect(!parts.contains("has released this product to"))
  }

  @Test func everyNoticeKindHasAShippedText() throws {
    #expect(try Sample.layouts().noticeKinds == Set(NoticeKind.allCases))
  }

  @Test func sameBytesEveryTime() throws {
    #expect(try Renderer.render(Sample.full()) == Renderer.render(Sample.full()))
  }

  @Test func aLongBulletinStaysUnderTheClip() throws {
    var product = try Sample.full()
    // Some 12 KB of words.
    let body = product.variant.body
    product.variant.body = Array(repeating: body, count: 4).flatMap(\.self)
    let rendered = try Renderer.render(product)
    #expect(rendered.html.utf8.count < 90_000)
  }

  @Test func picturesGoUnderNeutralNames() throws {
    var product = try Sample.full()
    product.pictures = [
      "conversion-device.png": PrintedPicture(bytes: [1, 2, 3], mediaType: "image/png", width: 1200, height: 600),
      "pike-van.jpg": PrintedPicture(bytes: [4], mediaType: "image/jpeg", width: 200, height: 100),
      "hidden.png": PrintedPicture(bytes: [9], mediaType: "image/png", width: 1, height: 1),
    ]
    let rendered = try Renderer.render(product)
    #expect(rendered.images.map(\.fileName) == ["figure-1.jpg", "chart-1.svg", "chart-1.png", "figure-2.png"])
    #expect(rendered.mailImages.map(\.fileName) == ["figure-1.jpg", "chart-1.png", "figure-2.png"])
    #expect(!rendered.html.contains("pike-van") && !rendered.html.contains("hidden.png"))
    #expect(rendered.html.contains("width=\"616\" height=\"308\""))
    #expect(rendered.page().contains("src=\"data:image/png;base64,AQID\""))
    #expect(!rendered.page(token: "T").contains("cid:"))
  }
}
