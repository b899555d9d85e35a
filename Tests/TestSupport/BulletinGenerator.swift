// Makes random bulletins from a seed. Everything that decisions look at occurs often enough to meet everything else.

import Bulletins
import Markings

package struct BulletinGenerator {
  private var dice: Dice
  private var canaries = 0
  private let prefix: String
  private var marks: [MarkChoice] = []
  private var references: [String] = []
  /// No other agency's sources beside a recorded release, so that removing a citation changes no other label.
  private let comparable: Bool

  package init(seed: UInt64, comparable: Bool = false) {
    dice = Dice(seed: seed)
    prefix = "Kq" + String(seed % 1_000_000, radix: 36)
    self.comparable = comparable
  }

  package mutating func bulletin(readers: [String] = []) -> RandomBulletin {
    let scheme = dice.pick([Scheme.legacy, .legacy, .cui, .tlp])
    marks = MarkChoice.choices(scheme)
    let decisions = decisions()
    let isReleased = decisions.publicRelease || decisions.privateRelease || !decisions.foreignRelease.isEmpty
    references = []
    var sources: [RandomBulletin.Source] = []
    for index in 0..<dice.below(5) {
      var source = RandomBulletin.Source(id: "s\(index)", describe: text(lowly: true))
      if dice.once(in: 3) { source.mark = markForBare(scheme) }
      if dice.once(in: 3), !(comparable && isReleased) {
        source.originator = dice.pick(["atf-boston", "cfc"])
        source.needsConsent = dice.once(in: 3)
      }
      source.p23 = dice.once(in: 6)
      sources.append(source)
    }
    let labels = (0..<dice.below(3)).map { "note\($0)" }
    references = sources.map(\.id)
    let notes = labels.map { (label: $0, text: text()) }
    references += labels
    var bulletin = RandomBulletin(
      scheme: scheme, title: text(refers: false), shortTitle: lowest(), audience: [:],
      usPersons: dice.once(in: 2), sources: sources, footnotes: notes, pieces: body(), decisions: decisions,
      required: [])
    if dice.once(in: 4) { bulletin.trafficLight = dice.pick(["GREEN", "TLP:AMBER", "CLEAR"]) }
    if dice.once(in: 12) { bulletin.to = readers.isEmpty ? [] : dice.some(readers, atMost: readers.count) }
    if dice.once(in: 6) { bulletin.audience = clauses() }
    if dice.once(in: 10) { bulletin.compilation = markForBare(scheme) }
    let headings = bulletin.pieces.compactMap { piece -> String? in
      if case .heading(_, let text) = piece { text.canary } else { nil }
    }
    bulletin.required = dice.some(headings, atMost: 1)
    // Only what a visible block refers to would be read from the file: a note without a reference is no note.
    let used = Set(bulletin.bodyTexts.flatMap(\.references) + notes.flatMap(\.text.references))
    bulletin.footnotes.removeAll { !used.contains($0.label) }
    return bulletin
  }

  private mutating func decisions() -> RecordedDecisions {
    RecordedDecisions(
      publicRelease: dice.once(in: 6), privateRelease: dice.once(in: 2),
      foreignRelease: dice.once(in: 3) ? Set(dice.some(["CAN", "GBR"], atMost: 2)) : [],
      consents: Set(dice.some(["s0", "s1", "s2"], atMost: 2)))
  }

  private mutating func canary() -> String {
    canaries += 1
    return "\(prefix)x\(canaries)z"
  }

  private mutating func text(lowly: Bool = false, refers: Bool = true) -> CanaryText {
    let low = marks.filter { !$0.isTop && $0.atoms.isSubset(of: ["FOUO", "CUI", "TLP:CLEAR", "TLP:GREEN"]) }
    let mark = lowly && !dice.once(in: 4) ? dice.pick(low) : dice.pick(marks)
    var text = CanaryText(canary: canary(), mark: mark)
    guard refers else { return text }
    text.references = dice.once(in: 3) ? dice.some(references, atMost: 2) : []
    text.hasBreak = dice.once(in: 5)
    text.namesPerson = dice.once(in: 12)
    return text
  }

  /// Most short titles are fit for a subject line.
  private mutating func lowest() -> CanaryText {
    var text = text(lowly: true, refers: false)
    let low = marks.filter { !$0.isTop && $0.atoms.isSubset(of: ["TLP:CLEAR", "TLP:GREEN"]) }
    if !dice.once(in: 6) { text.mark = dice.pick(low) }
    return text
  }

  /// A mark that stands in a `mark:` or `label:` key.
  private mutating func markForBare(_ scheme: Scheme) -> MarkChoice {
    dice.pick(marks.filter { !$0.isTop && !$0.text.contains(") (") })
  }

  private mutating func clauses() -> [String: Set<String>] {
    let all: [(String, [String])] = [
      ("sectors", ["energy", "transportation", "healthcare"]), ("disciplines", ["law-enforcement", "fire", "ems"]),
      ("regions", ["statewide", "central", "worcester-county", "metro-boston"]),
      ("organization-types", ["law-enforcement", "fire", "critical-infrastructure"]),
    ]
    var found: [String: Set<String>] = [:]
    for (key, values) in all.shuffled(using: &dice).prefix(1 + dice.below(2)) {
      found[key] = Set([dice.pick(values)] + dice.some(values, atMost: 2))
    }
    return found
  }

  private mutating func body() -> [Piece] {
    var pieces: [Piece] = []
    for _ in 0..<(1 + dice.below(4)) {
      pieces.append(.heading(level: 2, text(lowly: true, refers: false)))
      pieces += section()
      if dice.once(in: 3) {
        pieces.append(.heading(level: 3, text(lowly: true, refers: false)))
        pieces += section()
      }
    }
    return pieces
  }

  private mutating func section() -> [Piece] {
    var pieces: [Piece] = []
    for _ in 0..<dice.below(4) {
      if dice.once(in: 4) {
        var inner = Self.merged(leaves(1 + dice.below(3)))
        if dice.once(in: 3) { inner.append(.tearline([lowPiece()])) }
        if dice.once(in: 4) { inner.insert(.heading(level: 3, text(lowly: true, refers: false)), at: 0) }
        pieces.append(.only(OnlyChoice(clauses: clauses(), p23: dice.once(in: 4)), inner))
      } else {
        pieces += leaves(1)
      }
      if dice.once(in: 3) { pieces.append(.tearline([lowPiece()])) }
      if dice.once(in: 8) { pieces.append(.tearline([lowPiece(), lowPiece()])) }
    }
    // A tear line stands right below a block, and neighbouring lists of a kind are one list in Markdown.
    return Self.merged(pieces).enumerated().filter { index, piece in
      if case .tearline = piece, index == 0 { false } else { true }
    }.map(\.element)
  }

  private static func merged(_ pieces: [Piece]) -> [Piece] {
    pieces.reduce(into: []) { result, piece in
      if case .list(let ordered, let items) = piece, case .list(ordered, let before)? = result.last {
        result[result.count - 1] = .list(ordered: ordered, before + items)
      } else {
        result.append(piece)
      }
    }
  }

  private mutating func lowPiece() -> Piece {
    dice.once(in: 3) ? .list(ordered: false, [CanaryItem(text: text(lowly: true))]) : .paragraph(text(lowly: true))
  }

  private mutating func leaves(_ count: Int) -> [Piece] { (0..<count).map { _ in leaf() } }

  private mutating func leaf() -> Piece {
    switch dice.below(10) {
    case 0: .table(text(), chart: dice.once(in: 2))
    case 1: .code(text())
    case 2: .subject(text(), dice.once(in: 2) ? markForBare(.legacy) : nil)
    case 3: .figure(text(refers: false))
    case 4: .quote((0...dice.below(2)).map { _ in text() })
    case 5, 6: .list(ordered: dice.once(in: 2), items(depth: 0))
    default: .paragraph(text())
    }
  }

  private mutating func items(depth: Int) -> [CanaryItem] {
    (0...dice.below(3)).map { _ in
      var item = CanaryItem(text: text())
      if depth > 0, dice.once(in: 3) { item.text?.mark = MarkChoice(text: "", atoms: [], isTop: true) }
      if dice.once(in: 5) { item.second = text() }
      if depth < 2, dice.once(in: 3) {
        item.nested = items(depth: depth + 1)
        item.nestedIsOrdered = dice.once(in: 2)
      }
      return item
    }
  }
}
