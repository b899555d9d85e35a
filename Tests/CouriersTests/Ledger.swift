// A ledger with rows and a preparer that always sends: what the worker's tests dispatch.

import Couriers
import Foundation
import Mail
import Outbox
import Store
import StoreSQLite
import Synchronization
import Testing

/// A folder with a database, gone when the test ends.
final class Ledger: Sendable {
  let folder: URL
  let path: String
  let store: SQLStore
  private let releases = Atomic<Int>(0)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "revere-dispatch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "revere.db").path(percentEncoded: false)
    store = try SQLStore(driver: try SQLiteDriver(path: path), at: 0)
  }
  deinit { try? FileManager.default.removeItem(at: folder) }

  static func now() -> Moment { Moment(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }

  /// Releases a bulletin to these addresses.
  @discardableResult
  func release(
    _ addresses: [String], lane: Lane = .routine, channel: DeliveryChannel = .emailPlain,
    onUncertain: OnUncertain = .hold, at: Moment? = nil
  ) throws -> Int64 {
    let now = at ?? Self.now()
    let number = releases.add(1, ordering: .relaxed).newValue
    return try store.write { session in
      let release = try session.insert(
        release: NewRelease(
          bulletin: "b\(number)", series: "officer-safety", revisionHash: "sha256:\(number)", files: [],
          serial: Serial(prefix: "CFC", code: "OS", year: 2026, number: number), by: "watch", at: now, title: "Title",
          banner: "UNCLASSIFIED", lane: lane, onUncertain: onUncertain, startsAt: now, lifetimeEnd: now + .hours(72),
          policyName: "cfc", policyVersion: "1", policyHash: "p"))
      let variant = try session.insert(
        variant: VariantContent(
          key: "v", titleForm: "title", banner: "UNCLASSIFIED", subjectMark: "U", subjectWords: "Title", html: "",
          text: "", body: VariantContent.EncodedBody(bytes: []), plainBody: VariantContent.EncodedBody(bytes: [])),
        release: release)
      let decision = try session.insert(
        decision: SharedDecision(
          outcome: .full, channel: channel, variant: variant, policyName: "cfc", policyVersion: "1", policyHash: "p"),
        release: release)
      var next = 0
      _ = try session.enqueue(release: release, decidedAt: now) {
        guard next < addresses.count else { return nil }
        next += 1
        return NewDelivery(
          reader: "r\(next)", address: addresses[next - 1], format: .html, decision: decision, decisionHash: [1])
      }
      return release
    }
  }

  func counts(_ release: Int64) throws -> [DeliveryState: Int] {
    try store.read { try $0.counts(release: release) }.filter { $0.value > 0 }
  }

  func rows(_ release: Int64) throws -> [String: DeliveryRecord] {
    var rows: [String: DeliveryRecord] = [:]
    try store.read { session in
      try session.deliveries(release: release, states: []) { row in
        rows[row.address] = row
        return true
      }
    }
    return rows
  }
}

/// Sends everything, except to addresses that begin with `withhold` or `bad`.
struct PlainPreparer: AttemptPreparer {
  var body: [UInt8] = SmtpContent.stuff("A body\n.with a dot\n".utf8)
  var store: SQLStore?

  func grounds(now: Moment) throws -> Int { 0 }

  func prepare(_ rows: [ClaimedDelivery], now: Moment) throws -> [PreparedAttempt] {
    try rows.map { row in
      if row.address.hasPrefix("withhold"), let store {
        let decision = try store.write {
          try $0.insert(
            decision: SharedDecision(
              outcome: .withheld, channel: row.channel, variant: nil, reasons: ["atom(LES)"], words: ["no"],
              policyName: "cfc", policyVersion: "2", policyHash: "q"), release: row.release)
        }
        return .withhold(decision: decision)
      }
      let id = "<\(row.id)@center.test>"
      let header = """
        From: center@center.test\r
        To: \(row.address)\r
        Subject: (U) Number \(row.id)\r
        Message-ID: \(id)\r
        MIME-Version: 1.0\r
        Content-Type: text/plain; charset=us-ascii\r
        \r

        """
      return .send(
        OutgoingMail(
          from: "bounce+\(row.id)@center.test", to: row.address.hasPrefix("bad") ? "a b" : row.address,
          envelopeID: "d\(row.id)", messageID: id, segments: [Array(header.utf8), body]))
    }
  }
}

extension DispatchWorker {
  /// Runs until nothing is due, on this thread.
  static func drain(
    _ ledger: Ledger, _ relays: [Relay], reserved: Int = 0, timeouts: SmtpTimeouts = SmtpTimeouts(all: 60_000),
    preparer: (any AttemptPreparer)? = nil, report: @escaping @Sendable (DispatchReport) -> Void = { _ in }
  ) throws -> DispatchSummary {
    var settings = Settings(worker: identity(startedAt: Ledger.now()), relays: relays)
    settings.reserved = reserved
    settings.timeouts = timeouts
    let preparer = preparer ?? PlainPreparer(store: ledger.store)
    let made = DispatchWorker(settings, store: ledger.store, preparer: preparer, now: { Ledger.now() }, report: report)
    let worker = try #require(made)
    return try worker.run(once: true)
  }
}

/// A clock that is put forward by hand.
final class ManualClock: Sendable {
  private let time: Atomic<Int64>
  init(_ start: Moment) { time = Atomic(start.milliseconds) }
  var now: Moment { Moment(milliseconds: time.load(ordering: .relaxed)) }
  func advance(_ span: Moment.Span) { time.add(span.milliseconds, ordering: .relaxed) }
}
