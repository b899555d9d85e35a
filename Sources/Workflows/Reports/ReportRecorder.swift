// Mails that came back -> ledger. A report counts only with our tag and only about the address that the delivery went
// to (Documentation/decisions/0023); everything else changes nothing and says so. A batch is one commit; a mail that
// cannot be recorded is set aside in a commit of its own and stops no other. One that ended the program is not read
// again (Documentation/decisions/0036).

package import Distribution
import Foundation
import Mail
package import Outbox
package import Store

package final class ReportRecorder {
  private let store: (any UnitOfWork)?
  private let marker: ReadingMarker?
  private let key: DeliveryTokenKey
  private let readers: () throws -> [String: Reader]
  private var loaded: [String: Reader]?

  /// How long a hard report keeps an address out of use.
  package static let suppression = Moment.Span.hours(24 * 180)
  /// So many soft reports of an address within that time open a task.
  package static let softLimit = 5
  package static let softWindow = Moment.Span.hours(24 * 30)
  package static let actor = "bounces"
  /// As many bytes of a mail as are worth fetching; one more than is read tells that it was cut.
  package static let mailLimit = ReceivedMail.Limits.bytes + 1

  /// - Parameters:
  ///   - store: nil: mails can be looked at, not recorded.
  ///   - marker: remembers what is being read; nil: nothing does.
  ///   - readers: asked once, when a report needs to know somebody's agency.
  package init(
    store: (any UnitOfWork)?, secret: SiteSecret, marker: ReadingMarker? = nil,
    readers: @escaping () throws -> [String: Reader]
  ) {
    self.store = store
    self.marker = marker
    key = DeliveryTokenKey(secret.key(for: .bounces))
    self.readers = readers
  }

  package struct Input: Sendable {
    package var source: String
    package var bytes: [UInt8]
    package init(source: String, bytes: [UInt8]) {
      self.source = source
      self.bytes = bytes
    }
  }

  /// What a mail says, without recording anything.
  package func look(at input: Input) -> RecordedReport {
    do throws(UnreadableMail) {
      let report = try ReportReader.read(input.bytes)
      let own = report.tokens.map(\.token).filter(key.made)
      return RecordedReport(
        source: input.source, kind: report.kind, form: report.form, readers: report.readers,
        delivery: own.count == 1 ? own[0].delivery : nil, outcome: nil, words: "")
    } catch {
      return RecordedReport(
        source: input.source, kind: nil, form: "", readers: [], delivery: nil, outcome: nil, words: error.words)
    }
  }

  /// Everything is committed when this returns.
  /// - Throws: when the store cannot be written at all; then nothing of this batch is recorded.
  package func record(_ inputs: [Input], at now: Moment) throws -> [RecordedReport] {
    guard let store else { return inputs.map(look) }
    let digests = inputs.map { Self.digest($0.bytes) }
    let fatal = try store.read { session in
      try Set(digests.filter { try session.isSetAside(digest: $0, reason: Self.fatal) })
    }
    let read = try zip(inputs, digests).map { input, digest -> Reading in
      if fatal.contains(digest) { return .fatal }
      try marker?.begin(input.source, input.bytes)
      do throws(UnreadableMail) {
        return .report(try ReportReader.read(input.bytes))
      } catch {
        return .unreadable(error)
      }
    }
    try marker?.end()
    do {
      return try store.write { session in
        try zip(inputs, read).map { try record($0, $1, session, now) }
      }
    } catch let error as StoreError where !error.concernsTheStore {
      // One of them cannot be recorded: each by itself, that one set aside.
      return try zip(inputs, read).map { input, reading in
        do {
          return try store.write { try record(input, reading, $0, now) }
        } catch let error as StoreError where !error.concernsTheStore {
          return try store.write { try setAside(input, "\(error.code.rawValue): \(error.detail)", $0, now) }
        }
      }
    }
  }

  private enum Reading {
    case report(DeliveryReport)
    case unreadable(UnreadableMail)
    /// It ended the program before.
    case fatal
  }

  /// The reason of a mail during which the program ended.
  package static let fatal = "the program ended while it read this mail"

  /// Sets aside the mail that another process was reading when it ended, with a task for a person.
  package func setAside(_ left: ReadingMarker.Left, at now: Moment) throws -> RecordedReport? {
    try store?.write { session in
      let digest = Self.digest(left.bytes)
      try session.open(
        task: CoordinatorTask(
          organization: "", reader: "", address: "mail \(digest.prefix(12))",
          why: "\(Self.fatal): \(left.source); see `revere bounces aside`", delivery: nil, openedAt: now))
      try session.audit(actor: Self.actor, action: "set-aside", subject: left.source, detail: Self.fatal, at: now)
      return try setAside(Input(source: left.source, bytes: left.bytes), Self.fatal, session, now)
    }
  }

  private func setAside(
    _ input: Input, _ reason: String, _ session: any StoreSession, _ now: Moment
  ) throws(StoreError) -> RecordedReport {
    try session.setAside(
      MailSetAside(
        digest: Self.digest(input.bytes), source: input.source, reason: reason,
        bytes: Array(input.bytes.prefix(ReceivedMail.Limits.bytes)), at: now))
    return RecordedReport(
      source: input.source, kind: nil, form: "", readers: [], delivery: nil, outcome: .setAside, words: reason)
  }

  private func record(
    _ input: Input, _ reading: Reading, _ session: any StoreSession, _ now: Moment
  ) throws -> RecordedReport {
    let report: DeliveryReport
    switch reading {
    case .fatal: return try setAside(input, Self.fatal, session, now)
    case .unreadable(let why): return try setAside(input, why.words, session, now)
    case .report(let found): report = found
    }
    let digest = Self.digest(input.bytes)
    var done = RecordedReport(
      source: input.source, kind: report.kind, form: report.form, readers: report.readers, delivery: nil, outcome: nil,
      words: "")
    func end(_ outcome: RecordedReport.Outcome, _ words: String) -> RecordedReport {
      done.outcome = outcome
      done.words = words
      return done
    }
    let own = report.tokens.map(\.token).filter(key.made)
    if own.count == 1 { done.delivery = own[0].delivery }
    if report.kind == .autoReply || report.kind == .notABounce { return end(.ignored, report.form) }
    if try session.hasReport(digest: digest) { return end(.known, "this mail was recorded before") }
    guard let token = own.first else {
      return report.tokens.isEmpty
        ? end(.noToken, "it names no delivery of this site")
        : end(.wrongToken, "the delivery that it names does not have that tag: forged, or of another site")
    }
    guard own.count == 1 else { return end(.ambiguous, "it names several deliveries") }
    guard let row = try session.delivery(token.delivery) else {
      return end(.noDelivery, "delivery \(token.delivery) is not in this ledger")
    }
    let addresses = try known(row)
    // A report that names nobody speaks of the address that its tag stands for.
    func isOurs(_ address: String) -> Bool { addresses.contains(AddressKey.of(address)) }
    guard let about = DeliveryReport.about(report.readers, isOurs: isOurs) else {
      return end(.otherAddress, "it is about another address than that of delivery \(row.id)")
    }
    done.kind = about.kind
    let (outcome, words) = try apply(about, to: row, session, now)
    let address = AddressKey.of(
      about.original.map { isOurs($0) ? $0 : row.address } ?? row.address)
    try session.insert(
      report: ReportRow(
        digest: digest, delivery: row.id, kind: about.kind.rawValue, outcome: outcome.rawValue, address: address,
        status: about.status?.description ?? "", action: about.action.rawValue, diagnostic: about.diagnostic, at: now))
    // Another mailbox in the end; a name of X.400 or X.500 has no `@` and is another form of ours.
    let isForwarded = about.address.contains("@") && !isOurs(about.address)
    try follow(about, row, address, isForwarded: isForwarded, session, now)
    return end(outcome, words)
  }

  /// The row's address and the reader's own, which may have changed before the message went out.
  private func known(_ row: DeliveryRecord) throws -> Set<String> {
    var known: Set<String> = [AddressKey.of(row.address)]
    if let email = try reader(row.reader)?.stakeholder.email { known.insert(AddressKey.of(email)) }
    return known
  }

  private func reader(_ id: String) throws -> Reader? {
    if loaded == nil { loaded = try readers() }
    return loaded?[id]
  }

  /// The row, and those that went in the same mail.
  private func apply(
    _ about: DeliveryReport.ReportedReader, to row: DeliveryRecord, _ session: any StoreSession, _ now: Moment
  ) throws(StoreError) -> (RecordedReport.Outcome, String) {
    let event: DeliveryEvent = about.action == .failed ? .bounce : .settle
    var changed = 0
    let reply = DeliveryOutcome.Reply(code: about.code, enhanced: about.status?.description, text: about.diagnostic)
    for id in try [row.id] + session.riders(of: row.id) {
      guard let other = id == row.id ? row : try session.delivery(id) else { continue }
      // What is under way or waits has its own answer to come; what ended otherwise stays as it ended.
      guard other.state == .uncertain || other.state == .accepted && event == .bounce else { continue }
      try session.apply(
        event, delivery: id, reply: event == .bounce ? reply : DeliveryOutcome.Reply(), nextAttempt: nil, at: now)
      try session.audit(
        actor: Self.actor, action: event == .bounce ? "bounce" : "settle", subject: "\(other.serial) \(other.reader)",
        detail: "\(about.kind.rawValue) \(about.status?.description ?? "") by a report", at: now)
      changed += 1
    }
    if changed == 0 { return (.noted, "delivery \(row.id) stays \(row.state.rawValue)") }
    return event == .bounce
      ? (.bounced, "delivery \(row.id) is bounced") : (.settled, "delivery \(row.id) was accepted after all")
  }

  private func follow(
    _ about: DeliveryReport.ReportedReader, _ row: DeliveryRecord, _ address: String, isForwarded: Bool,
    _ session: any StoreSession, _ now: Moment
  ) throws {
    let said = [about.status?.description ?? "", about.diagnostic].filter { !$0.isEmpty }.joined(separator: " ")
    switch about.kind {
    case .hard where isForwarded:
      // The mailbox itself is alive.
      try openTask(row, address, "it hands mail on to a mailbox that refuses it for good: \(said)", session, now)
    case .hard:
      try session.set(
        suppression: Suppression(
          address: address, reason: .hardBounce, detail: said, delivery: row.id, by: Self.actor, at: now,
          expires: now + Self.suppression))
      try session.audit(
        actor: Self.actor, action: "suppress", subject: row.reader, detail: "hard bounce of \(row.serial)", at: now)
      try openTask(row, address, "mail is refused for good: \(said)", session, now)
    case .soft:
      let count = try session.softReports(address: address, since: now - Self.softWindow)
      if count >= Self.softLimit {
        try openTask(row, address, "\(count) bulletins in 30 days could not be delivered: \(said)", session, now)
      }
    default: break
    }
  }

  private func openTask(
    _ row: DeliveryRecord, _ address: String, _ why: String, _ session: any StoreSession, _ now: Moment
  ) throws {
    try session.open(
      task: CoordinatorTask(
        organization: try reader(row.reader)?.stakeholder.organization ?? "", reader: row.reader, address: address,
        why: why, delivery: row.id, openedAt: now))
  }

  /// The same for LF and CRLF, and with any empty lines at the end: mbox and IMAP store a mail differently.
  private static func digest(_ bytes: [UInt8]) -> String {
    let end = bytes.lastIndex { $0 != 0x0A && $0 != 0x0D }.map { $0 + 1 } ?? 0
    var plain: [UInt8] = []
    plain.reserveCapacity(end)
    for index in 0..<end where bytes[index] != 0x0D || bytes[index + 1] != 0x0A { plain.append(bytes[index]) }
    return RevisionHash.sha256(plain)
  }
}

extension StoreError {
  /// The database as a whole, not the row.
  var concernsTheStore: Bool {
    switch code {
    case .constraint, .illegalTransition, .notFound, .other: false
    default: true
    }
  }
}
