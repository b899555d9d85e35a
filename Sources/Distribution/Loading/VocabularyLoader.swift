// The vocabularies: CSV files that the product ships (templates/vocab) and a site adds to (vocab/), by the name of the
// file. They become the words of facts and predicates, the tree of regions, and what marks are read against.

package import Bulletins
package import Markings
import SiteFiles

package struct LoadedVocabulary: Sendable {
  package var vocabulary = Vocabulary()
  package var registry = MarkingRegistry(categories: [:], disseminationControls: [:], countries: [])
  package var topics: Set<String> = []
  /// Numbers of the HSEC standing needs.
  package var standingNeeds: Set<Int> = []
  package var statePriorities: Set<String> = []
  /// Key of a word to its name for people, by the stem of the file: `names["sectors"]?["energy"]`.
  package var names: [String: [String: String]] = [:]
  /// FIPS 6-4 code of the county that a region is or lies in, with a zero before it as CAP's geocodes have it
  /// (`025025`), by slug; larger regions have none.
  package var counties: [String: String] = [:]
  package var findings: [Finding] = []
}

package enum VocabularyLoader {
  /// Files whose stem is not known here are for others (drug codes, estimative terms) and are passed over. A word that
  /// two files have is one word; the first name counts.
  package static func load(_ files: [ListFile]) -> LoadedVocabulary {
    var loaded = LoadedVocabulary()
    var regions: [(slug: String, parent: String?)] = []
    for file in files {
      guard let stem = stem(file.path), let key = keys[stem] else { continue }
      var report = FileReport(file.path)
      let rows = rows(file, key: key.column, and: key.also, &report)
      loaded.findings += report.all
      for row in rows { take(row, of: stem, &loaded, &regions) }
      loaded.names[stem, default: [:]].merge(rows.map { ($0.word, $0["name"] ?? $0.word) }) { first, _ in first }
    }
    loaded.vocabulary.regions = RegionTree(regions)
    // A county is a region by its name: `Suffolk` is `suffolk-county`.
    for (code, name) in loaded.names["counties"] ?? [:] {
      let slug = name.lowercased().replacing(" ", with: "-") + "-county"
      if loaded.vocabulary.regions.contains(slug) { loaded.counties[slug] = "0" + code }
    }
    loaded.registry.countries = loaded.vocabulary.countries
    return loaded
  }

  /// Stem to the column of its words, and a further one that must be there.
  private static let keys: [String: (column: String, also: String?)] = [
    "sectors": ("slug", nil), "disciplines": ("slug", nil), "organization-types": ("slug", nil),
    "agreements": ("slug", nil), "topics": ("slug", nil), "state-priorities": ("slug", nil),
    "regions": ("slug", "parent"), "municipalities": ("slug", "parent"), "counties": ("fips", nil),
    "hsec-standing-needs": ("number", nil),
    "countries": ("alpha3", nil), "cui-categories": ("marking", "basis"), "ldc": ("marking", "portion-mark"),
  ]

  private static func take(
    _ row: VocabularyLine, of stem: String, _ loaded: inout LoadedVocabulary,
    _ regions: inout [(slug: String, parent: String?)]
  ) {
    switch stem {
    case "sectors": loaded.vocabulary.sectors.insert(row.word)
    case "disciplines": loaded.vocabulary.disciplines.insert(row.word)
    case "organization-types": loaded.vocabulary.organizationTypes.insert(row.word)
    case "agreements": loaded.vocabulary.agreements.insert(row.word)
    case "topics": loaded.topics.insert(row.word)
    case "state-priorities": loaded.statePriorities.insert(row.word)
    case "regions", "municipalities":
      regions.append((row.word, row["parent"]))
      if let code = row["county-fips"] { loaded.counties[row.word] = "0" + code }
    case "counties": break
    case "countries": loaded.vocabulary.countries.insert(row.word)
    case "hsec-standing-needs": if let number = Int(row.word) { loaded.standingNeeds.insert(number) }
    case "cui-categories":
      loaded.vocabulary.cuiCategories.insert(row.word)
      // What is not said to be basic is held to be specified: the form with the stricter rules.
      loaded.registry.categories[row.word] = row["basis"] == "basic" ? .basic : .specified
    default:
      // Both forms are accepted; the first column is the banner's.
      loaded.registry.disseminationControls[row.word] = row.word
      if let mark = row["portion-mark"] { loaded.registry.disseminationControls[mark] = row.word }
    }
  }

  private struct VocabularyLine {
    var word: String
    var cells: [String: String]
    subscript(column: String) -> String? { cells[column] }
  }

  private static func rows(
    _ file: ListFile, key: String, and further: String?, _ report: inout FileReport
  ) -> [VocabularyLine] {
    var records: [CSVRecord]
    do {
      records = try CSVReader.records(file.bytes)
    } catch {
      if let problem = error as? FileProblem { report.add(problem) }
      return []
    }
    guard let header = records.first?.fields else {
      report.malformed(at: SourcePosition(line: 1), "the file has no header row")
      return []
    }
    for column in [key, further].compactMap({ $0 }) where !header.contains(column) {
      report.malformed(at: SourcePosition(line: 1), "the header has no column `\(column)`")
      return []
    }
    records.removeFirst()
    var lines: [VocabularyLine] = []
    for record in records {
      guard record.fields.count == header.count else {
        report.malformed(
          at: SourcePosition(line: record.line),
          "the row has \(record.fields.count) fields, the header \(header.count)",
          hint: "quote a field that holds a comma")
        continue
      }
      let cells = Dictionary(zip(header, record.fields).filter { !$0.1.isEmpty }) { first, _ in first }
      if let word = cells[key] {
        lines.append(VocabularyLine(word: word, cells: cells))
      } else {
        report.malformed(at: SourcePosition(line: record.line), "the row has no `\(key)`")
      }
    }
    return lines
  }

  private static func stem(_ path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    return name.hasSuffix(".csv") ? String(name.dropLast(4)) : nil
  }
}
