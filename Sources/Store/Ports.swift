// The ports: what the rest of the house asks of the store. Everything happens inside a unit of work: all of it or
// nothing. Sessions are used where they are lent and not kept; a unit of work is not begun inside another.

package import Outbox

package typealias StoreSession = AuditLog & BulletinStore & DataStore & EndpointStore & FeedStore & FiguresStore
  & OutboxStore & PartnerStore & ReportStore & RestoreStore & StakeholderStore & SuccessionStore

package protocol UnitOfWork: Sendable {
  /// One transaction that holds the write lock from its start; any error rolls all of it back, a serial too.
  func write<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value
  /// One transaction that sees one state of the database and changes nothing.
  func read<Value>(_ work: (any StoreSession) throws -> Value) throws -> Value
  /// The mark as it is now: any unit of work that was done before, by any process, has moved it. Asked at every
  /// request: 0.2 microseconds while nobody commits (`StoreDriver.stamp`), a read transaction after that.
  func feedMark() throws -> FeedMark
  /// The same where it is known without asking the database; waits for nobody. nil: ask `feedMark`.
  func feedMarkAtHand() -> FeedMark?
}

extension UnitOfWork {
  package func feedMark() throws -> FeedMark { try read { try $0.feedMark() } }
  package func feedMarkAtHand() -> FeedMark? { nil }
}

package protocol BulletinStore {
  /// The next number of a series in a year of the site's zone; gap-free, because a rollback returns it.
  func allocateNumber(series: String, year: Int) throws(StoreError) -> Int
  /// Stores bulletin, revision, files and release; `alreadyReleased` when this revision was released before.
  /// - Returns: the release's id.
  func insert(release: NewRelease) throws(StoreError) -> Int64
  /// Stores a variant or notice of a release; the one that has its key already is returned as it is.
  func insert(variant: VariantContent, release: Int64) throws(StoreError) -> Int64
  func insert(recorded: RecordedDecision) throws(StoreError)
  func recordedDecisions(revisionHash: String) throws(StoreError) -> [RecordedDecision]

  func variant(_ id: Int64) throws(StoreError) -> VariantContent?
  func variant(key: String, release: Int64) throws(StoreError) -> Int64?
  /// Without the bytes of images and files: key and id of each variant of a release.
  func variants(release: Int64) throws(StoreError) -> [(id: Int64, key: String, banner: String)]
  /// The files of a release's revision, in the order in which they were stored.
  func files(release: Int64) throws(StoreError) -> [StoredFile]

  func release(_ id: Int64) throws(StoreError) -> ReleaseRecord?
  func release(serial: String) throws(StoreError) -> ReleaseRecord?
  func release(revisionHash: String) throws(StoreError) -> ReleaseRecord?
  /// Every release of a bulletin, oldest first.
  func releases(bulletin: String) throws(StoreError) -> [ReleaseRecord]
  /// The newest releases first.
  func releases(limit: Int) throws(StoreError) -> [ReleaseRecord]
}

package protocol OutboxStore {
  /// Stores a decision that many readers share, or finds the equal one of this release.
  func insert(decision: SharedDecision, release: Int64) throws(StoreError) -> Int64
  /// Streams rows into the ledger until `next` says nil. Rows of withheld decisions are withheld, others pending
  /// from the release's start, or from the time of the digest that they are for. A second row for the same reader and channel is an error (`constraint`).
  /// - Returns: how many rows.
  func enqueue(release: Int64, decidedAt: Moment, next: () throws -> NewDelivery?) throws -> Int

  /// Leases rows in the order of lanes, then of their times; none when halted or paused. What is due of a reader's
  /// digest is leased together: its first row has the others as riders and counts as one.
  func claim(_ order: ClaimOrder) throws(StoreError) -> [ClaimedDelivery]
  /// Commits `sending_since` for leased rows of this worker whose lease still runs.
  /// - Returns: those that may be sent; the others were cancelled or lapsed meanwhile.
  func begin(_ deliveries: [Int64], worker: String, now: Moment) throws(StoreError) -> [Int64]
  /// The same for the rows of one digest: all of them, or none when one may not be sent any more.
  func begin(together deliveries: [Int64], worker: String, now: Moment) throws(StoreError) -> Bool
  /// Writes outcomes of this worker, in order, each with its riders; a batch is one commit (64 at most keep the promise of delivery.md).
  func record(_ outcomes: [DeliveryOutcome], worker: String) throws(StoreError) -> [RecordResult]
  /// A decision made anew before an attempt (`insert(decision:)`); the row has its variant from now on.
  func set(decision: Int64, of delivery: Int64, at: Moment) throws(StoreError)
  /// Gives back all rows of a worker that it has not begun.
  func handBack(worker: String) throws(StoreError) -> Int
  /// Moves the end of all leases of a worker.
  func renew(worker: String, now: Moment, until: Moment) throws(StoreError) -> Int
  /// Leases that ran out: pending again, or uncertain and by the series' policy deferred for a second copy.
  /// - Parameter random: one number in 0..<1 for each row, for the jitter.
  func lapseLeases(now: Moment, random: () -> Double) throws(StoreError) -> Int
  /// The same for all rows of a worker that is known to be dead.
  func lapseLeases(ofWorker worker: String, now: Moment, random: () -> Double) throws(StoreError) -> Int
  /// Rows that wait for a time only because a clock ahead of this one wrote them: their waits begin now.
  func recount(now: Moment) throws(StoreError) -> Int
  func leaseHoldings() throws(StoreError) -> [LeaseHolding]
  /// Rows whose lifetime ended without a lease.
  func expireRows(now: Moment) throws(StoreError) -> Int

  /// A person's or a report's word on one row: settle, resend, bounce, cancel. Rows that one digest carried share it
  /// (all but cancel).
  func apply(
    _ event: DeliveryEvent, delivery: Int64, reply: DeliveryOutcome.Reply, nextAttempt: Moment?, at: Moment
  ) throws(StoreError)
  /// Cancels what has not gone out of a release.
  func cancel(release: Int64, at: Moment) throws(StoreError) -> Int
  /// Keeps rows that wait from being claimed until they are let go; nil variant means the whole release. A row that
  /// is held already keeps its reason (`quarantine`, `paused`).
  func hold(release: Int64, variant: Int64?, reason: String, at: Moment) throws(StoreError) -> Int
  /// Lets go what is held for that reason.
  func letGo(release: Int64, variant: Int64?, reason: String, at: Moment) throws(StoreError) -> Int

  func counts(release: Int64) throws(StoreError) -> [DeliveryState: Int]
  func status(release: Int64) throws(StoreError) -> ReleaseStatus?
  /// When the next row may be claimed: the earliest time of the classes; nil when none waits.
  func nextAttempt(channels: [DeliveryChannel]) throws(StoreError) -> Moment?
  /// How many rows may be claimed by then; nil: at any time. What is held is not among them.
  func waiting(channels: [DeliveryChannel], by: Moment?) throws(StoreError) -> Int
  func delivery(_ id: Int64) throws(StoreError) -> DeliveryRecord?
  /// Rows of a release state by state in the order given (empty: all), each in order of id. The visitor says false
  /// to stop.
  func deliveries(release: Int64, states: [DeliveryState], visit: (DeliveryRecord) throws -> Bool) throws
  /// Who did not get it, and why: withheld, bounced, expired, cancelled, uncertain, or still waiting.
  func withoutIt(release: Int64, visit: (DeliveryRecord) throws -> Bool) throws

  /// Tokens from the buckets that all workers share, one grant for each order.
  func borrow(_ orders: [RateOrder], now: Moment) throws(StoreError) -> [RateGrant]
  /// Forgets buckets that nobody has used since.
  func forgetRates(before: Moment) throws(StoreError)

  func set(pause: Pause) throws(StoreError)
  func resume(scope: Pause.Scope, name: String) throws(StoreError)
  func pauses() throws(StoreError) -> [Pause]
}

/// What comes back after sending. Addresses are in lower case.
package protocol ReportStore {
  /// This mail was recorded before.
  func hasReport(digest: String) throws(StoreError) -> Bool
  func insert(report: ReportRow) throws(StoreError)
  /// In the order in which they came.
  func reports(delivery: Int64) throws(StoreError) -> [ReportRow]
  /// How many deliveries to an address ended in a soft report.
  func softReports(address: String, since: Moment) throws(StoreError) -> Int
  /// The other rows that went in the same mail: a digest's.
  func riders(of delivery: Int64) throws(StoreError) -> [Int64]

  /// A person's word replaces any; a report's replaces none of a person that still counts.
  func set(suppression: Suppression) throws(StoreError)
  func lift(suppression address: String) throws(StoreError) -> Bool
  /// All, those that have run out too.
  func suppressions() throws(StoreError) -> [Suppression]
  /// Another value whenever an address came out of use or into it; a word that replaces another moves it too.
  func suppressionMark() throws(StoreError) -> SuppressionMark
  /// Those of the addresses that count at that time; the addresses are asked for only where there is any suppression.
  func suppressions(among addresses: () -> [String], at: Moment) throws(StoreError) -> [String: Suppression]

  /// Addresses that a relay refused outright (5yz at RCPT) and that nobody has suppressed: one row for each, its last.
  func proposedSuppressions(at: Moment) throws(StoreError) -> [DeliveryRecord]

  /// At most one is open for an address.
  func open(task: CoordinatorTask) throws(StoreError)
  func close(task: Int64, by: String, at: Moment) throws(StoreError) -> Bool
  func tasks(closed: Bool) throws(StoreError) -> [CoordinatorTask]

  /// The same mail once.
  func setAside(_ mail: MailSetAside) throws(StoreError)
  func mailSetAside() throws(StoreError) -> [MailSetAside]
  func isSetAside(digest: String, reason: String) throws(StoreError) -> Bool
}

package protocol StakeholderStore {
  /// Stores an import, or finds the one with the same hash; it becomes the current one either way.
  func insert(
    snapshotHash: String, policyName: String, policyVersion: String, policyHash: String, files: [StoredFile],
    at: Moment
  ) throws(StoreError) -> Int64
  func snapshot(_ number: Int64) throws(StoreError) -> SiteSnapshot?
  func currentSnapshot() throws(StoreError) -> Int64?
  /// A failed import stops sending; nil clears it.
  func set(importFailure: String?, at: Moment) throws(StoreError)
  func importFailure() throws(StoreError) -> String?
}

package protocol AuditLog {
  /// Appends to the chain.
  func audit(actor: String, action: String, subject: String, detail: String, at: Moment) throws(StoreError)
  func auditEntries(after: Int64, visit: (AuditEntry) throws -> Bool) throws
  /// Computes the chain anew; `auditBroken` names the first entry that does not fit.
  func verifyAudit() throws(StoreError) -> Int
}
