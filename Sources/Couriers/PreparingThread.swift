// Composes beside the ledger's thread: claimed rows go in, rows with their messages come out, in order.

import Foundation
import Mail
import Outbox
import Store
import Synchronization

final class PreparingThread<Ready: Sendable>: Sendable {
  enum Answer: Sendable {
    case ready(Ready)
    case withhold(ClaimedDelivery, decision: Int64)
    case expire(ClaimedDelivery)
    case unsendable(ClaimedDelivery, Failure)
  }

  private struct Shared {
    /// Portions; those of the immediate lane overtake.
    var urgent: [[ClaimedDelivery]] = []
    var incoming: [[ClaimedDelivery]] = []
    var answers: [Answer] = []
    /// Rows of the immediate lane that went in and have no answer yet.
    var urgentHeld = 0
    var failure: (any Error)?
    /// Rows that went in and are not taken out.
    var held = 0
    var isStopped = false
    /// What went in before this grew is not wanted any more.
    var round = 0
  }
  private let shared = Mutex(Shared())
  private let wakeup: Wakeup
  private let preparer: any AttemptPreparer
  private let now: @Sendable () -> Moment
  private let listener: @Sendable () -> Void
  private let answer: @Sendable (ClaimedDelivery, PreparedAttempt, Moment) -> Answer

  /// - Parameter answer: what an attempt of that time is for this transport.
  init?(
    _ preparer: any AttemptPreparer, now: @escaping @Sendable () -> Moment, listener: @escaping @Sendable () -> Void,
    answer: @escaping @Sendable (ClaimedDelivery, PreparedAttempt, Moment) -> Answer
  ) {
    guard let wakeup = Wakeup() else { return nil }
    self.wakeup = wakeup
    self.preparer = preparer
    self.now = now
    self.listener = listener
    self.answer = answer
  }

  func start() {
    let thread = Thread { self.run() }
    thread.name = "prepare"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Rows that went in and did not come out yet.
  var held: Int { shared.withLock { $0.held } }

  /// Of these, rows of the immediate lane that have no answer.
  var urgentHeld: Int { shared.withLock { $0.urgentHeld } }

  func submit(_ rows: [ClaimedDelivery]) {
    guard !rows.isEmpty else { return }
    let urgent = rows.filter { $0.lane == .immediate }
    let others = urgent.isEmpty ? rows : rows.filter { $0.lane != .immediate }
    shared.withLock { shared in
      let urgent = Self.portions(urgent, size: Self.small)
      let others = Self.portions(others, size: shared.held == 0 ? Self.small : Self.large)
      shared.urgent += urgent
      shared.incoming += others
      shared.held += rows.count
      shared.urgentHeld += urgent.reduce(0) { $0 + $1.count }
    }
    wakeup.wake()
  }

  /// So that the first rows come out soon.
  private static var small: Int { 32 }
  /// While others are there to go: each portion costs a look at the site's files and at the suppressions.
  private static var large: Int { 128 }

  private static func portions(_ rows: [ClaimedDelivery], size: Int) -> [[ClaimedDelivery]] {
    stride(from: 0, to: rows.count, by: size).map { Array(rows[$0..<min($0 + size, rows.count)]) }
  }

  /// Forgets every row that went in and did not come out, what is being composed too: their leases were given back.
  func clear() {
    shared.withLock { shared in
      shared.urgent = []
      shared.incoming = []
      shared.answers = []
      shared.urgentHeld = 0
      shared.held = 0
      shared.failure = nil
      shared.round += 1
    }
  }

  func take() throws -> [Answer] {
    let (answers, failure) = shared.withLock { shared in
      let answers = shared.answers
      shared.answers = []
      shared.held -= answers.count
      return (answers, shared.failure)
    }
    if let failure { throw failure }
    return answers
  }

  func stop() {
    shared.withLock { $0.isStopped = true }
    wakeup.wake()
  }

  private func run() {
    while true {
      let (rows, isStopped, round) = shared.withLock { shared in
        let rows =
          !shared.urgent.isEmpty
          ? shared.urgent.removeFirst() : shared.incoming.isEmpty ? nil : shared.incoming.removeFirst()
        return (rows, shared.isStopped, shared.round)
      }
      if isStopped { return }
      guard let rows else {
        wakeup.wait(-1)
        continue
      }
      do {
        let now = now()
        let attempts = try preparer.prepare(rows, now: now)
        let answers = zip(rows, attempts).flatMap { self.answers($0, $1, now) }
        shared.withLock { shared in
          guard shared.round == round else { return }
          shared.answers += answers
          if rows[0].lane == .immediate { shared.urgentHeld -= rows.count }
          // A digest may come out in parts. A preparer that answers too few rows strands them until their leases end.
          shared.held -= rows.count - answers.count
        }
      } catch {
        shared.withLock { if $0.round == round { $0.failure = error } }
      }
      listener()
    }
  }

  private func answers(_ row: ClaimedDelivery, _ attempt: PreparedAttempt, _ now: Moment) -> [Answer] {
    guard case .split(let parts) = attempt else { return [answer(row, attempt, now)] }
    return parts.map { answer($0.delivery, $0.attempt, now) }
  }
}

extension PreparedRow {
  static func answer(
    _ row: ClaimedDelivery, _ attempt: PreparedAttempt, _ now: Moment
  ) -> PreparingThread<PreparedRow>.Answer {
    switch attempt {
    case .split:
      return .unsendable(row, Failure(stage: .compose, text: "parts within a part"))
    case .withhold(let decision): return .withhold(row, decision: decision)
    case .expire: return .expire(row)
    case .unsendable(let failure): return .unsendable(row, failure)
    case .post: return .unsendable(row, Failure(stage: .compose, text: "a webhook was made for a row of mail"))
    case .send(let mail):
      guard let to = SmtpPath(mail.to) else {
        return .unsendable(row, Failure(stage: .address, enhanced: "5.1.3", text: "not an address that SMTP can carry"))
      }
      let from = SmtpPath(mail.from)
      guard from != nil || mail.from.isEmpty else {
        return .unsendable(row, Failure(stage: .compose, enhanced: "5.1.7", text: "the return path is not an address"))
      }
      return .ready(
        PreparedRow(
          row: row,
          message: SmtpMessage(
            from: from, recipients: [SmtpRecipient(to)], envelopeID: SmtpEnvelopeID(mail.envelopeID),
            content: SmtpContent(stuffed: mail.segments), isEightBit: mail.isEightBit,
            hasUTF8Headers: mail.hasUTF8Headers, requiresTLSOnward: mail.requiresTLSOnward),
          messageID: mail.messageID, preparedAt: now))
    }
  }
}
