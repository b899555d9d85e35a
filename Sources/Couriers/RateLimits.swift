// What a worker knows of the rates of its relays: tokens that it has borrowed from the buckets in the store, which all
// workers share, and what it is short of. It borrows in chunks, inside commits that it makes anyway, so that a rate
// that is not reached costs a message next to nothing; what it does not use goes back. Values; time is an argument.

package import Outbox
package import Store

package struct RateLimits: Sendable {
  /// A relay's own rate (`domain` empty), or a destination domain's at that relay.
  package struct Key: Hashable, Sendable {
    package let relay: Int
    package let domain: String
    package init(relay: Int, domain: String) {
      self.relay = relay
      self.domain = domain
    }
  }

  private struct Line {
    let rate: Double
    var tokens = 0
    /// Messages that wait for a token.
    var wanted = 0
    /// The store had none: not asked before.
    var askAt: Moment?
    var usedAt: Moment
    /// Until when the messages that were deferred take all that will flow in.
    var plannedUntil: Moment?
  }

  /// Of a second's tokens, so much is borrowed at once at most: the rest is left to other workers.
  private static let share = 4.0
  /// Tokens that nothing asked for in this time go back.
  private static let patience: Moment.Span = .seconds(1)
  /// Orders of one commit.
  private static let batch = 64

  private let relays: [Relay]
  private let isLimited: Bool
  private var lines: [Key: Line] = [:]

  package init(_ relays: [Relay]) {
    self.relays = relays
    isLimited = relays.contains { $0.rate != nil || $0.perDomainRate != nil }
  }

  /// Without a rate there is nothing to ask for.
  private func rate(_ key: Key) -> Double? {
    guard relays.indices.contains(key.relay) else { return nil }
    return key.domain.isEmpty ? relays[key.relay].rate : relays[key.relay].perDomainRate
  }

  private mutating func line(_ key: Key, _ now: Moment) -> Line? {
    if let known = lines[key] { return known }
    return rate(key).map { Line(rate: $0, usedAt: now) }
  }

  /// Takes a token of the domain and one of the relay; else takes none and names what is short.
  package mutating func take(relay: Int, domain: String, at now: Moment) -> Key? {
    guard isLimited else { return nil }
    let keys = [Key(relay: relay, domain: ""), Key(relay: relay, domain: domain)].filter { rate($0) != nil }
    for key in keys {
      guard let line = line(key, now), line.tokens < 1 else { continue }
      lines[key] = line
      return key
    }
    for key in keys {
      guard var line = line(key, now) else { continue }
      line.tokens -= 1
      line.usedAt = now
      lines[key] = line
    }
    return nil
  }

  package func tokens(_ key: Key) -> Int { lines[key]?.tokens ?? 0 }

  /// How many messages wait for tokens of a line.
  package mutating func want(_ key: Key, _ count: Int) { lines[key]?.wanted = count }

  /// A time by which a message that is not to wait here may hope for its turn, behind `waiting` others.
  package mutating func plan(_ key: Key, behind waiting: Int, at now: Moment) -> Moment {
    guard let line = lines[key] else { return now }
    func after(_ count: Int) -> Moment.Span { Moment.Span(milliseconds: Int64(Double(count) / line.rate * 1000)) }
    let next = max(now + after(waiting), line.plannedUntil ?? now) + max(after(1), Moment.Span(milliseconds: 1))
    lines[key]?.plannedUntil = next
    return next
  }

  /// When the store is worth asking; nil when nothing is short.
  package var askAt: Moment? {
    lines.values.lazy.filter { $0.wanted > $0.tokens }.map { $0.askAt ?? Moment(milliseconds: 0) }.min()
  }

  /// What to ask the store for, and what to give back.
  package func orders(at now: Moment) -> [Key: RateOrder] {
    guard !lines.isEmpty else { return [:] }
    var orders: [Key: RateOrder] = [:]
    for (key, line) in lines {
      if line.wanted > line.tokens, line.askAt.map({ now >= $0 }) ?? true {
        let chunk = max(1, Int(line.rate / Self.share))
        orders[key] = order(key, line, wanted: min(chunk, line.wanted - line.tokens))
      } else if line.wanted == 0, line.tokens > 0, now - line.usedAt >= Self.patience {
        orders[key] = order(key, line, unused: line.tokens)
      }
      if orders.count == Self.batch { break }
    }
    return orders
  }

  /// Everything, at the end.
  package var leftovers: [RateOrder] {
    lines.compactMap { $0.value.tokens > 0 ? order($0.key, $0.value, unused: $0.value.tokens) : nil }
  }

  private func order(_ key: Key, _ line: Line, wanted: Int = 0, unused: Int = 0) -> RateOrder {
    RateOrder(
      relay: relays[key.relay].name, domain: key.domain, rate: line.rate, wanted: wanted, unused: unused)
  }

  package mutating func granted(_ key: Key, _ grant: RateGrant, of order: RateOrder, at now: Moment) {
    lines[key]?.tokens += grant.tokens - order.unused
    lines[key]?.askAt = grant.next
    if grant.tokens > 0 { lines[key]?.usedAt = now }
    // A domain that nothing goes to any more is forgotten.
    if let line = lines[key], line.tokens == 0, line.wanted == 0 { lines[key] = nil }
  }
}
