// The rows that a worker has claimed and prepared and not yet begun, by lane and class; which of them may begin next
// is decided here: lanes in order, rates of domains, room kept for the immediate lane. Values; time is an argument.

import Mail
import Outbox
package import Store

/// A claimed row with its message. Handed on many times: an object, so that this costs nothing.
final class PreparedRow: Sendable {
  let row: ClaimedDelivery
  /// What the loop gets when it may begin.
  let consignment: Consignment
  let messageID: String
  /// When it was decided.
  let preparedAt: Moment

  init(row: ClaimedDelivery, message: SmtpMessage, messageID: String, preparedAt: Moment) {
    self.row = row
    self.preparedAt = preparedAt
    consignment = Consignment(number: row.id, lane: row.lane, least: RelayClass(row.channel), message: message)
    self.messageID = messageID
  }

  var least: RelayClass { consignment.least }
  var domain: String { consignment.message.recipients.first?.path.domain ?? "" }
}

extension RelayClass {
  /// The class that a row was decided for; S/MIME is sent as email-tls.
  init(_ channel: DeliveryChannel) { self = channel == .emailPlain ? .plain : .tls }
  /// The channels whose rows may go by a relay of this class.
  var channels: [DeliveryChannel] { self == .plain ? [.emailPlain] : [.emailTLS, .emailSMIME] }
  /// The channels of all that a relay of this class may carry.
  package var servedChannels: [DeliveryChannel] { RelayClass.allCases.filter { $0 <= self }.flatMap(\.channels) }
}

struct DispatchStock {
  /// Rows that wait for their domain's rate; beyond it they are deferred instead.
  static let delayedLimit = 200

  private var lanes: [[PreparedRow]] = Lane.allCases.map { _ in [] }
  private var heads: [Int] = Lane.allCases.map { _ in 0 }
  /// Rows that wait for a token of their domain.
  private var delayed: [RateLimits.Key: [PreparedRow]] = [:]
  private var delayedCount = 0
  /// Relays whose own rate is used up: their rows stay where they are.
  private var dry: Set<Int> = []
  private var wanting: Set<RateLimits.Key> = []
  private var limits: RateLimits
  private(set) var counts: [Int] = RelayClass.allCases.map { _ in 0 }
  private(set) var urgent = 0

  init(_ relays: [Relay]) { limits = RateLimits(relays) }

  var count: Int { counts.reduce(0, +) }
  /// When tokens may be had; nil when none are short.
  var nextDue: Moment? { limits.askAt }

  mutating func add(_ rows: [PreparedRow]) {
    for row in rows {
      lanes[row.row.lane.rawValue].append(row)
      note(row, 1)
    }
  }

  private mutating func note(_ row: PreparedRow, _ step: Int) {
    counts[row.least.rawValue] += step
    if row.row.lane == .immediate { urgent += step }
  }

  /// What may begin now, and what must wait longer than is worth a lease.
  struct Choice {
    var begin: [PreparedRow] = []
    var late: [(row: PreparedRow, until: Moment)] = []
  }

  /// - Parameters:
  ///   - room: how many rows may begin; the last `kept` of them only of the immediate lane.
  ///   - relay: the relay that is ready for a class, nil when none is.
  mutating func choose(room: Int, kept: Int, at now: Moment, relay: (RelayClass) -> Int?) -> Choice {
    var choice = Choice()
    wakeDelayed()
    dry = []
    for lane in Lane.allCases {
      let limit = lane == .immediate ? room : room - kept
      var passed: [PreparedRow] = []
      let index = lane.rawValue
      while choice.begin.count < limit, heads[index] < lanes[index].count {
        let row = lanes[index][heads[index]]
        heads[index] += 1
        guard let relay = relay(row.least), !dry.contains(relay) else {
          passed.append(row)
          continue
        }
        if let short = limits.take(relay: relay, domain: row.domain, at: now) {
          if short.domain.isEmpty {
            dry.insert(relay)
            passed.append(row)
          } else if lane == .immediate || delayedCount < Self.delayedLimit {
            delayed[short, default: []].append(row)
            delayedCount += 1
          } else {
            note(row, -1)
            choice.late.append((row, limits.plan(short, behind: delayed[short]?.count ?? 0, at: now)))
          }
          continue
        }
        note(row, -1)
        choice.begin.append(row)
      }
      lanes[index].removeFirst(heads[index])
      heads[index] = 0
      if !passed.isEmpty { lanes[index].insert(contentsOf: passed, at: 0) }
    }
    return choice
  }

  private mutating func wakeDelayed() {
    for (key, rows) in delayed {
      let tokens = limits.tokens(key)
      guard tokens > 0 else { continue }
      // The immediate lane first, in each lane the oldest.
      let order = Lane.allCases.flatMap { lane in rows.filter { $0.row.lane == lane } }
      let due = order.prefix(tokens)
      delayed[key] = due.count == order.count ? nil : Array(order.dropFirst(due.count))
      delayedCount -= due.count
      for row in due.reversed() { lanes[row.row.lane.rawValue].insert(row, at: 0) }
    }
  }

  // MARK: Rates

  /// What to ask the store for and to give back to it, with the next commit.
  mutating func rateOrders(at now: Moment) -> [RateLimits.Key: RateOrder] {
    var wanted = delayed.mapValues(\.count)
    if count > 0 { for relay in dry { wanted[RateLimits.Key(relay: relay, domain: "")] = count } }
    for key in wanting where wanted[key] == nil { limits.want(key, 0) }
    for (key, count) in wanted { limits.want(key, count) }
    wanting = Set(wanted.keys)
    return limits.orders(at: now)
  }

  mutating func granted(_ key: RateLimits.Key, _ grant: RateGrant, of order: RateOrder, at now: Moment) {
    limits.granted(key, grant, of: order, at: now)
  }

  /// Tokens to give back at the end.
  var leftovers: [RateOrder] { limits.leftovers }

  // MARK: Rows that must not go

  /// Forgets every row: their leases were given back.
  mutating func clear() {
    for index in lanes.indices { lanes[index] = [] }
    delayed = [:]
    delayedCount = 0
    counts = counts.map { _ in 0 }
    urgent = 0
  }

  /// Takes out rows that must wait after all, to be handed back.
  mutating func take(where waits: (PreparedRow) -> Bool) -> [PreparedRow] {
    guard count > 0 else { return [] }
    var taken = takeDelayed(where: waits)
    for index in lanes.indices {
      taken += lanes[index].filter(waits)
      lanes[index].removeAll(where: waits)
    }
    for row in taken { note(row, -1) }
    return taken
  }

  /// Takes out every row of a class, to be handed back.
  mutating func take(_ least: RelayClass) -> [PreparedRow] {
    guard counts[least.rawValue] > 0 else { return [] }
    return take { $0.least == least }
  }

  private mutating func takeDelayed(where waits: (PreparedRow) -> Bool) -> [PreparedRow] {
    guard delayedCount > 0 else { return [] }
    let taken = delayed.values.flatMap { $0.filter(waits) }
    delayed = delayed.mapValues { $0.filter { !waits($0) } }.filter { !$0.value.isEmpty }
    delayedCount -= taken.count
    return taken
  }
}
