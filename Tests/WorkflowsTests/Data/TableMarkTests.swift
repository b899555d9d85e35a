// The mark of written tables is one that a bulletin of the site may carry, or the tables are not written.

import Distribution
import Markings
import Testing
import Workflows

@Suite struct TableMarkTests {
  private func checked(_ text: String, _ scheme: Scheme = .legacy) throws -> String {
    let site = try SmallSite()
    return try TableMark.checked(text, registry: try site.workspace().vocabulary.registry, scheme: scheme)
  }

  @Test(arguments: [
    ("U//FOUO", "U//FOUO"), ("(U//LES)", "U//LES"), ("U", "U"), ("(U//FOUO) (TLP:AMBER)", "U//FOUO) (TLP:AMBER"),
  ])
  func written(text: String, inside: String) throws {
    #expect(try checked(text) == inside)
  }

  @Test func writtenInOtherSchemes() throws {
    #expect(try checked("CUI//LEI", .cui) == "CUI//LEI")
    #expect(try checked("TLP:AMBER", .tlp) == "TLP:AMBER")
  }

  @Test(
    arguments: [
      ("foo", .legacy, "scheme legacy"), ("", .legacy, "no portion mark"), ("S//NF", .legacy, "classified"),
      ("TS", .legacy, "classified"), ("CUI//LEI", .legacy, "scheme legacy"), ("U//FOUO", .cui, "scheme cui"),
      ("TLP:AMBER", .legacy, "scheme legacy"), ("FOUO", .legacy, ""), ("U//FOUO | x", .legacy, ""),
      ("(U) and more", .legacy, ""),
    ] as [(String, Scheme, String)])
  func refused(text: String, scheme: Scheme, message: String) throws {
    let problem = #expect(throws: DataProblem.self) { try checked(text, scheme) }
    #expect(problem?.code == .mark && problem?.message.contains(message) == true && problem?.hint.isEmpty == false)
  }
}
