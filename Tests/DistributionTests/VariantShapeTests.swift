// The shape of a variant: what becomes of neighbours, references, headings and notices when something is hidden.

import Bulletins
import Distribution
import Markings
import TestSupport
import Testing

@Suite struct VariantShapeTests {
  let fouo = Bench.reader("fouo", clearance: .fouo)

  func variant(_ draft: Bench.Draft, _ reader: Reader, _ decisions: RecordedDecisions = .none) throws -> Variant {
    let decider = Bench.decider(draft.revision(decisions: decisions))
    let key = try #require(decider.decide(reader, Endpoint(.portal), now: Shipped.noon).variant)
    return try #require(decider.variant(key))
  }
  func outline(_ blocks: [Block]) -> [String] {
    blocks.map { block in
      switch block.content {
      case .heading(let level, let inlines): String(repeating: "#", count: level) + " " + inlines.plainText
      case .paragraph(let inlines): inlines.plainText
      case .list(let list):
        (list.start.map { "\($0)" } ?? "-") + " "
          + list.items.map { outline($0.blocks).joined(separator: "+") }.joined(separator: "|")
      case .thematicBreak: "---"
      default: "?"
      }
    }
  }

  @Test func listsThatBecomeNeighboursAreOneAndKeepTheFirstNumber() throws {
    var draft = Bench.Draft()
    func numbered(_ texts: [String], from start: Int) -> Block {
      let items = texts.map { Block.List.Item(blocks: [draft.paragraph($0)]) }
      return Block(.list(Block.List(start: start, delimiter: ".", items: items)))
    }
    draft.body = [
      draft.bullets(["(U) a", "(U//LES) b"]), draft.paragraph("(U//LES) gone"), draft.bullets(["(U) c"]),
      numbered(["(U//LES) d", "(U) e"], from: 4), draft.paragraph("(U//LES) gone"), numbered(["(U) f"], from: 1),
    ]
    #expect(outline(try variant(draft, fouo).body) == ["- a|c", "4 e|f"])
  }

  @Test func nestedItemsTakeTheirParentsPlaceAndHalfItemsKeepTheirBullet() throws {
    var draft = Bench.Draft()
    let nested = draft.bullets(["(U) n1", "(U) n2"])
    let list = Block.List(
      start: nil,
      items: [
        .init(blocks: [draft.paragraph("(U//LES) parent"), nested]),
        .init(blocks: [draft.paragraph("(U//LES) first"), draft.paragraph("(U) second")]),
      ])
    draft.body = [Block(.list(list))]
    let body = try variant(draft, fouo).body
    #expect(outline(body) == ["- n1|n2|second"])
    if case .list(let left) = body[0].content { #expect(!left.isLoose) }
  }

  @Test func headingsGoWithTheirSectionsAndSubHeadingsMoveUp() throws {
    var draft = Bench.Draft()
    draft.body = [
      draft.heading("(U) Empty"), draft.paragraph("(U//LES) gone"), draft.heading("(U//LES) Hidden"),
      draft.paragraph("(U) stays"), draft.heading("(U) Sub", level: 3), draft.paragraph("(U) below"),
      draft.heading("(U) Next"), draft.heading("(U) Deep", level: 3), draft.paragraph("(U) down"),
    ]
    #expect(
      outline(try variant(draft, fouo).body) == ["stays", "## Sub", "below", "## Next", "### Deep", "down"])
  }

  @Test func rulesStandOnlyBetweenBlocks() throws {
    var draft = Bench.Draft()
    let rule = Block(.thematicBreak)
    draft.body = [
      rule, draft.paragraph("(U) a"), rule, draft.paragraph("(U//LES) gone"), rule, draft.paragraph("(U) b"), rule,
    ]
    #expect(outline(try variant(draft, fouo).body) == ["a", "---", "b"])
  }

  @Test func sourcesAreNumberedByFirstCitationAndHiddenOnesGoWithTheirReferences() throws {
    var draft = Bench.Draft {
      $0.sources = [
        SourceEntry(id: "s1", describe: Bench.marked("(U//LES) hidden")),
        SourceEntry(id: "s2", describe: Bench.marked("(U) second")),
        SourceEntry(id: "s3", describe: Bench.marked("(U) first"), mark: Bench.marked("(U//FOUO) x").mark),
        SourceEntry(id: "s4", describe: Bench.marked("(U) never cited")),
      ]
    }
    draft.body = [
      draft.paragraph("(U) one ", cites: ["s3", "s1"]), draft.paragraph("(U//LES) two", cites: ["s4"]),
      draft.paragraph("(U) three ", cites: ["s2", "s3"]),
    ]
    let variant = try variant(draft, fouo)
    #expect(variant.sources.map(\.id) == ["s3", "s2"])
    #expect(variant.sources.map(\.number) == [1, 2])
    #expect(variant.sources[0].describe.mark?.text == "(U//FOUO)")
    #expect(variant.body[0].content == .paragraph([.text("one "), .citation("s3")]))
    #expect(variant.banner.text == "UNCLASSIFIED//FOUO")
  }

  @Test func aRemovedReferenceLeavesNoGap() throws {
    var draft = Bench.Draft { $0.sources = [SourceEntry(id: "s1", describe: Bench.marked("(U//LES) hidden"))] }
    var block = draft.paragraph("(U) x", cites: ["s1"])
    block.content = .paragraph([
      .text("as seen "), .citation("s1"), .text("."), .softBreak, .text("and "), .strong([.citation("s1")]),
      .text(" more "), .citation("s1"),
    ])
    draft.body = [block]
    let expected: [Inline] = [.text("as seen."), .softBreak, .text("and more")]
    #expect(try variant(draft, fouo).body[0].content == .paragraph(expected))
  }

  @Test func portionsAreNumberedWithoutGaps() throws {
    var draft = Bench.Draft()
    draft.body = [draft.paragraph("(U//LES) gone"), draft.paragraph("(U//FOUO) a"), draft.paragraph("(U) b")]
    let variant = try variant(draft, fouo)
    #expect(variant.body.map(\.portion) == [0, 1])
    #expect(variant.marks.map { $0?.text } == ["(U//FOUO)", "(U)"])
  }

  @Test func marksShowOnlyGrantedCountriesAndTheWholesTrafficLight() throws {
    var draft = Bench.Draft { $0.trafficLight = .green }
    draft.body = [draft.paragraph("(U//REL TO USA, CAN, GBR) a")]
    let open = try variant(draft, fouo, RecordedDecisions(foreignRelease: ["CAN"]))
    #expect(open.marks.map { $0?.text } == ["(U//REL TO USA, CAN) (TLP:GREEN)"])
    #expect(try variant(draft, fouo).marks.map { $0?.text } == ["(U) (TLP:GREEN)"])
    #expect(open.banner.trafficLight == .green)
  }

  @Test func noticesAreThoseOfWhatIsVisible() throws {
    var draft = Bench.Draft { $0.gates = [.usPersons: Gate(value: true, reason: "named")] }
    var named = draft.paragraph("(U//LES) x")
    named.content = .paragraph([.namedPerson([.text("Alder Quince")])])
    draft.body = [draft.paragraph("(U//FOUO) a"), named]
    #expect(try variant(draft, fouo).notices == [.fouo, .retention])
    #expect(try variant(draft, Bench.reader()).notices == [.les, .fouo, .usPersons, .retention])
    var open = Bench.Draft()
    open.body = [open.paragraph("(U) a")]
    #expect(try variant(open, fouo, RecordedDecisions(publicRelease: true)).notices == [])
    #expect(try variant(open, fouo, RecordedDecisions(privateRelease: true)).notices == [.privateSector, .retention])
  }

  @Test func noforn() throws {
    var draft = Bench.Draft()
    draft.body = [draft.paragraph("(U//LES) a"), draft.paragraph("(U//NF) b")]
    let both = try variant(draft, Bench.reader())
    #expect(both.banner.text == "UNCLASSIFIED//LES NOFORN" && both.notices == [.lesNoforn, .retention])
    draft.body = [draft.paragraph("(U//LES-NF) a"), draft.paragraph("(U//LES) b")]
    #expect(try variant(draft, Bench.reader()).notices == [.lesNoforn, .retention])
    draft.body = [draft.paragraph("(U//LES) a"), draft.paragraph("(U//FOUO) b")]
    #expect(try variant(draft, Bench.reader()).notices == [.les, .fouo, .retention])
  }

  @Test func aPrivateReleaseIsOfTheWholeOrOfParts() throws {
    let released = RecordedDecisions(privateRelease: true)
    var draft = Bench.Draft()
    draft.body = [draft.paragraph("(U//FOUO) a"), draft.paragraph("(U//LES) b")]
    let (part, whole) = (try variant(draft, Bench.reader(), released), try variant(draft, fouo, released))
    #expect(part.notices.contains(.privateSector) && part.isPrivateInPart)
    #expect(whole.notices.contains(.privateSector) && !whole.isPrivateInPart)
    #expect(try !variant(draft, Bench.reader()).isPrivateInPart)
  }

  @Test func theIdCoversVisibleSetCutAndDecisions() {
    var draft = Bench.Draft()
    draft.body = [draft.paragraph("(U) a")]
    var set = PortionSet(count: 3)
    set.insert(0)
    let base = VariantBuilder.id(VariantKey(visible: set, cut: false), draft.revision())
    #expect(base.count == 32 && base.allSatisfy(\.isHexDigit))
    #expect(base != VariantBuilder.id(VariantKey(visible: set, cut: true), draft.revision()))
    let released = draft.revision(decisions: RecordedDecisions(foreignRelease: ["CAN"]))
    #expect(base != VariantBuilder.id(VariantKey(visible: set, cut: false), released))
    set.insert(2)
    #expect(base != VariantBuilder.id(VariantKey(visible: set, cut: false), draft.revision()))
  }

  @Test func webhooksAreThinAboveThePolicysSet() throws {
    var draft = Bench.Draft()
    draft.body = [draft.paragraph("(U) a"), draft.paragraph("(U//FOUO) b")]
    let decider = Bench.decider(draft.revision())
    let all = try #require(decider.decide(fouo, Endpoint(.webhook), now: Shipped.noon).variant)
    #expect(decider.isThin(all, Endpoint(.webhook)))
    #expect(!decider.isThin(all, Endpoint(.webhook, fullBody: true)))
    let open = Bench.reader { $0.clearance = .public }
    let key = try #require(decider.decide(open, Endpoint(.webhook), now: Shipped.noon).variant)
    #expect(!decider.isThin(key, Endpoint(.webhook)))
  }
}
