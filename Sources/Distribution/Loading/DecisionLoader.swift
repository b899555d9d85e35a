// decisions/*.yaml: what the release authority recorded, as the release verb exports it. A file with anything wrong in
// it counts for nothing: a decision widens, so half of one is none.

package import Bulletins
package import Markings
import SiteFiles

/// One record; it counts for one revision only.
package struct DecisionRecord: Hashable, Sendable {
  package var bulletin: String
  /// `sha256:` and 64 hexadecimal digits.
  package var revision: String
  package var decisions: RecordedDecisions
  package var by: String
  package var at: Instant
  package var reason: String
}

package enum DecisionLoader {
  package static func read(_ file: ListFile, vocabulary: Vocabulary) -> (
    record: Located<DecisionRecord>?, findings: [Finding]
  ) {
    var report = FileReport(file.path)
    guard let root = report.root(file.bytes) else { return (nil, report.all) }
    var facts = FactReader(NodeFacts(fields: MapFields(root)), report: FileReport(file.path))
    let record = record(&facts, vocabulary)
    report.add(facts.report.findings)
    report.add(facts.source.fields.finish(alsoKnown: keys))
    guard let record, report.all.isEmpty else { return (nil, report.all) }
    return (Located(record, at: report.place(root.position)), [])
  }

  private static let keys: Set<String> = [
    "bulletin", "revision", "public-release", "private-release", "foreign-release", "consents", "accept-hollow", "by",
    "at", "reason",
  ]

  private static func record(_ facts: inout FactReader<NodeFacts>, _ vocabulary: Vocabulary) -> DecisionRecord? {
    let bulletin = facts.id("bulletin")
    let revision = revision(&facts)
    let by = facts.id("by")
    let at = at(&facts)
    let reason = facts.requiredLine("reason")
    let decisions = RecordedDecisions(
      publicRelease: facts.source.fields.bool("public-release") ?? false,
      privateRelease: facts.source.fields.bool("private-release") ?? false,
      foreignRelease: Set(facts.words("foreign-release", vocabulary.countries)),
      consents: Set((facts.source.list("consents") ?? []).map(\.text)),
      acceptHollow: Set((facts.source.list("accept-hollow") ?? []).map(\.text)))
    guard let bulletin, let revision, let by, let at, let reason else { return nil }
    return DecisionRecord(
      bulletin: bulletin, revision: revision, decisions: decisions, by: by, at: at, reason: reason)
  }

  private static func revision(_ facts: inout FactReader<NodeFacts>) -> String? {
    guard let text = facts.requiredLine("revision") else { return nil }
    let digits = text.utf8.dropFirst("sha256:".utf8.count)
    let hex = "0123456789abcdef".utf8
    if text.hasPrefix("sha256:"), digits.count == 64, digits.allSatisfy(hex.contains) { return text }
    if let fact = facts.source.text("revision") {
      facts.malformed(fact, "`revision` must be `sha256:` and 64 hexadecimal digits")
    }
    return nil
  }

  private static func at(_ facts: inout FactReader<NodeFacts>) -> Instant? {
    guard let text = facts.requiredLine("at") else { return nil }
    if let instant = Instant(rfc3339: text) { return instant }
    if let fact = facts.source.text("at") {
      facts.malformed(fact, "`at` is no time: \(text)", hint: "write it as 2026-11-20T11:45:00-05:00")
    }
    return nil
  }
}

extension DecisionRecord {
  /// Those of the records that count for a revision, joined; for the others of the same bulletin a finding says why not.
  package static func effective(
    _ records: [Located<DecisionRecord>], bulletin: String, revision: String, authorities: [String], now: Instant
  ) -> (decisions: RecordedDecisions, findings: [Finding]) {
    var joined = RecordedDecisions.none
    var findings: [Finding] = []
    for located in records where located.value.bulletin == bulletin {
      let record = located.value
      let why: String? =
        if record.revision != revision {
          "it was made for another revision of the bulletin"
        } else if !authorities.contains(record.by) {
          "`\(record.by)` is no release authority of the site"
        } else if record.at > now {
          "it lies in the future"
        } else {
          nil
        }
      if let why {
        findings.append(
          Finding(
            rule: L08Contradiction.id, severity: .warning, place: located.place,
            message: "the recorded decision is ignored: \(why)",
            explanation: "a decision counts for the revision that it was made for, by a release authority, from then on"
          ))
        continue
      }
      joined.publicRelease = joined.publicRelease || record.decisions.publicRelease
      joined.privateRelease = joined.privateRelease || record.decisions.privateRelease
      joined.foreignRelease.formUnion(record.decisions.foreignRelease)
      joined.consents.formUnion(record.decisions.consents)
      joined.acceptHollow.formUnion(record.decisions.acceptHollow)
    }
    return (joined, findings)
  }
}
