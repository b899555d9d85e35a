// A variant: the product of one visible set, built from the source's tree. What it says depends on the visible portions
// alone; every mark is the effective one, the banner is the roll-up of what is printed (release-policy.md section 4).

package import Bulletins
import Crypto
import Markings

package enum VariantBuilder {
  /// nil when nothing can be printed: neither title visible. `decide` never gives such a key.
  package static func build(_ key: VariantKey, _ decider: Decider) -> Variant? {
    let document = decider.revision.document
    let front = document.frontMatter
    let visible = key.visible
    func marked(_ text: MarkedText, _ portion: Int) -> MarkedText? {
      guard visible.contains(portion) else { return nil }
      return MarkedText(mark: decider.labels.portions[portion].mark, text: text.text)
    }
    let shortTitle = marked(front.shortTitle, Document.shortTitlePortion)
    guard let title = marked(front.title, Document.titlePortion) ?? shortTitle else { return nil }
    let titleForm: Variant.TitleForm = visible.contains(Document.titlePortion) ? .title : .shortTitle

    let references = References(
      body: BodyReducer(visible: visible).body(document.body), document: document, visible: visible)
    var numbering = PortionNumbering()
    let captions = CaptionNumbers([references.body] + references.footnotes.map(\.blocks))
    let body = numbering.renumbered(captions.applied(references.body))
    let footnotes = references.footnotes.enumerated().map { index, found in
      VariantFootnote(
        label: found.note.label, number: index + 1, mark: decider.labels.portions[found.note.portion].mark,
        blocks: numbering.renumbered(captions.applied(found.blocks)))
    }
    let places = Dictionary(
      front.sources.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let sources = references.sources.enumerated().compactMap { index, id -> VariantSource? in
      guard let place = places[id] else { return nil }
      let entry = front.sources[place]
      let mark = decider.labels.portions[Document.sourcePortion(place)].mark
      return VariantSource(
        id: id, number: index + 1, describe: MarkedText(mark: mark, text: entry.describe.text),
        reliability: entry.reliability, credibility: entry.credibility, date: entry.date)
    }

    let printed =
      [titleForm == .title ? Document.titlePortion : Document.shortTitlePortion] + numbering.order
      + references.sources.compactMap { places[$0].map(Document.sourcePortion) }
      + references.footnotes.map(\.note.portion)
    let portions = Set(printed).sorted().map { decider.labels.portions[$0] }
    // Once each: banner and notices do not depend on how many portions carry a mark.
    var marks: [PortionMark] = []
    for portion in portions { for mark in portion.marks where !marks.contains(mark) { marks.append(mark) } }
    if let mark = decider.labels.compilationMark { marks.append(mark) }
    guard let banner = RollUp.banner(marks, scheme: front.scheme) else { return nil }
    let details = shortTitle.map { _ in
      Variant.Details(
        authors: front.authors, coauthorOrganizations: front.coauthorOrganizations, topics: front.topics,
        hsec: front.hsec, statePriorities: front.statePriorities, audience: front.audience,
        productionPlan: front.productionPlan)
    }
    var variant = Variant(
      id: id(key, decider.revision), cut: key.cut, titleForm: titleForm, title: title, shortTitle: shortTitle,
      banner: banner, scheme: front.scheme, body: body,
      marks: numbering.order.map { decider.labels.portions[$0].mark }, sources: sources, footnotes: footnotes,
      notices: Notices.triggered(
        portions, marks: marks, banner: banner, body: body + footnotes.flatMap(\.blocks), document: document),
      details: details)
    variant.isPrivateInPart = Notices.arePrivateInPart(portions, compilation: decider.labels.compilation)
    for mark in marks where !variant.rolledUp.contains(mark) { variant.rolledUp.append(mark) }
    return variant
  }

  /// 32 hexadecimal digits over revision (its file, template and recorded decisions), visible set and cut.
  package static func id(_ key: VariantKey, _ revision: Revision) -> String {
    var text = CanonicalText()
    revision.write(to: &text)
    text.add("visible", key.visible.words.map { String($0, radix: 16) })
    text.add("cut", key.cut ? "cut" : "whole")
    return String(text.sha256.prefix(32))
  }
}

extension Decider {
  package func variant(_ key: VariantKey) -> Variant? { VariantBuilder.build(key, self) }
}

/// Numbers portions by first appearance in a variant, so that no gap tells of a hidden one.
private struct PortionNumbering {
  private(set) var order: [Int] = []
  private var places: [Int: Int] = [:]

  mutating func renumbered(_ blocks: [Block]) -> [Block] {
    blocks.map { block in
      var block = block
      // A rule says nothing of the block that it follows.
      if case .thematicBreak = block.content { block.portion = nil }
      block.portion = block.portion.map { place($0) }
      switch block.content {
      case .list(var list):
        for index in list.items.indices { list.items[index].blocks = renumbered(list.items[index].blocks) }
        block.content = .list(list)
      case .quote(let inner): block.content = .quote(renumbered(inner))
      default: break
      }
      return block
    }
  }

  private mutating func place(_ portion: Int) -> Int {
    if let place = places[portion] { return place }
    places[portion] = order.count
    order.append(portion)
    return order.count - 1
  }
}
