// Who is pushed a bulletin, and by what (site-files.md). Lists and subscriptions say who should get it; what they get,
// and whether, `decide` says for each candidate channel. Portal and feed are pulled and make no row.

import Bulletins
package import Markings

/// What the center can send by.
package struct Carriers: Sendable {
  /// The class that the best relay earns, `email-tls` or `email-plain`; nil: no relay, no email.
  package var relay: ChannelClass?
  /// Stakeholder id to the approved endpoint; empty while webhooks are not served.
  package var webhooks: [String: WebhookEndpoint]
  package init(relay: ChannelClass? = .emailTLS, webhooks: [String: WebhookEndpoint] = [:]) {
    self.relay = relay
    self.webhooks = webhooks
  }

  /// Entries of the reader that can be served, as the classes that they are served by.
  package func candidates(_ reader: Reader) -> [Endpoint] {
    var found: [Endpoint] = []
    for entry in reader.stakeholder.channels {
      let endpoint: Endpoint?
      switch entry {
      case .emailPlain, .emailTLS, .emailSMIME:
        guard let relay, reader.stakeholder.email?.isEmpty == false else { continue }
        endpoint = Endpoint(entry.served.lowered(to: relay))
      case .webhook: endpoint = webhooks[reader.id].map { Endpoint(.webhook, fullBody: $0.fullBody) }
      case .feed, .portal: endpoint = nil
      }
      if let endpoint, !found.contains(endpoint) { found.append(endpoint) }
    }
    return found
  }
}

/// One row of the push set.
package struct PushRow: Sendable {
  package var reader: Reader
  /// The class that was decided; nil when the reader has no entry that can be served.
  package var endpoint: Endpoint?
  /// Full, notice(cut), or withheld with reasons in words.
  package var decision: Decision
  /// Ids of the lists that brought it; none with `to:`.
  package var lists: [String]
  /// The union of their ceilings, to decide the next attempt with; nil with `to:`.
  package var listCeiling: Ceiling?
}

package struct PushPlanner: Sendable {
  package let decider: Decider
  package let carriers: Carriers
  /// The lists that take part: named by the bulletin, else by the template, and meant for its series.
  package let lists: [DistributionList]
  /// Ids that were named and that no list has.
  package let unknownLists: [String]
  private let members: [Membership]
  private let exceptions: [Set<String>]
  private let named: Set<String>?

  package init(_ decider: Decider, lists all: [DistributionList], carriers: Carriers = Carriers()) {
    self.decider = decider
    self.carriers = carriers
    let front = decider.revision.document.frontMatter
    named = front.to.map(Set.init)
    let wanted = named == nil ? front.lists ?? decider.revision.template.defaultLists : []
    let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    unknownLists = wanted.filter { byID[$0] == nil }
    var seen: Set<String> = []
    let lists = wanted.filter { seen.insert($0).inserted }.compactMap { byID[$0] }
      .filter { $0.series.contains(front.series) }
    self.lists = lists
    members = lists.map { Membership($0.members, policy: decider.compiled) }
    exceptions = lists.map { Set($0.except) }
  }

  /// What readers of the same lists share.
  private struct Union {
    var ids: [String]
    var ceiling: Ceiling
  }

  /// One row for every reader of the push set, in the order given.
  package func rows(_ readers: some Sequence<Reader>, now: Instant) -> [PushRow] {
    var rows: [PushRow] = []
    rows.reserveCapacity(readers.underestimatedCount)
    forEachRow(readers, now: now) { rows.append($0) }
    return rows
  }

  /// The same, row by row, for audiences that need not be kept. `words: false` leaves the words of reasons empty: for
  /// counting.
  package func forEachRow(
    _ readers: some Sequence<Reader>, now: Instant, words: Bool = true, _ visit: (PushRow) throws -> Void
  ) rethrows {
    let round = decider.round(at: now)
    var unions: [[Int]: Union] = [:]
    for reader in readers {
      if let row = row(reader, round, &unions, words: words) { try visit(row) }
    }
  }

  /// The row of one reader; nil: not in the push set.
  package func row(_ reader: Reader, now: Instant) -> PushRow? {
    var unions: [[Int]: Union] = [:]
    return row(reader, decider.round(at: now), &unions, words: true)
  }

  private func row(
    _ reader: Reader, _ round: DecisionRound, _ unions: inout [[Int]: Union], words: Bool
  ) -> PushRow? {
    if let named {
      guard named.contains(reader.id) else { return nil }
      return chosen(reader, round, lists: [], ceiling: nil, words: words)
    }
    guard reader.stakeholder.status == .active, wants(reader) else { return nil }
    let places = lists.indices.filter {
      !exceptions[$0].contains(reader.id) && members[$0].includes(reader, at: round.time)
    }
    guard !places.isEmpty else { return nil }
    let union: Union
    if let known = unions[places] {
      union = known
    } else {
      union = Union(
        ids: places.map { lists[$0].id }, ceiling: places.reduce(.nothing) { $0.union(lists[$1].ceiling) })
      unions[places] = union
    }
    return chosen(reader, round, lists: union.ids, ceiling: union.ceiling, words: words)
  }

  /// Each key that the reader filled narrows; an empty one does not.
  private func wants(_ reader: Reader) -> Bool {
    guard let wish = reader.stakeholder.subscription else { return true }
    let front = decider.revision.document.frontMatter
    return (wish.series.isEmpty || wish.series.contains(front.series))
      && (wish.hsec.isEmpty || wish.hsec.contains(where: front.hsec.contains))
  }

  /// Entries of the reader that can be served, as the classes that they are served by.
  package func candidates(_ reader: Reader) -> [Endpoint] { carriers.candidates(reader) }

  /// The ceiling of the lists that would push this to a reader: nil with `to:`, which knows no list; nothing passes
  /// where no list brings it.
  package func listCeiling(_ reader: Reader, _ round: DecisionRound) -> Ceiling? {
    if let named { return named.contains(reader.id) ? nil : .nothing }
    guard reader.stakeholder.status == .active, wants(reader) else { return .nothing }
    return lists.indices.filter {
      !exceptions[$0].contains(reader.id) && members[$0].includes(reader, at: round.time)
    }
    .reduce(Ceiling.nothing) { $0.union(lists[$1].ceiling) }
  }

  /// Ids of the lists that bring this to a reader; none with `to:`; nil: not in the push set.
  package func listsBringing(_ reader: Reader, _ round: DecisionRound) -> [String]? {
    if let named { return named.contains(reader.id) ? [] : nil }
    guard reader.stakeholder.status == .active, wants(reader) else { return nil }
    let found = lists.indices.filter {
      !exceptions[$0].contains(reader.id) && members[$0].includes(reader, at: round.time)
    }
    return found.isEmpty ? nil : found.map { lists[$0].id }
  }

  /// The first candidate that carries all that a product would show the reader, else the one that gives most.
  private func chosen(
    _ reader: Reader, _ round: DecisionRound, lists: [String], ceiling: Ceiling?, words: Bool
  ) -> PushRow {
    func row(_ endpoint: Endpoint?, _ decision: Decision) -> PushRow {
      PushRow(
        reader: reader, endpoint: endpoint, decision: words ? round.worded(decision, reader) : decision, lists: lists,
        listCeiling: ceiling)
    }
    let candidates = candidates(reader)
    guard let first = candidates.first else { return row(nil, .withheld([Reason(.noChannel)])) }
    if let refusal = round.refusal(of: reader) { return row(first, refusal) }
    let met = round.met(by: reader)
    var best: (endpoint: Endpoint, key: VariantKey, count: Int)?
    var notice: Endpoint?
    for endpoint in candidates {
      let outcome = round.candidate(met, endpoint.channel, ceiling)
      switch outcome.decision.asPushed {
      case .full(let key):
        if outcome.isWhole { return row(endpoint, .full(key)) }
        if outcome.visible > best?.count ?? -1 { best = (endpoint, key, outcome.visible) }
      case .notice: notice = notice ?? endpoint
      case .withheld: continue
      }
    }
    if let best { return row(best.endpoint, .full(best.key)) }
    if let notice { return row(notice, .notice(.cut)) }
    return row(first, round.decide(met, first.channel, ceiling).asPushed)
  }
}

extension Decision {
  /// What a push makes of it: an expired notice is pulled and never pushed.
  package var asPushed: Decision {
    self == .notice(.expired) ? .withheld([Reason(.expired, words: "the bulletin is out of date")]) : self
  }
}
