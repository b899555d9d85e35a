// release-policy.yaml and release-policy.site.yaml, merged. A policy that cannot be read admits nobody and carries
// nothing; the findings say so, and the import that asked for it fails.

package import Bulletins
import Crypto
package import Markings
import SiteFiles

package struct LoadedPolicy: Sendable {
  /// What decisions are made with.
  package var merged: ReleasePolicy
  /// Atoms that only the site names: widenings that need the release authority (P04).
  package var widenings: [Atom]
  /// Where an atom's predicate is written, the site's file last.
  package var places: [Atom: Place]
  /// Of the shipped file and the site's, as far as they could be read.
  package var heads: [PolicyHead]
  package var findings: [Finding]
}

package enum PolicyLoader {
  package static func load(shipped: ListFile, site: ListFile? = nil, vocabulary: Vocabulary) -> LoadedPolicy {
    let base = read(shipped, vocabulary: vocabulary)
    guard let site else {
      return LoadedPolicy(
        merged: base.policy, widenings: [], places: base.places, heads: [base.head].compactMap { $0 },
        findings: base.findings)
    }
    let own = read(site, vocabulary: vocabulary)
    var (merged, widenings) = base.policy.merged(withSite: own.policy)
    if !own.isWhole {
      // What the site wanted to tighten is not known, so nothing is left open.
      merged.atoms = [:]
      merged.channels = [:]
      widenings = []
    }
    return LoadedPolicy(
      merged: merged, widenings: widenings, places: base.places.merging(own.places) { $1 },
      heads: [base.head, own.head].compactMap { $0 }, findings: base.findings + own.findings)
  }

  private struct OneFile {
    var policy: ReleasePolicy
    var head: PolicyHead?
    var places: [Atom: Place] = [:]
    var findings: [Finding] = []
    /// Every key and every atom's name was understood, so that nothing which the file restricts is missed.
    var isWhole = false
  }

  private static func read(_ file: ListFile, vocabulary: Vocabulary) -> OneFile {
    var policy = ReleasePolicy(name: "", version: "", hash: hash(file.bytes))
    var report = FileReport(file.path, unknownRule: P01UnknownTest.id)
    guard let root = report.root(file.bytes) else { return OneFile(policy: policy, findings: report.all) }
    var facts = FactReader(
      NodeFacts(fields: MapFields(root)), report: FileReport(file.path, unknownRule: P01UnknownTest.id))
    /// Words inside predicates and ceilings: without them, less is met.
    var words = FileReport(file.path, unknownRule: P01UnknownTest.id)
    policy.name = facts.requiredLine("policy") ?? ""
    let head = head(&facts)
    policy.version = head.version?.description ?? ""
    policy.effective = head.effective
    let places = atoms(&facts, &policy, vocabulary, &words)
    channels(&facts, &policy, vocabulary, &words)
    if facts.source.isWritten("webhook-thin-above") {
      policy.webhookThinAbove = facts.atoms("webhook-thin-above", vocabulary)
    }
    policy.headerCeiling = headerCeiling(&facts)
    report.add(facts.report.findings)
    report.add(facts.source.fields.finish(alsoKnown: keys))
    let isWhole = report.findings.isEmpty
    report.add(words.findings)
    return OneFile(policy: policy, head: head, places: places, findings: report.all, isWhole: isWhole)
  }

  private static func head(_ facts: inout FactReader<NodeFacts>) -> PolicyHead {
    func place(_ key: String) -> Place {
      facts.report.place(facts.source.fields.entry(key)?.value.position ?? facts.source.start)
    }
    var head = PolicyHead(versionPlace: place("version"), effectivePlace: place("effective"))
    if let text = facts.requiredLine("version") {
      head.version = PolicyVersion(text)
      if head.version == nil {
        facts.malformedKey("version", "`version` is no number: \(text)", hint: "write 3, 3.1 or a day, 2027-03-31")
      }
    }
    head.effective = facts.date("effective")
    return head
  }

  /// What a recorded file says; nil when it says no version.
  package static func version(of bytes: [UInt8]) -> PolicyVersion? {
    (try? YAMLReader.read(bytes))?["version"]?.text.flatMap(PolicyVersion.init)
  }

  private static let keys: Set<String> = [
    "policy", "version", "effective", "atoms", "channels", "webhook-thin-above", "header-ceiling",
  ]

  private static func atoms(
    _ facts: inout FactReader<NodeFacts>, _ policy: inout ReleasePolicy, _ vocabulary: Vocabulary,
    _ words: inout FileReport
  ) -> [Atom: Place] {
    var places: [Atom: Place] = [:]
    var reader = PredicateReader(
      vocabulary: vocabulary, namesMembers: false,
      report: FileReport(facts.report.path, unknownRule: facts.report.unknownRule))
    for entry in facts.entries("atoms") {
      let atom = Atom(entry.key)
      if !vocabulary.knows(atom) {
        facts.report.unknown(entry.key, what: "atoms", known: vocabulary.atomNames, at: entry.keyPosition)
      } else if atom == .namedOnly {
        facts.report.malformed(at: entry.keyPosition, "`DL ONLY` is built in: it is met by those whom `to:` names")
      } else {
        policy.atoms[atom] = reader.read(entry.value)
        places[atom] = facts.report.place(entry.keyPosition)
      }
    }
    words.add(reader.report.findings)
    return places
  }

  private static func channels(
    _ facts: inout FactReader<NodeFacts>, _ policy: inout ReleasePolicy, _ vocabulary: Vocabulary,
    _ words: inout FileReport
  ) {
    for entry in facts.entries("channels") {
      guard let channel = ChannelClass(rawValue: entry.key) else {
        facts.report.unknown(
          entry.key, what: "channels", known: ChannelClass.allCases.map(\.rawValue), at: entry.keyPosition)
        continue
      }
      if entry.value.text == "all" {
        policy.channels[channel] = .all
        continue
      }
      // A map of its own, so that messages name `channels.CLASS`.
      var inner = FactReader(
        NodeFacts(fields: MapFields(Node(.map([entry]), position: entry.keyPosition))),
        report: FileReport(facts.report.path, unknownRule: facts.report.unknownRule))
      policy.channels[channel] = .only(inner.atoms(entry.key, vocabulary))
      words.add(inner.report.findings)
      words.add(inner.source.fields.finish(alsoKnown: [entry.key]))
    }
  }

  /// Only the classes of email have headers that travel in the open. What cannot be read is the lowest.
  private static func headerCeiling(_ facts: inout FactReader<NodeFacts>) -> ChannelClass? {
    guard facts.source.isWritten("header-ceiling") else { return nil }
    let classes: [ChannelClass] = [.emailTLS, .emailPlain]
    let word = facts.word("header-ceiling", Set(classes.map(\.rawValue)))
    return word.flatMap(ChannelClass.init) ?? .emailPlain
  }

  private static func hash(_ bytes: [UInt8]) -> String {
    "sha256:" + SHA256.hash(data: bytes).hexadecimal
  }
}

extension FactReader where Source == NodeFacts {
  /// The entries of a map; anything else is reported and has none.
  mutating func entries(_ key: String) -> [Node.Entry] {
    guard let value = source.fields.value(key) else { return [] }
    if let entries = value.map { return entries }
    report.malformed(at: value.position, "`\(key)` must be a map")
    return []
  }
}
