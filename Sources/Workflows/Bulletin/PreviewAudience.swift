// `revere audience`: who would get what of a bulletin, and who would not, and why. Decides and stores nothing.

import Bulletins
package import Distribution
package import Markings

/// What one reader gets by one class of channel, for machines (Documentation/audience-json.md).
package struct AudienceRecord: Hashable, Sendable, Encodable {
  package var reader: String
  package var channel: String
  package var decision: String
  package var cut: Bool
  package var thin: Bool
  package var variant: String?
  package var banner: String?
  package var tlp: String?
  package var title: String?
  package var reasons: [String]

  private enum CodingKeys: String, CodingKey {
    case reader, channel, decision, cut, thin, variant, banner, tlp, title, reasons
  }

  /// Absent values are written as null: a reader of the line need not know which keys may be missing.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(reader, forKey: .reader)
    try values.encode(channel, forKey: .channel)
    try values.encode(decision, forKey: .decision)
    try values.encode(cut, forKey: .cut)
    try values.encode(thin, forKey: .thin)
    try values.encode(variant, forKey: .variant)
    try values.encode(banner, forKey: .banner)
    try values.encode(tlp, forKey: .tlp)
    try values.encode(title, forKey: .title)
    try values.encode(reasons, forKey: .reasons)
  }
}

package struct PreviewAudience {
  package let decider: Decider
  let readers: [Reader]
  private let now: Instant
  private let round: DecisionRound
  private var banners: [VariantKey: Banner] = [:]

  package init(_ decider: Decider, readers: [Reader], now: Instant) {
    self.decider = decider
    self.readers = readers
    self.now = now
    round = decider.round(at: now)
  }

  package func pushRows(lists: [DistributionList], carriers: Carriers) -> [PushRow] {
    PushPlanner(decider, lists: lists, carriers: carriers).rows(readers, now: now)
  }

  package mutating func banner(of key: VariantKey) -> Banner? {
    if let known = banners[key] { return known }
    banners[key] = decider.variant(key)?.banner
    return banners[key]
  }

  /// Every reader by every class of channel, whether or not a list would push to them.
  package mutating func allChannels(_ visit: (AudienceRecord) -> Void) {
    for reader in readers {
      for channel in ChannelClass.allCases {
        visit(look(reader, channel).record)
      }
    }
  }

  /// What a reader gets by a class of channel, as it was decided and for machines.
  mutating func look(_ reader: Reader, _ channel: ChannelClass) -> (decision: Decision, record: AudienceRecord) {
    let endpoint = Endpoint(channel.served)
    let decision = round.decide(reader, endpoint, words: false)
    return (decision, record(reader, channel, endpoint, decision))
  }

  package mutating func record(_ row: PushRow) -> AudienceRecord {
    record(row.reader, row.endpoint?.channel, row.endpoint, row.decision)
  }

  private mutating func record(
    _ reader: Reader, _ channel: ChannelClass?, _ endpoint: Endpoint?, _ decision: Decision
  ) -> AudienceRecord {
    var record = AudienceRecord(
      reader: reader.id, channel: channel?.rawValue ?? "none", decision: "withheld", cut: false, thin: false,
      variant: nil, banner: nil, tlp: nil, title: nil, reasons: decision.reasons.map(\.machine).sorted())
    guard let endpoint else { return record }
    record.title = round.titleForm(decision, reader, endpoint)?.rawValue
    switch decision {
    case .withheld: break
    case .full(let key):
      record.decision = "full"
      record.cut = key.cut
      record.thin = decider.isThin(key, endpoint)
      record.variant = VariantBuilder.id(key, decider.revision)
      let banner = banner(of: key)
      record.banner = banner?.text
      record.tlp = banner?.trafficLight?.rawValue
    case .notice(let why):
      record.decision = "notice"
      record.reasons = [why == .expired ? "expired" : "channel-ceiling"]
      let banner = round.notice(why, to: reader, endpoint.channel)?.banner
      record.banner = banner?.text
      record.tlp = banner?.trafficLight?.rawValue
    }
    return record
  }

  /// What one reader gets by one endpoint and what is hidden from them, with the first words of each hidden portion.
  package func explain(_ reader: Reader, _ endpoint: Endpoint, listCeiling: Ceiling?) -> Explanation {
    round.explain(reader, endpoint, listCeiling: listCeiling)
  }
}
