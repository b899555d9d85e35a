// A product made by hand, shaped like the officer-safety sample: every kind of block once.

import Bulletins
import Foundation
import Markings

@testable import Rendering

enum Sample {
  static let zone = TimeZone(identifier: "America/New_York") ?? .gmt
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func texts(_ folder: String, _ suffix: String) throws -> [String: String] {
    let folder = root.appending(path: "templates").appending(path: folder)
    var texts: [String: String] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(suffix) {
      texts[String(name.dropLast(suffix.count))] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    return texts
  }

  static func pageTexts() throws -> [String: String] { try texts("layouts", ".mustache") }

  /// The layouts and notices that the package ships.
  static func layouts() throws -> Layouts { try Layouts(pages: pageTexts(), notices: texts("notices", ".txt")) }

  static let site = Site(
    id: "cfc", name: "Commonwealth Fusion Center", serialPrefix: "CFC", zone: zone,
    portal: "https://portal.cfc.example.gov/",
    designation: Site.Designation(
      controlledBy: "Commonwealth Fusion Center, Analysis Section", pointOfContact: "watch"),
    contacts: ["watch": Site.Contact(name: "24x7 watch", phone: "555-0100", email: "watch@cfc.example.gov")],
    feedback: [
      "standard": Site.TextBlock(
        text: "Tell us whether this product helped you, in one minute", link: "https://portal.cfc.example.gov/feedback")
    ],
    reporting: [
      "standard": Site.TextBlock(
        text: "Emergencies: 911. Suspicious activity: your own agency first, then the 24x7 watch.",
        link: "https://portal.cfc.example.gov/report")
    ])

  static func mark(_ controls: String...) -> PortionMark { PortionMark(mark: Mark(controls: Set(controls))) }

  /// Portion 0 is (U), 1 (U//FOUO), 2 (U//LES); blocks take a fresh portion of their mark each.
  struct Builder {
    var marks: [PortionMark?] = []
    mutating func portion(_ controls: String...) -> Int {
      marks.append(PortionMark(mark: Mark(controls: Set(controls))))
      return marks.count - 1
    }
  }

  static func variant(body: [Block], marks: [PortionMark?], title: String = "Title", cut: Bool = false) -> Variant {
    Variant(
      id: "00112233445566778899aabbccddeeff", cut: cut, titleForm: .title,
      title: MarkedText(mark: mark("LES"), text: title),
      shortTitle: MarkedText(mark: mark(), text: "Officer safety: pistols altered to fire automatically"),
      banner: Banner(text: "UNCLASSIFIED//LES", trafficLight: .amber, colour: .unclassified), scheme: .legacy,
      body: body, marks: marks,
      sources: [
        VariantSource(
          id: "s1", number: 1,
          describe: MarkedText(mark: mark("LES"), text: "Brockton Police incident reports, three stops"),
          reliability: "B", credibility: "1", date: CivilDate("2026-11-17")),
        VariantSource(
          id: "s4", number: 2, describe: MarkedText(mark: mark("LES"), text: "ATF Boston, technical note."),
          reliability: "A", credibility: "2"),
      ],
      notices: [.les, .usPersons, .retention],
      details: Variant.Details(audience: [
        Clause(.disciplines, ["law-enforcement", "corrections"]), Clause(.regions, ["statewide"]),
      ]))
  }

  static func product(_ variant: Variant) throws -> Product {
    Product(
      variant: variant, serial: "CFC-OS-2026-0042", releasedAt: Instant(seconds: 1_795_331_640),
      infoCutoff: CivilDate("2026-11-20").map(CivilMoment.date), expires: CivilDate("2026-12-20").map(CivilMoment.date),
      site: site, seriesName: "Officer Safety Bulletin", layouts: try layouts(),
      contacts: Array(site.contacts.values), feedback: Array(site.feedback.values),
      reporting: Array(site.reporting.values),
      reasons: [.usPersons: "One person is named because an arrest warrant is open"],
      acknowledgement: "https://portal.cfc.example.gov/a/")
  }

  static func full() throws -> Product {
    var b = Builder()
    func heading(_ words: String, _ level: Int = 2) -> Block {
      Block(.heading(level: level, [.text(words)]), portion: b.portion())
    }
    func cells(_ words: String...) -> [[Inline]] { words.map { [.text($0)] } }
    var body: [Block] = []
    body.append(heading("Bottom line"))
    body.append(
      Block(
        .paragraph([
          .text(
            "Three vehicle stops in eleven days produced pistols altered to fire automatically, all three within reach of the driver."
          ), .citation("s1"),
          .text(" Treat any pistol seen in a stop as able to empty its magazine in about one second."),
        ]), portion: b.portion("FOUO")))
    body.append(heading("Threat"))
    body.append(
      Block(
        .paragraph([
          .text("A conversion device is a part the size of a fingertip. Do "), .strong([.text("not")]),
          .text(" test it; see "),
          .link(destination: "https://www.atf.gov/firearms/a_long-path?x=1&y=2", title: "", [.text("the ATF page")]),
          .text(" or write to "),
          .link(destination: "mailto:lab@example.gov", title: "", [.text("lab@example.gov")]), .text("."),
        ]), portion: b.portion()))
    body.append(
      Block(
        .quote([
          Block(
            .paragraph([
              .text("Quoted words of another agency that are long enough to need more than one line of text.")
            ]
            ), portion: b.portion("FOUO"))
        ])))
    body.append(heading("Recommended action"))
    let nested = Block.List(
      start: nil,
      items: [
        .init(blocks: [
          Block(.paragraph([.text("Keep the magazine out and the slide locked back.")]), portion: b.portion("FOUO"))
        ]),
        .init(blocks: [
          Block(
            .paragraph([
              .text("Photograph the back plate, and mark the bag \u{201C}conversion device\u{201D}."), .citation("s4"),
            ]), portion: b.portion("LES"))
        ]),
      ])
    body.append(
      Block(
        .list(
          .init(
            start: 1,
            items: [
              .init(blocks: [
                Block(
                  .paragraph([
                    .text(
                      "Approach on the passenger side where the road allows, and control the center console and the sun visor first."
                    )
                  ]), portion: b.portion("FOUO"))
              ]),
              .init(blocks: [
                Block(.paragraph([.text("Do not test the device.")]), portion: b.portion("FOUO")), Block(.list(nested)),
              ]),
              .init(blocks: [
                Block(.paragraph([.text("Call for a supervisor if shots were fired.")]), portion: b.portion())
              ]),
            ]))))
    body.append(heading("Person to look out for"))
    let lead = b.portion("LES")
    body.append(
      Block(
        .paragraph([.text("One man is wanted in connection with the sales."), .citation("s1")]), portion: lead))
    body.append(
      Block(
        .subject(
          Subject(
            kind: .person, mark: mark("LES"),
            fields: [
              .init(name: "name", values: [.text("Corwin Halvard Pike")]),
              .init(name: "aliases", values: [.text("Halley")]), .init(name: "dob", values: [.text("1991-04-12")]),
              .init(
                name: "descriptors",
                values: [
                  .pair("height", "6 ft 1 in"), .pair("weight", "190 lb"), .pair("hair", "red"),
                  .pair("eyes", "gray"), .pair("marks", "burn scar on the left wrist"),
                ]),
              .init(name: "caution", values: [.text("armed"), .text("flees"), .text("body-armor")]),
              .init(
                name: "vehicle",
                values: [
                  .pair("make", "Ford"), .pair("model", "Transit"), .pair("year", "2019"), .pair("color", "white"),
                  .pair("note", "ladder rack, dent in the right rear door"),
                ]),
              .init(
                name: "warrant",
                values: [
                  .pair("court", "Brockton District Court"), .pair("kind", "arrest"),
                  .pair("offense", "carrying a firearm without a license"), .pair("date", "2026-11-13"),
                ]),
            ], photo: "pike-van.jpg")), portion: lead))
    body.append(heading("Statistics"))
    let table = b.portion("FOUO")
    body.append(
      Block(.paragraph([.text("Table 1. Pistols with conversion devices, by year")]), portion: table))
    body.append(
      Block(
        .table(
          Block.Grid(
            alignments: [.none, .right, .right, .right],
            header: cells("Year", "Examined", "With device", "Share"),
            rows: [
              cells("2024", "2,205", "37", "1.7%"), cells("2025", "2,188", "58", "2.7%"),
              cells("2026, to 31 Oct", "1,876", "71", "3.8%"),
            ])), portion: table))
    body.append(
      Block(
        .chart(
          Chart(
            kind: .bar, data: .table, x: "Year", y: ["With device"], title: "Chart 1. Pistols by year",
            alternative: "Three bars that rise from 37 to 71.")), portion: table))
    let wide = b.portion("FOUO")
    body.append(
      Block(
        .paragraph([.text("Table 2. Arrests by region and lead charge, third quarter 2026")]), portion: wide))
    body.append(
      Block(
        .table(
          Block.Grid(
            alignments: [.none] + Array(repeating: .right, count: 7),
            header: cells(
              "Region", "Possession", "Distribution", "Trafficking", "3rd quarter 2026", "2nd quarter 2026",
              "3rd quarter 2025", "Seized, kg"),
            rows: [
              cells("Metro Boston", "153", "98", "63", "314", "331", "352", "6.5"),
              cells("Northeast", "261", "200", "76", "537", "520", "558", "4.9"),
            ])), portion: wide))
    let chart = b.portion("FOUO")
    body.append(
      Block(.paragraph([.text("Chart 2 shows the months.")]), portion: chart))
    body.append(
      Block(
        .chart(
          Chart(
            kind: .line, data: .file("months.csv"), x: "month", y: ["arrests"], title: "Chart 2. Arrests by month",
            alternative: "One line.", rows: [["month", "arrests", "internal"], ["2026-08", "650", "x"]])),
        portion: chart))
    body.append(
      Block(
        .figure(
          Figure(
            file: "conversion-device.png", alternative: "Line drawing of the back of a pistol slide",
            caption: "Figure 1. Where to look: the plate at the back of the slide.")), portion: b.portion()))
    body.append(heading("Detail", 4))
    body.append(Block(.thematicBreak))
    body.append(Block(.code(info: "", text: "(U) sample\n  <b>&amp;\n"), portion: table))
    return try product(
      variant(
        body: body, marks: b.marks,
        title: "Pistols with conversion devices found in vehicle stops along Routes 24 and 495"))
  }
}
