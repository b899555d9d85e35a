// Everything in distribution-lists/ as values, with the places that checks need. Loading never fails: what cannot be
// read is a finding and admits nobody. Whoever imports the result looks for errors among the findings first.

package import Bulletins
import SiteFiles

package struct SiteLists: Sendable {
  package var organizations: [Located<Organization>] = []
  package var stakeholders: [Located<Stakeholder>] = []
  package var lists: [LoadedList] = []
  package var endpoints: [Located<WebhookEndpoint>] = []
  package var decisions: [Located<DecisionRecord>] = []
  package var policy: LoadedPolicy
  /// Kinds of which entries may be missing above, because a file could not be read: nothing is known of an id that is
  /// not found among them.
  package var unread: Set<IDKind> = []
  /// From reading alone: L01, L03, L04 and P01; `ListCheck` adds the rest.
  package var findings: [Finding] = []

  package var hasErrors: Bool { (findings + policy.findings).contains { $0.severity == .error } }

  /// Each stakeholder with the organization that it names.
  package func readers() -> [Reader] {
    let byID = Dictionary(organizations.map { ($0.value.id, $0.value) }) { first, _ in first }
    return stakeholders.map { Reader($0.value, byID[$0.value.organization]) }
  }
}

package enum SiteListsLoader {
  package static let folder = "distribution-lists"

  /// `files` are those of distribution-lists/ and of the folders in it; which is which is told by the path.
  package static func load(_ files: [ListFile], vocabulary: Vocabulary) -> SiteLists {
    var byName: [String: ListFile] = [:]
    for file in files { byName[inside(file.path)] = file }
    let policyFile = byName["release-policy.yaml"] ?? ListFile(path: path("release-policy.yaml"), bytes: [])
    var lists = SiteLists(
      policy: PolicyLoader.load(shipped: policyFile, site: byName["release-policy.site.yaml"], vocabulary: vocabulary))
    lists.findings += missing(byName)
    if byName["organizations.yaml"] == nil { lists.unread.insert(.organization) }
    if byName["stakeholders.yaml"] == nil, byName["stakeholders.csv"] == nil { lists.unread.insert(.reader) }
    for file in files.sorted(by: { $0.path < $1.path }) { take(file, &lists, vocabulary) }
    L03Duplicate.settle(&lists)
    lists.findings.sort { $0.place < $1.place }
    return lists
  }

  private static func take(_ file: ListFile, _ lists: inout SiteLists, _ vocabulary: Vocabulary) {
    let name = inside(file.path)
    switch name {
    case "organizations.yaml":
      let read = OrganizationLoader.read(file, vocabulary: vocabulary)
      lists.organizations += read.organizations
      if !read.isComplete { lists.unread.insert(.organization) }
      lists.findings += read.findings
    case "stakeholders.yaml":
      let read = StakeholderLoader.read(yaml: file, vocabulary: vocabulary)
      lists.stakeholders += read.readers
      if !read.isComplete { lists.unread.insert(.reader) }
      lists.findings += read.findings
    case "stakeholders.csv":
      let read = StakeholderLoader.read(csv: file, vocabulary: vocabulary)
      // Not copied where nothing is to be joined: there may be a hundred thousand.
      if lists.stakeholders.isEmpty { lists.stakeholders = read.readers } else { lists.stakeholders += read.readers }
      if !read.isComplete { lists.unread.insert(.reader) }
      lists.findings += read.findings
    case "endpoints.yaml":
      let read = EndpointLoader.read(file)
      lists.endpoints += read.endpoints
      lists.findings += read.findings
    case "release-policy.yaml", "release-policy.site.yaml": break
    case _ where isYAML(name, in: "lists"):
      let read = DistributionListLoader.read(file, vocabulary: vocabulary)
      if let list = read.list { lists.lists.append(list) } else { lists.unread.insert(.list) }
      lists.findings += read.findings
    case _ where isYAML(name, in: "decisions"):
      let read = DecisionLoader.read(file, vocabulary: vocabulary)
      if let record = read.record { lists.decisions.append(record) }
      lists.findings += read.findings
    default:
      // A policy of the site that is never read, because of its name, would leave open what it wants to close.
      if [".yaml", ".yml", ".csv"].contains(where: name.hasSuffix) {
        lists.findings.append(
          L01UnknownWord.finding(name, what: folder, known: names, at: Place(file: file.path)))
      }
    }
  }

  private static let names = [
    "organizations.yaml", "stakeholders.yaml", "stakeholders.csv", "endpoints.yaml", "release-policy.yaml",
    "release-policy.site.yaml",
  ]

  private static func missing(_ files: [String: ListFile]) -> [Finding] {
    var findings: [Finding] = []
    func add(_ name: String, _ message: String) {
      findings.append(L04MalformedValue.finding(at: Place(file: path(name)), message))
    }
    for name in ["organizations.yaml", "release-policy.yaml"] where files[name] == nil {
      add(name, "the file is missing")
    }
    switch (files["stakeholders.yaml"], files["stakeholders.csv"]) {
    case (nil, nil): add("stakeholders.yaml", "the file is missing, and so is stakeholders.csv")
    case (.some, .some): add("stakeholders.csv", "there is a stakeholders.yaml too: only one of them may be used")
    default: break
    }
    return findings
  }

  private static func isYAML(_ name: String, in folder: String) -> Bool {
    name.hasPrefix(folder + "/") && name.hasSuffix(".yaml")
  }

  private static func path(_ name: String) -> String { folder + "/" + name }
  private static func inside(_ path: String) -> String {
    path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
  }
}
