// A bulletin as its author thinks of it, before it is Markdown: pieces with their marks, each with a canary, a word
// that occurs nowhere else. From pieces a test writes the source, the source reduced to what one reader may see, and
// what must be printed, without asking the code that is tested.

import Bulletins
package import Markings

/// A mark with what it demands, written down by hand.
package struct MarkChoice: Hashable, Sendable {
  /// As it stands in the text, empty for a block without a mark.
  package var text: String
  package var atoms: Set<String>
  /// Countries of REL TO other than USA; nil: no REL TO.
  package var releasableTo: Set<String>?
  /// Nobody: no mark, or an unknown token.
  package var isTop = false
  package var isTrafficLightAlone = false

  package static func choices(_ scheme: Scheme) -> [MarkChoice] {
    let lights = [
      MarkChoice(text: "(TLP:CLEAR)", atoms: ["TLP:CLEAR"], isTrafficLightAlone: true),
      MarkChoice(text: "(TLP:GREEN)", atoms: ["TLP:GREEN"], isTrafficLightAlone: true),
      MarkChoice(text: "(TLP:AMBER)", atoms: ["TLP:AMBER"], isTrafficLightAlone: true),
      MarkChoice(text: "(TLP:AMBER+STRICT)", atoms: ["TLP:AMBER+STRICT"], isTrafficLightAlone: true),
      MarkChoice(text: "(TLP:RED)", atoms: ["TLP:RED"], isTrafficLightAlone: true),
    ]
    let none = MarkChoice(text: "", atoms: [], isTop: true)
    switch scheme {
    case .tlp: return lights + [none]
    case .legacy:
      return [
        MarkChoice(text: "(U)", atoms: []), MarkChoice(text: "(U)", atoms: []),
        MarkChoice(text: "(U//FOUO)", atoms: ["FOUO"]), MarkChoice(text: "(U//FOUO)", atoms: ["FOUO"]),
        MarkChoice(text: "(U//LES)", atoms: ["LES"]), MarkChoice(text: "(U//LES)", atoms: ["LES"]),
        MarkChoice(text: "(U//LES-NF)", atoms: ["LES", "NF"]), MarkChoice(text: "(U//NF)", atoms: ["NF"]),
        MarkChoice(text: "(U//SSI)", atoms: ["SSI"]), MarkChoice(text: "(U//DSEN)", atoms: ["DSEN"]),
        MarkChoice(text: "(U//PCII)", atoms: ["PCII"]), MarkChoice(text: "(U//FOUO/NF)", atoms: ["FOUO", "NF"]),
        MarkChoice(text: "(U//REL TO USA, CAN)", atoms: [], releasableTo: ["CAN"]),
        MarkChoice(text: "(U//FOUO/REL TO USA, CAN, GBR)", atoms: ["FOUO"], releasableTo: ["CAN", "GBR"]),
        MarkChoice(text: "(U//FOUO) (TLP:AMBER)", atoms: ["FOUO", "TLP:AMBER"]),
        MarkChoice(text: "(U) (TLP:GREEN)", atoms: ["TLP:GREEN"]),
        MarkChoice(text: "(U//ORCON)", atoms: ["ORCON"]), MarkChoice(text: "(U//ZZZ)", atoms: [], isTop: true), none,
      ]
    case .cui:
      return [
        MarkChoice(text: "(U)", atoms: []), MarkChoice(text: "(U)", atoms: []),
        MarkChoice(text: "(CUI)", atoms: ["CUI"]), MarkChoice(text: "(CUI)", atoms: ["CUI"]),
        MarkChoice(text: "(CUI//LEI)", atoms: ["CUI", "CUI//LEI"]),
        MarkChoice(text: "(CUI//SP-SSI)", atoms: ["CUI", "CUI//SP-SSI"]),
        MarkChoice(text: "(CUI//SP-CHRI)", atoms: ["CUI", "CUI//SP-CHRI"]),
        MarkChoice(text: "(CUI//NOFORN)", atoms: ["CUI", "NF"]),
        MarkChoice(text: "(CUI//NOCON)", atoms: ["CUI", "NOCON"]),
        MarkChoice(text: "(CUI//DL ONLY)", atoms: ["CUI", "DL ONLY"]),
        MarkChoice(text: "(CUI//JUV)", atoms: ["CUI", "CUI//JUV"]),
        MarkChoice(text: "(CUI) (TLP:AMBER)", atoms: ["CUI", "TLP:AMBER"]),
        MarkChoice(text: "(CUI//QQQ)", atoms: [], isTop: true), none,
      ]
    }
  }
}

/// The text of one portion.
package struct CanaryText: Hashable, Sendable {
  package var canary: String
  package var mark: MarkChoice
  /// Ids of sources and labels of footnotes that it refers to.
  package var references: [String] = []
  /// Its words after the canary stand on a second line.
  package var hasBreak = false
  /// It tags its canary as the name of a US person.
  package var namesPerson = false

  /// The text without its mark; references that are not kept are deleted, no more.
  func words(keeping kept: (String) -> Bool) -> String {
    let name = namesPerson ? "[\(canary)]{usper}" : canary
    var text = "\(name) says **much**"
    for (index, reference) in references.enumerated() {
      text += index == 0 ? " and" : " more"
      text += (index == 0 ? "" : " ") + (kept(reference) ? "[^\(reference)]" : "")
    }
    return text + (hasBreak ? "\nof it" : " of it") + "."
  }
  func marked(_ words: String) -> String { mark.text.isEmpty ? words : mark.text + " " + words }
}

package struct CanaryItem: Hashable, Sendable {
  package var text: CanaryText?
  /// A further paragraph of the item, with a mark of its own.
  package var second: CanaryText?
  package var nested: [CanaryItem] = []
  package var nestedIsOrdered = false
}

package indirect enum Piece: Hashable, Sendable {
  case heading(level: Int, CanaryText)
  case paragraph(CanaryText)
  /// Lead-in, table and perhaps a chart: one portion.
  case table(CanaryText, chart: Bool)
  case code(CanaryText)
  /// Lead-in and a subject with a mark of its own.
  case subject(CanaryText, MarkChoice?)
  case figure(CanaryText)
  case list(ordered: Bool, [CanaryItem])
  case quote([CanaryText])
  case only(OnlyChoice, [Piece])
  case tearline([Piece])
}

package struct OnlyChoice: Hashable, Sendable {
  /// `sectors` to its values.
  package var clauses: [String: Set<String>]
  package var p23: Bool
  var text: String {
    let keys = clauses.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.sorted().joined(separator: ","))" }
    return (["::: only"] + keys + (p23 ? ["p23"] : [])).joined(separator: " ")
  }
}

extension Piece {
  /// The pieces as Markdown, blank lines between.
  static func markdown(_ pieces: [Piece], keeping kept: (String) -> Bool) -> String {
    pieces.map { $0.markdown(kept) }.joined(separator: "\n\n")
  }

  private func markdown(_ kept: (String) -> Bool) -> String {
    func lead(_ text: CanaryText) -> String { text.marked(text.words(keeping: kept)) }
    switch self {
    case .heading(let level, let text):
      return String(repeating: "#", count: level) + " " + text.marked(text.canary)
    case .paragraph(let text): return lead(text)
    case .table(let text, let chart):
      let table = "| a | b |\n|---|---:|\n| \(text.canary)cell | 10 |\n| other | 20 |"
      let fence =
        "```chart\nkind: bar\ndata: table\nx: a\ny: b\ntitle: \(text.canary)chart\nalt: \(text.canary)alt\n```"
      return lead(text) + "\n\n" + table + (chart ? "\n\n" + fence : "")
    case .code(let text): return lead(text) + "\n\n```\n(U) \(text.canary)code\n```"
    case .subject(let text, let mark):
      let own = mark.map { "mark: \"\($0.text.dropFirst().dropLast())\"\n" } ?? ""
      return lead(text) + "\n\n```subject\n\(own)kind: person\nname: \(text.canary)name\n```"
    case .figure(let text):
      return "![\(text.canary)alt](\(text.canary).png \"\(text.marked(text.canary + "caption"))\")"
    case .list(let ordered, let items): return Piece.list(ordered, items, kept)
    case .quote(let texts):
      return texts.map { text in
        lead(text).split(separator: "\n").map { "> " + $0 }.joined(separator: "\n")
      }.joined(separator: "\n>\n")
    case .only(let only, let inner):
      return only.text + "\n\n" + Piece.markdown(inner, keeping: kept) + "\n\n:::"
    case .tearline(let inner):
      return "::: tearline\n" + Piece.markdown(inner, keeping: kept) + "\n:::"
    }
  }

  private static func list(_ ordered: Bool, _ items: [CanaryItem], _ kept: (String) -> Bool) -> String {
    items.enumerated().map { index, item in
      let bullet = ordered ? "\(index + 1). " : "- "
      var paragraphs = [item.text, item.second].compactMap { $0 }.map { $0.marked($0.words(keeping: kept)) }
      if !item.nested.isEmpty { paragraphs.append(list(item.nestedIsOrdered, item.nested, kept)) }
      let indent = String(repeating: " ", count: bullet.count)
      let lines = paragraphs.joined(separator: "\n\n").split(separator: "\n", omittingEmptySubsequences: false)
      return lines.enumerated().map { place, line in
        place == 0 ? bullet + line : line.isEmpty ? "" : indent + line
      }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// Every text in it, in order.
  package var texts: [CanaryText] {
    switch self {
    case .heading(_, let text), .paragraph(let text), .table(let text, _), .code(let text), .subject(let text, _),
      .figure(let text):
      [text]
    case .list(_, let items): items.flatMap(\.texts)
    case .quote(let texts): texts
    case .only(_, let inner), .tearline(let inner): inner.flatMap(\.texts)
    }
  }
}

extension CanaryItem {
  package var texts: [CanaryText] { [text, second].compactMap { $0 } + nested.flatMap(\.texts) }
}
