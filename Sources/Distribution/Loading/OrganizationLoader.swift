// organizations.yaml. What is malformed is reported and meets no test.

package import Bulletins
import SiteFiles

package enum OrganizationLoader {
  package static func read(
    _ file: ListFile, vocabulary: Vocabulary
  ) -> (organizations: [Located<Organization>], findings: [Finding], isComplete: Bool) {
    var report = FileReport(file.path)
    var organizations: [Located<Organization>] = []
    for node in report.entries(of: "organizations", in: file.bytes) {
      var facts = FactReader(NodeFacts(fields: MapFields(node)), report: FileReport(file.path))
      if let organization = organization(&facts, vocabulary) {
        organizations.append(Located(organization, at: report.place(node.position)))
      }
      report.add(facts.report.findings)
      report.add(facts.source.fields.finish(alsoKnown: keys))
    }
    return (organizations, report.all, report.isComplete)
  }

  private static let keys: Set<String> = [
    "id", "name", "level", "type", "country", "municipality", "sectors", "disciplines", "regions", "domains", "ori",
    "may-originate",
  ]
  /// Protection of information that only its owner's program may start (markings.md section 6, M13).
  private static let originations: Set<String> = ["ssi", "pcii"]

  private static func organization(
    _ facts: inout FactReader<NodeFacts>, _ vocabulary: Vocabulary
  ) -> Organization? {
    guard let id = facts.id("id") else { return nil }
    let name = facts.requiredLine("name") ?? ""
    for key in ["level", "type", "country"] { _ = facts.requiredLine(key) }
    return Organization(
      id: id, name: name, level: facts.word("level", of: OrganizationLevel.self),
      type: facts.word("type", vocabulary.organizationTypes), country: facts.word("country", vocabulary.countries),
      municipality: facts.line("municipality"), sectors: facts.words("sectors", vocabulary.sectors),
      disciplines: facts.words("disciplines", vocabulary.disciplines),
      regions: facts.words("regions", vocabulary.regions.slugs), domains: domains(&facts), ori: facts.line("ori"),
      mayOriginate: facts.words("may-originate", originations))
  }

  private static func domains(_ facts: inout FactReader<NodeFacts>) -> [String] {
    var domains: [String] = []
    for fact in facts.source.list("domains") ?? [] {
      if AddressSyntax.fault("x@" + fact.text) == nil {
        domains.append(fact.text.lowercased())
      } else {
        facts.malformed(fact, "`domains` holds no domain: \(fact.text)", hint: "write it as agency.example.gov")
      }
    }
    return domains
  }
}
