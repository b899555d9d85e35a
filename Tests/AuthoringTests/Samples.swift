// Where the fixtures lie, the registry of the shipped vocabularies, and short ways to write a bulletin in a test.

import Authoring
import Bulletins
import Foundation
import Markings
import SiteFiles

enum Samples {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  /// Where sample bulletins are kept.
  static let folders = ["templates/sample/bulletins"]

  static func bytes(_ path: String) -> [UInt8]? {
    (try? Data(contentsOf: root.appending(path: path))).map { Array($0) }
  }

  static func sampleBytes(_ name: String) -> [UInt8]? { folders.lazy.compactMap { bytes("\($0)/\(name)") }.first }

  static let good = [
    "crime-statistics-2026-9m", "hate-crime-2025", "high-profile-incident-worcester-terminal",
    "officer-safety-conversion-devices", "opioid-arrests-2026-q3", "sar-quarterly-2026-q3",
    "situational-awareness-false-contractors", "special-event-first-night-boston",
  ]

  static let broken: [String] =
    ((try? FileManager.default.contentsOfDirectory(
      at: root.appending(path: "Tests/Fixtures/samples/broken"), includingPropertiesForKeys: nil)) ?? [])
    .map(\.lastPathComponent).filter { $0.hasSuffix(".md") }.sorted()

  private static func records(_ name: String) -> [[String]] {
    let bytes = bytes("templates/vocab/\(name).csv") ?? []
    return ((try? CSVReader.records(bytes)) ?? []).dropFirst().map(\.fields)
  }

  static let registry = MarkingRegistry(
    categories: Dictionary(
      records("cui-categories").compactMap { fields in
        MarkingRegistry.Basis(rawValue: fields[2]).map { (fields[0], $0) }
      },
      uniquingKeysWith: { first, _ in first }),
    disseminationControls: Dictionary(
      records("ldc").flatMap { [($0[0], $0[0]), ($0[1], $0[0])] }, uniquingKeysWith: { first, _ in first }),
    countries: Set(records("countries").map { $0[0] }))

  static let settings = ReaderSettings(
    registry: registry, zone: TimeZone(identifier: "America/New_York") ?? .gmt, chartData: { sampleBytes($0) })

  static func read(_ text: String) -> ReadBulletin { read(Array(text.utf8)) }
  static func read(_ bytes: [UInt8]) -> ReadBulletin {
    BulletinReader.read(bytes, file: "test.md", settings: settings)
  }

  static let frontMatter = """
    ---
    series: officer-safety
    title: "(U//FOUO) Title"
    short-title: "(U) Short"
    authors: [a.okafor]
    info-cutoff: 2026-11-18
    expires: 2026-12-02
    sources:
      - { id: s1, describe: "(U//FOUO) Report" }
      - { id: s2, describe: "(U//LES) File" }
    ---

    """
  /// Lines of `frontMatter`: the body begins on the next.
  static let frontMatterLines = 11

  /// A bulletin with the front matter above and this body.
  static func body(_ text: String) -> ReadBulletin { read(frontMatter + text) }
}

/// Reproducible random numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A tree in a few words, to compare with: `p0 "words"`, children indented.
enum Outline {
  static func of(_ blocks: [Block]) -> String { blocks.map { lines($0, "") }.joined(separator: "\n") }

  private static func lines(_ block: Block, _ indent: String) -> String {
    let portion = block.portion.map { " @\($0)" } ?? ""
    func inner(_ blocks: [Block]) -> String { blocks.map { "\n" + lines($0, indent + "  ") }.joined() }
    switch block.content {
    case .heading(let level, let text): return "\(indent)h\(level)\(portion) \(text.plainText)"
    case .paragraph(let text): return "\(indent)p\(portion) \(text.plainText)"
    case .list(let list):
      let sign = list.start.map { "\($0)\(list.delimiter)" } ?? String(list.delimiter)
      return "\(indent)list \(sign)"
        + list.items.map { "\n\(indent)  item" + $0.blocks.map { "\n" + lines($0, indent + "    ") }.joined() }.joined()
    case .quote(let blocks): return "\(indent)quote" + inner(blocks)
    case .table(let grid): return "\(indent)table\(portion) \(grid.header.count)x\(grid.rows.count)"
    case .code(let info, let text): return "\(indent)code\(portion) [\(info)] \(text.replacing("\n", with: "|"))"
    case .chart(let chart): return "\(indent)chart\(portion) \(chart.title)"
    case .subject(let subject): return "\(indent)subject\(portion) \(subject.kind.rawValue)"
    case .figure(let figure): return "\(indent)figure\(portion) \(figure.file) \(figure.caption)"
    case .thematicBreak: return "\(indent)rule\(portion)"
    case .only(let clauses, let p23, let blocks):
      let words =
        clauses.map { "\($0.axis.rawValue)=\($0.values.sorted().joined(separator: ","))" } + (p23 ? ["p23"] : [])
      return "\(indent)only \(words.joined(separator: " "))" + inner(blocks)
    case .tearline(let blocks): return "\(indent)tearline" + inner(blocks)
    }
  }
}

extension Finding {
  /// `F03 4:14`
  var short: String { "\(rule) \(place.line):\(place.column)" }
}

extension ReadBulletin {
  /// Marks of the body's portions in canonical form; `-` for none.
  var bodyMarks: [String] {
    document.portions.dropFirst(2 + document.frontMatter.sources.count).map { $0.mark?.text ?? "-" }
  }
  var rules: [String] { findings.map { "\($0.rule) \($0.place.line)" } }
}
