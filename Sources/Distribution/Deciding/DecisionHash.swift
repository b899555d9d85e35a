// What a decision was made from, as one digest for the ledger: revision, the reader's facts, endpoint, policy, site and
// the outcome of every date test; `now` itself is stored beside it. Computed on demand only.

import Bulletins
import Crypto
import Foundation
import Markings

/// Fields with their lengths, so that no two lists of fields give the same bytes.
struct CanonicalText {
  private(set) var bytes: [UInt8] = []
  mutating func add(_ name: String, _ values: some Sequence<String>) {
    let values = Array(values)
    append(name)
    append(" ")
    append(values.count)
    append("\n")
    for value in values {
      append(value.utf8.count)
      append(":")
      append(value)
      append("\n")
    }
  }
  mutating func add(_ name: String, _ value: String?) { add(name, [value].compactMap { $0 }) }
  private mutating func append(_ number: Int) { append(String(number)) }
  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  var sha256: String { SHA256.hash(data: bytes).hexadecimal }
}

extension DecisionRound {
  /// 64 hexadecimal digits.
  package func hash(_ reader: Reader, _ endpoint: Endpoint, listCeiling: Ceiling? = nil) -> String {
    digest(reader, endpoint, listCeiling: listCeiling).hexadecimal
  }

  /// The same as 32 bytes.
  package func digest(_ reader: Reader, _ endpoint: Endpoint, listCeiling: Ceiling? = nil) -> [UInt8] {
    var text = CanonicalText()
    reader.write(to: &text)
    text.add("endpoint", [endpoint.channel.rawValue, endpoint.fullBody ? "full-body" : ""])
    if let listCeiling { text.add("list", listCeiling.canonical) }
    let facts = ReaderFacts(reader, time)
    let dates =
      [facts.isVetted, facts.isAttested] + reader.stakeholder.agreements.map { time.isValid(until: $0.until) }
    text.add("dates", dates.map { $0 ? "valid" : "not" })
    var hasher = shared
    hasher.update(data: text.bytes)
    return Array(hasher.finalize())
  }
}

extension Decider {
  /// What all decisions of a round are made from: it comes first, and is hashed once.
  func hasher(at time: DecisionTime) -> SHA256 {
    var text = CanonicalText()
    revision.write(to: &text)
    policy.write(to: &text)
    site.write(to: &text)
    let window = labels.window
    text.add(
      "window",
      window.notBefore.map { time.now < $0 } == true
        ? "before" : window.expires.map { time.now >= $0 } == true ? "after" : "inside")
    var hasher = SHA256()
    hasher.update(data: text.bytes)
    return hasher
  }
}

extension Revision {
  /// The file by its hash; what was recorded about it and the template by value.
  func write(to text: inout CanonicalText) {
    text.add("revision", [bulletin, hash])
    text.add("released", [decisions.publicRelease ? "public" : "", decisions.privateRelease ? "private" : ""])
    text.add("foreign", decisions.foreignRelease.sorted())
    text.add("consents", decisions.consents.sorted())
    text.add("accept-hollow", decisions.acceptHollow.sorted())
    text.add("template", [template.series, template.publicName, template.defaultExpiryDays.map(String.init) ?? ""])
    text.add("required", template.requiredSections)
    text.add("required-if-present", template.requiredIfPresent)
  }
}

extension Reader {
  fileprivate func write(to text: inout CanonicalText) {
    let person = stakeholder
    let citizenship =
      switch person.citizenship {
      case .ofOrganization: "of-organization"
      case .country(let code): code
      case .malformed: "malformed"
      }
    text.add(
      "reader",
      [
        person.id, person.organization, person.role?.rawValue ?? "", person.status?.rawValue ?? "",
        person.clearance.rawValue, citizenship, person.mailbox.rawValue,
      ])
    text.add("agreements", person.agreements.flatMap { [$0.name, $0.until.description] })
    text.add("vetting", [person.vetting?.on, person.vetting?.until].map { $0?.description ?? "" })
    text.add("attested", person.audienceAttested?.description)
    text.add("sectors", person.sectors)
    text.add("disciplines", person.disciplines)
    text.add("regions", person.regions)
    text.add(
      "organization",
      [organization?.id, organization?.level?.rawValue, organization?.type, organization?.country].map { $0 ?? "" })
  }
}

extension Ceiling {
  fileprivate var canonical: [String] {
    switch self {
    case .all: ["all"]
    case .only(let atoms): ["only"] + atoms.sorted().map(\.name)
    }
  }
}

extension ReleasePolicy {
  fileprivate func write(to text: inout CanonicalText) {
    text.add("policy", [name, version, hash])
    for (atom, predicate) in atoms.sorted(by: { $0.key < $1.key }) {
      text.add("atom", [atom.name] + predicate.canonical)
    }
    for channel in ChannelClass.allCases { text.add(channel.rawValue, channels[channel]?.canonical ?? []) }
    text.add("thin-above", webhookThinAbove.map { $0.sorted().map(\.name) } ?? [])
    text.add("header-ceiling", headerCeiling?.rawValue)
  }
}

extension Predicate {
  fileprivate var canonical: [String] {
    func group(_ name: String, _ parts: [Predicate]) -> [String] { [name, "("] + parts.flatMap(\.canonical) + [")"] }
    return switch self {
    case .all(let parts): group("all", parts)
    case .any(let parts): group("any", parts)
    case .has(let fact, let words): [fact.rawValue, "("] + words.sorted() + [")"]
    case .clearance(let word): ["clearance", word]
    case .agreement(let name): ["agreement", name]
    case .vettingCurrent: ["vetting"]
    case .attested: ["attested"]
    case .atom(let atom): ["atom", atom.name]
    case .invalid(let words): ["invalid", words]
    }
  }
}

extension Site {
  fileprivate func write(to text: inout CanonicalText) {
    text.add(
      "site",
      [
        id, name, parent ?? "", serialPrefix, zone.identifier, country, defaultScheme.rawValue, portal ?? "",
        headerCeiling,
      ])
    text.add("release-authority", releaseAuthorities)
    text.add("privacy-officer", privacyOfficers)
    text.add("designation", [designation?.controlledBy, designation?.pointOfContact].compactMap { $0 })
    for (key, contact) in contacts.sorted(by: { $0.key < $1.key }) {
      text.add("contact", [key, contact.name, contact.phone ?? "", contact.email ?? ""])
    }
    for (name, blocks) in [("feedback", feedback), ("reporting", reporting)] {
      for (key, block) in blocks.sorted(by: { $0.key < $1.key }) {
        text.add(name, [key, block.text, block.link ?? ""])
      }
    }
  }
}
