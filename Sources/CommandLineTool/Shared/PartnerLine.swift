// How a partner stands, for people and as JSON: who it is, what it has, when it last pulled. Ids, never secrets.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import Workflows

struct PartnerLine: Encodable {
  struct Credential: Encodable {
    var id: String
    /// open, expired or revoked.
    var state: String
    /// nil: every feed.
    var feeds: [String]?
    var taxii: Bool
    var created: String
    var createdBy: String
    var expires: String
    var revoked: String?
    var revokedBy: String?
    /// After too many wrong secrets.
    var lockedUntil: String?
  }

  var id: String
  /// False: no reader of the lists; it sees nothing.
  var isReader: Bool
  var name: String
  var organization: String
  var organizationName: String
  var level: String?
  var status: String?
  var clearance: String?
  /// Name and last day.
  var agreements: [String: String]
  var vettedUntil: String?
  var attestedUntil: String?
  var requestsPerMinute: Int
  var lastPull: String?
  var sequence: Int64
  /// First and last number that may never have been given.
  var gaps: [[Int64]]
  var credentials: [Credential]

  init(_ standing: PartnerStanding, _ lockOuts: [LockOut], now: Moment, zone: TimeZone, withClosed: Bool) {
    func time(_ moment: Moment) -> String { Instant(seconds: moment.seconds).rfc3339(in: zone) }
    let stakeholder = standing.reader?.stakeholder
    id = standing.partner.id
    isReader = stakeholder != nil
    name = stakeholder?.name ?? ""
    organization = stakeholder?.organization ?? ""
    organizationName = standing.reader?.organization?.name ?? ""
    level = standing.reader?.organization?.level?.rawValue
    status = stakeholder?.status?.rawValue
    clearance = stakeholder?.clearance.rawValue
    agreements = Dictionary((stakeholder?.agreements ?? []).map { ($0.name, "\($0.until)") }) { first, _ in first }
    vettedUntil = stakeholder?.vetting?.until.map { "\($0)" }
    attestedUntil = stakeholder?.audienceAttested.map { "\($0)" }
    requestsPerMinute = standing.partner.requestsPerMinute
    lastPull = standing.partner.lastPullAt.map(time)
    sequence = standing.partner.sequence
    gaps = standing.partner.gaps.map { [$0.lowerBound, $0.upperBound] }
    let locked = Dictionary(lockOuts.compactMap { lockOut in lockOut.credential.map { ($0, lockOut.until) } }) {
      first, _ in first
    }
    credentials = standing.credentials.filter { withClosed || $0.isOpen(at: now) || locked[$0.id] != nil }.map {
      Credential(
        id: $0.id, state: $0.revokedAt != nil ? "revoked" : $0.isOpen(at: now) ? "open" : "expired", feeds: $0.feeds,
        taxii: $0.allowsTaxii, created: time($0.createdAt), createdBy: $0.createdBy, expires: time($0.expiresAt),
        revoked: $0.revokedAt.map(time), revokedBy: $0.revokedBy, lockedUntil: locked[$0.id].map(time))
    }
  }

  var text: String {
    var lines = [[id, name, organizationName].filter { !$0.isEmpty }.joined(separator: "  ")]
    var facts = [level.map { "\($0) organization" }, status, clearance.map { "clearance \($0)" }].compactMap { $0 }
    facts += agreements.sorted { $0.key < $1.key }.map { "\($0.key) until \($0.value)" }
    facts += [vettedUntil.map { "vetted until \($0)" }, attestedUntil.map { "attested until \($0)" }].compactMap { $0 }
    lines.append("  " + (isReader ? facts.joined(separator: ", ") : "no reader of the lists: it sees nothing"))
    var use = ["\(requestsPerMinute) requests a minute", lastPull.map { "last pull \($0)" } ?? "never pulled"]
    if sequence > 0 { use.append("sequence number \(sequence)") }
    if !gaps.isEmpty { use.append("gaps " + gaps.map { "\($0[0])-\($0[1])" }.joined(separator: ", ")) }
    lines.append("  " + use.joined(separator: ", "))
    var columns = TextColumns()
    for credential in credentials {
      let scope = (credential.feeds?.joined(separator: ", ") ?? "every feed") + (credential.taxii ? ", TAXII" : "")
      let end =
        credential.revoked.map { "revoked \($0)" }
        ?? "\(credential.state == "open" ? "until" : "expired") \(credential.expires)"
      columns.add(
        "  \(credential.id)", scope, end, credential.lockedUntil.map { "locked out until \($0)" } ?? "")
    }
    return (lines + [credentials.isEmpty ? "  no open credential" : columns.text]).joined(separator: "\n")
  }
}

/// A lock-out of no partner's credential: of an address, or of a name that none has.
struct LockOutLine: Encodable {
  var lockedOut: String
  var until: String
  var times: Int

  init(_ lockOut: LockOut, zone: TimeZone) {
    lockedOut = lockOut.key
    until = Instant(seconds: lockOut.until.seconds).rfc3339(in: zone)
    times = lockOut.times
  }

  var text: String { "\(lockedOut)  locked out until \(until)" }
}
