// Who asked too often: bad attempts that lock a name or an address out, and requests above a caller's rate. Values;
// they are kept by PartnerGate.

import Outbox
import Store

/// A bucket that holds one minute's requests and fills all the time.
struct RequestBucket {
  private var tokens: Double
  private var at: Moment

  init(perMinute: Int, now: Moment) {
    tokens = Double(perMinute)
    at = now
  }

  /// - Returns: nil: go on; else after how many seconds there is room for one more.
  mutating func take(perMinute: Int, now: Moment) -> Int? {
    let rate = Double(perMinute) / 60_000
    if now > at { tokens = min(Double(perMinute), tokens + Double((now - at).milliseconds) * rate) }
    // A clock that was set back fills nothing until it has caught up; it need not.
    at = now
    guard tokens < 1 else {
      tokens -= 1
      return nil
    }
    return max(1, Int(((1 - tokens) / rate / 1_000).rounded(.up)))
  }
}

/// Bad attempts by name and by address.
struct FailureTable {
  /// A name: a mistyped secret is tried a few times. An address may be that of many systems of one agency.
  static let attempts = (name: 5, address: 20)
  static let window = Moment.Span.minutes(15)
  static let longest = Moment.Span.hours(1)
  /// After a day without a lock-out the next one is short again.
  static let memory = Moment.Span.hours(24)
  static let capacity = 10_000

  private var entries: [String: AccessFailures] = [:]

  init(_ stored: [AccessFailures] = []) {
    for entry in stored { entries[entry.key] = entry }
  }

  /// 1, 2, 4 .. 60 minutes.
  static func delay(lockOuts: Int) -> Moment.Span {
    min(longest, .minutes(1 << Int64(min(max(lockOuts, 1) - 1, 10))))
  }

  /// - Returns: seconds until the key may try again; nil: it may.
  func locked(_ key: String, now: Moment) -> Int? {
    guard let until = entries[key]?.lockedUntil, now < until else { return nil }
    return max(1, Int(((until - now).milliseconds + 999) / 1_000))
  }

  /// - Returns: how the key stands, where this attempt locked it out.
  mutating func note(_ key: String, limit: Int, now: Moment) -> AccessFailures? {
    if entries.count >= Self.capacity, entries[key] == nil { makeRoom(now) }
    var entry = entries[key] ?? AccessFailures(key: key, failures: 0, since: now)
    if now < entry.since || now - entry.since >= Self.window {
      entry.since = now
      entry.failures = 0
    }
    if let until = entry.lockedUntil, now - until >= Self.memory { entry.lockOuts = 0 }
    entry.failures += 1
    let isLocked = entry.failures >= limit
    if isLocked {
      entry.failures = 0
      entry.since = now
      entry.lockOuts += 1
      entry.lockedUntil = now + Self.delay(lockOuts: entry.lockOuts)
    }
    entries[key] = entry
    return isLocked ? entry : nil
  }

  mutating func forget(_ key: String) { entries[key] = nil }

  /// What a person ended in any process: rows without a lock-out. Failures since then count on.
  mutating func lift(_ stored: [AccessFailures]) {
    for entry in stored where entry.lockedUntil == nil {
      if let known = entries[entry.key], known.since <= entry.since { entries[entry.key] = nil }
    }
  }

  /// Whoever sends names at random fills the table: those who are not locked out go first.
  private mutating func makeRoom(_ now: Moment) {
    entries = entries.filter { $0.value.lockedUntil.map { now < $0 } ?? false }
    if entries.count >= Self.capacity { entries = [:] }
  }
}
