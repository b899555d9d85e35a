// Records that a test makes up, through the mapping and the importer as operators use them.

import Testing

@testable import Statistics

enum MadeRecords {
  private static let mapping = """
    source: T
    name: Test
    precedence: 1
    fields:
      incident-id: { from: i }
      person-id: { from: i }
      report-date: { from: d, date: YYYY-MM-DD }
      arrest-date: { from: d, date: YYYY-MM-DD }
      town: { from: t }
      statute: { from: s }
      offense: { from: o }
      suspected-substance: { value: fentanyl }
      lab-status: { from: r }
      lab-substance: { from: l }
      firearm-seized: { value: N }
      overdose-linked: { value: N }
      naloxone-used: { value: N }
      multi-jurisdiction: { value: N }

    """

  static func line(
    _ number: Int, on day: String, _ town: String = "Worcester", _ statute: String = "94C-34",
    _ offense: String = "possession", _ status: String = "pending", _ found: String = ""
  ) -> String {
    "\(IncidentPerson.key(UInt64(number))),\(day),\(town),\(statute),\(offense),\(status),\(found)\n"
  }

  static func imports(_ lines: [String]) throws -> Imports {
    let (read, problems) = MappingReader.read(Array(mapping.utf8))
    var imports = Imports()
    try imports.run(try #require(read, "\(problems)"), Array(("i,d,t,s,o,r,l\n" + lines.joined()).utf8))
    #expect(imports.batches[0].counts.unknown == 0, "\(imports.batches[0].fates)")
    return imports
  }
}
