// A reader as stakeholders.yaml or .csv states them (release-policy.md section 1). Small arrays, not sets: a site holds
// 100,000 of these, and a loader may share equal arrays between them. Malformed facts are nil or left out and meet no
// test; a malformed citizenship is kept apart from an absent one, which means the organization's country.

package import Bulletins

package enum Role: String, Hashable, Sendable, CaseIterable {
  case sworn, civilian, contractor, executive
}

/// The highest handling that a reader is vetted for: public < partner < fouo < les.
package enum Clearance: String, Hashable, Sendable, CaseIterable, Comparable {
  case `public`, partner, fouo, les

  package var rank: Int {
    switch self {
    case .public: 0
    case .partner: 1
    case .fouo: 2
    case .les: 3
    }
  }
  package static func < (a: Clearance, b: Clearance) -> Bool { a.rank < b.rank }
}

/// Who reads what arrives: one person, a desk, or a partner's machine.
package enum Mailbox: String, Hashable, Sendable, CaseIterable {
  case person, shared, system
}

package enum ReaderStatus: String, Hashable, Sendable, CaseIterable {
  case active, suspended, departed
}

package enum Citizenship: Hashable, Sendable {
  /// Absent: that of the organization.
  case ofOrganization
  /// ISO 3166 alpha-3.
  case country(String)
  /// Not USA, and no other either.
  case malformed
}

/// An agreement and the last day on which it is valid.
package struct Agreement: Hashable, Sendable {
  package var name: String
  package var until: CivilDate
  package init(_ name: String, until: CivilDate) {
    self.name = name
    self.until = until
  }
}

/// Vetted from `on` through `until`, both days included; without either it is no vetting.
package struct Vetting: Hashable, Sendable {
  package var on: CivilDate?
  package var by: String?
  package var until: CivilDate?
  package init(on: CivilDate?, by: String? = nil, until: CivilDate?) {
    self.on = on
    self.by = by
    self.until = until
  }
}

/// What a reader wants of what the lists bring. An empty list asks for nothing special: it does not narrow.
package struct Subscription: Hashable, Sendable {
  package var series: [String]
  package var hsec: [Int]
  package init(series: [String] = [], hsec: [Int] = []) {
    self.series = series
    self.hsec = hsec
  }
}

package struct Stakeholder: Hashable, Sendable {
  package enum Format: String, Hashable, Sendable, CaseIterable { case html, text }
  package enum Pace: String, Hashable, Sendable, CaseIterable { case each, digest }

  package var id: String
  package var name: String
  package var email: String?
  /// An organization's id.
  package var organization: String
  package var role: Role?
  /// nil: missing or malformed, not active.
  package var status: ReaderStatus?
  package var clearance: Clearance
  package var agreements: [Agreement]
  /// nil: not vetted.
  package var vetting: Vetting?
  package var citizenship: Citizenship
  package var mailbox: Mailbox
  /// The last day on which the statement of a system's owner counts.
  package var audienceAttested: CivilDate?
  package var sectors: [String]
  package var disciplines: [String]
  package var regions: [String]
  /// Best first.
  package var channels: [ChannelClass]
  package var format: Format
  package var pace: Pace
  package var subscription: Subscription?

  package init(
    id: String, name: String = "", email: String? = nil, organization: String, role: Role? = nil,
    status: ReaderStatus? = nil, clearance: Clearance = .public, agreements: [Agreement] = [],
    vetting: Vetting? = nil, citizenship: Citizenship = .ofOrganization, mailbox: Mailbox = .shared,
    audienceAttested: CivilDate? = nil, sectors: [String] = [], disciplines: [String] = [], regions: [String] = [],
    channels: [ChannelClass] = [], format: Format = .html, pace: Pace = .each, subscription: Subscription? = nil
  ) {
    self.id = id
    self.name = name
    self.email = email
    self.organization = organization
    self.role = role
    self.status = status
    self.clearance = clearance
    self.agreements = agreements
    self.vetting = vetting
    self.citizenship = citizenship
    self.mailbox = mailbox
    self.audienceAttested = audienceAttested
    self.sectors = sectors
    self.disciplines = disciplines
    self.regions = regions
    self.channels = channels
    self.format = format
    self.pace = pace
    self.subscription = subscription
  }
}

/// A stakeholder with the organization that its id names; nil when no such organization exists.
/// A copy is one reference: lists of readers are long, and rows of an audience hold readers again.
package struct Reader: Hashable, Sendable {
  private final class Facts: Sendable {
    let stakeholder: Stakeholder
    let organization: Organization?
    init(_ stakeholder: Stakeholder, _ organization: Organization?) {
      self.stakeholder = stakeholder
      self.organization = organization
    }
  }
  private var facts: Facts

  package init(_ stakeholder: Stakeholder, _ organization: Organization?) {
    facts = Facts(stakeholder, organization)
  }

  // Lent, not copied: a copy would count a reference for every text in it.
  package var stakeholder: Stakeholder {
    _read { yield facts.stakeholder }
    set { facts = Facts(newValue, facts.organization) }
  }
  package var organization: Organization? {
    _read { yield facts.organization }
    set { facts = Facts(facts.stakeholder, newValue) }
  }
  package var id: String { facts.stakeholder.id }

  package static func == (a: Reader, b: Reader) -> Bool {
    a.facts === b.facts || (a.facts.stakeholder == b.facts.stakeholder && a.facts.organization == b.facts.organization)
  }
  package func hash(into hasher: inout Hasher) {
    hasher.combine(facts.stakeholder)
    hasher.combine(facts.organization)
  }
}
