// Random bulletins: pieces, sources, footnotes and front matter, written down as Markdown, whole or reduced to what one
// reader sees. The leak tests of all outlets begin here.

package import Bulletins
package import Markings

package struct RandomBulletin: Sendable {
  package struct Source: Hashable, Sendable {
    package var id: String
    package var describe: CanaryText
    package var mark: MarkChoice?
    package var originator: String?
    package var needsConsent = false
    package var p23 = false
  }

  package var scheme: Scheme
  package var title: CanaryText
  package var shortTitle: CanaryText
  package var trafficLight: String?
  package var to: [String]?
  package var audience: [String: Set<String>]
  package var compilation: MarkChoice?
  package var usPersons: Bool
  package var sources: [Source]
  package var footnotes: [(label: String, text: CanaryText)]
  package var pieces: [Piece]
  package var decisions: RecordedDecisions
  package var required: [String]

  package var template: SeriesTemplate {
    SeriesTemplate(
      series: "officer-safety", name: "Officer safety", code: "OS", publicName: "Officer safety bulletin",
      requiredSections: required)
  }

  /// Texts of the body, tear lines included.
  package var bodyTexts: [CanaryText] { pieces.flatMap(\.texts) }
  /// Every canary.
  package var canaries: [String] {
    [title.canary, shortTitle.canary] + sources.map(\.describe.canary) + bodyTexts.map(\.canary)
      + footnotes.map(\.text.canary)
  }

  package var markdown: String {
    written(
      pieces, title: title, shortTitle: shortTitle, sources: sources, footnotes: footnotes, usPersons: usPersons
    ) { _ in true }
  }

  /// The source without what `sees` does not show; what nobody cites any more is gone too.
  package func reduced(_ sees: (String) -> Bool) -> String {
    let left = Piece.reduced(pieces, sees)
    var cited = left.flatMap(\.texts).flatMap(\.references)
    var notes: [(label: String, text: CanaryText)] = []
    var next = 0
    while next < cited.count {
      if let note = footnotes.first(where: { $0.label == cited[next] }), sees(note.text.canary),
        !notes.contains(where: { $0.label == note.label })
      {
        notes.append(note)
        cited += note.text.references
      }
      next += 1
    }
    let kept = sources.filter { cited.contains($0.id) && sees($0.describe.canary) }
    let known = Set(kept.map(\.id) + notes.map(\.label))
    let isTitleSeen = sees(title.canary)
    let named = left.contains(where: \.namesPerson) || notes.contains(where: \.text.namesPerson)
    let namesAnywhere = pieces.contains(where: \.namesPerson) || footnotes.contains(where: \.text.namesPerson)
    return written(
      left, title: isTitleSeen ? title : shortTitle, shortTitle: shortTitle, sources: kept, footnotes: notes,
      usPersons: usPersons && (named || !namesAnywhere), known.contains)
  }

  private func written(
    _ pieces: [Piece], title: CanaryText, shortTitle: CanaryText, sources: [Source],
    footnotes: [(label: String, text: CanaryText)], usPersons: Bool, _ kept: (String) -> Bool
  ) -> String {
    let texts = pieces.flatMap(\.texts)
    let marked = Set(sources.filter(\.p23).map(\.id))
    let p23 =
      pieces.contains(where: \.holdsCriminalIntelligence)
      || (texts + footnotes.map(\.text)).contains { $0.references.contains { marked.contains($0) && kept($0) } }
    var lines = [
      "---", "series: officer-safety", "title: \"\(title.marked(title.canary))\"",
      "short-title: \"\(shortTitle.marked(shortTitle.canary))\"", "scheme: \(scheme.rawValue)", "authors: [a.okafor]",
      "info-cutoff: 2026-11-20", "expires: 2026-12-20", "topics: [firearms]", "pii: { value: false }",
      "us-persons: { value: \(usPersons)\(usPersons ? ", reason: named" : "") }",
      "p23: { value: \(p23)\(p23 ? ", reason: held" : "") }",
    ]
    if let trafficLight { lines.append("tlp: \(trafficLight)") }
    if let to { lines.append("to: [\(to.joined(separator: ", "))]") }
    if !audience.isEmpty {
      let keys = audience.sorted { $0.key < $1.key }.map { "\($0.key): [\($0.value.sorted().joined(separator: ", "))]" }
      lines.append("audience: { \(keys.joined(separator: ", ")) }")
    }
    if let compilation {
      lines.append("compilation: { label: \"\(compilation.text.dropFirst().dropLast())\", reason: together }")
    }
    lines.append("sources:" + (sources.isEmpty ? " []" : ""))
    for source in sources {
      var entry = "id: \(source.id), describe: \"\(source.describe.marked(source.describe.canary))\""
      if let mark = source.mark { entry += ", mark: \"\(mark.text.dropFirst().dropLast())\"" }
      if let originator = source.originator { entry += ", originator: \(originator)" }
      if source.originator != nil { entry += ", consent: \(source.needsConsent ? "required" : "not-required")" }
      if source.p23 { entry += ", p23: true" }
      lines.append("  - { \(entry) }")
    }
    lines += ["contacts: [watch]", "---", ""]
    var text = lines.joined(separator: "\n") + "\n" + Piece.markdown(pieces, keeping: kept)
    for note in footnotes {
      text += "\n\n[^\(note.label)]: " + note.text.marked(note.text.words(keeping: kept)).replacing("\n", with: " ")
    }
    return text + "\n"
  }
}

extension Piece {
  /// The piece names a US person in a way that the source shows.
  var namesPerson: Bool {
    switch self {
    case .subject: true
    case .only(_, let inner), .tearline(let inner): inner.contains(where: \.namesPerson)
    case .code, .figure: texts.contains(where: \.namesPerson)
    default: texts.contains(where: \.namesPerson)
    }
  }
  var holdsCriminalIntelligence: Bool {
    switch self {
    case .only(let only, let inner): only.p23 && !inner.isEmpty || inner.contains(where: \.holdsCriminalIntelligence)
    case .tearline(let inner): inner.contains(where: \.holdsCriminalIntelligence)
    default: false
    }
  }
}
