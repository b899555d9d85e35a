// An audience as counts: who gets which variant by what, and who is withheld and why. For the center's own people.

package struct AudienceSummary: Sendable {
  package struct Group: Sendable {
    package var readers = 0
    package var byChannel: [ChannelClass: Int] = [:]
    /// `unknown` for an organization without a valid type.
    package var byOrganizationType: [String: Int] = [:]
    /// A reader counts in each of their own regions; `none` without one.
    package var byRegion: [String: Int] = [:]
    /// A few ids, in the order given, to look at.
    package var examples: [String] = []

    mutating func add(_ reader: Reader, _ channel: ChannelClass?) {
      readers += 1
      if let channel { byChannel[channel, default: 0] += 1 }
      byOrganizationType[reader.organization?.type ?? "unknown", default: 0] += 1
      let regions = reader.stakeholder.regions
      for region in regions.isEmpty ? ["none"] : regions { byRegion[region, default: 0] += 1 }
      if examples.count < 5 { examples.append(reader.id) }
    }
  }

  package private(set) var total = Group()
  package private(set) var variants: [VariantKey: Group] = [:]
  package private(set) var notices: [NoticeWhy: Group] = [:]
  /// By the set of machine reasons, sorted and joined with ", ".
  package private(set) var withheld: [String: Group] = [:]

  package init(_ rows: some Sequence<PushRow>) {
    for row in rows { add(row.reader, row.endpoint?.channel, row.decision) }
  }
  package init() {}

  package mutating func add(_ reader: Reader, _ channel: ChannelClass?, _ decision: Decision) {
    total.add(reader, channel)
    switch decision {
    case .full(let key): variants[key, default: Group()].add(reader, channel)
    case .notice(let why): notices[why, default: Group()].add(reader, channel)
    case .withheld(let reasons):
      withheld[reasons.map(\.machine).sorted().joined(separator: ", "), default: Group()].add(reader, channel)
    }
  }
}
