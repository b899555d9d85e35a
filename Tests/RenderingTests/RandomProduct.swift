// Products of random shape whose texts come from a given source: plain words, or what an attacker would write.

import Bulletins
import Markings

@testable import Rendering

struct RandomProduct {
  var random: SplitMix64
  /// One text of an author, for any position.
  var text: (inout SplitMix64) -> String
  private var marks: [PortionMark?] = []
  private var depth = 0

  init(seed: UInt64, text: @escaping (inout SplitMix64) -> String) {
    random = SplitMix64(state: seed)
    self.text = text
  }

  private mutating func words() -> String { text(&random) }

  private mutating func portion() -> Int {
    let controls: [Set<String>] = [[], ["FOUO"], ["LES"], ["LES", "NF"]]
    marks.append(PortionMark(mark: Mark(controls: controls.randomElement(using: &random) ?? [])))
    return marks.count - 1
  }

  private mutating func inlines() -> [Inline] {
    (0..<Int.random(in: 1...4, using: &random)).map { _ in
      switch Int.random(in: 0..<10, using: &random) {
      case 0: .emphasis([.text(words())])
      case 1: .strong([.text(words())])
      case 2: .strikethrough([.text(words())])
      case 3: .code(words())
      case 4: .link(destination: destination(), title: words(), [.text(words())])
      case 5: .citation(["s1", "s2", "missing"].randomElement(using: &random) ?? "s1")
      case 6: .footnote("f")
      case 7: .namedPerson([.text(words())])
      default: .text(words())
      }
    }.flatMap { [$0, .text(" ")] }
  }

  private mutating func destination() -> String {
    let schemes = [
      "https://e.example/", "mailto:a@e.example?", "tel:", "javascript:", "data:text/html,", "JaVaScRiPt:", "",
    ]
    return (schemes.randomElement(using: &random) ?? "") + words()
  }

  private mutating func block() -> Block {
    depth += 1
    defer { depth -= 1 }
    switch Int.random(in: 0..<(depth > 3 ? 6 : 10), using: &random) {
    case 0: return Block(.heading(level: Int.random(in: 1...6, using: &random), inlines()), portion: portion())
    case 1: return Block(.code(info: words(), text: words()), portion: portion())
    case 2:
      return Block(
        .figure(Figure(file: words(), alternative: words(), caption: words())), portion: portion())
    case 3:
      return Block(
        .subject(
          Subject(
            kind: .person,
            fields: [
              .init(name: "name", values: [.text(words())]), .init(name: words(), values: [.pair(words(), words())]),
            ],
            photo: words())), portion: portion())
    case 4:
      return Block(
        .chart(
          Chart(
            kind: .bar, data: .file(words()), x: "x", y: ["y"], title: words(), alternative: words(),
            rows: [["x", "y"], [words(), words()]])), portion: portion())
    case 5, 6: return Block(.paragraph(inlines()), portion: portion())
    case 7:
      return Block(
        .list(
          .init(
            start: Bool.random(using: &random) ? 3 : nil,
            items: (0..<3).map { _ in .init(blocks: [Block(.paragraph(inlines()), portion: portion()), block()]) })))
    case 8: return Block(.quote([block(), block()]))
    default:
      let columns = Int.random(in: 1...7, using: &random)
      return Block(
        .table(
          .init(
            alignments: Array(repeating: .right, count: columns), header: (0..<columns).map { _ in inlines() },
            rows: (0..<3).map { _ in (0..<columns).map { _ in inlines() } })), portion: portion())
    }
  }

  mutating func product(layouts: Layouts) throws -> Product {
    let body = (0..<8).map { _ in block() }
    var variant = Sample.variant(body: body, marks: marks, title: words(), cut: Bool.random(using: &random))
    variant.shortTitle?.text = words()
    variant.sources = ["s1", "s2"].enumerated().map { index, id in
      VariantSource(
        id: id, number: index + 1, describe: MarkedText(mark: Sample.mark("LES"), text: words()), reliability: words(),
        credibility: words())
    }
    variant.footnotes = [
      VariantFootnote(
        label: "f", number: 1, mark: Sample.mark("FOUO"), blocks: [Block(.paragraph(inlines()), portion: nil)])
    ]
    variant.details?.audience = [Clause(.sectors, [words()])]
    variant.notices = [.ssi, .cui, .les, .usPersons]
    var product = try Sample.product(variant)
    product.layouts = layouts
    product.serial = words()
    product.seriesName = words()
    product.site.name = words()
    product.site.serialPrefix = words()
    product.relation = Relation(.updates, serial: words())
    product.contacts = [.init(name: words(), phone: words(), email: words())]
    product.feedback = [.init(text: words(), link: destination())]
    product.reporting = [.init(text: words(), link: destination())]
    product.reasons = [.usPersons: words()]
    product.pictures = [:]
    return product
  }
}
