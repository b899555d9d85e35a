// Ports of those who run the system: figures to watch, workers that say they are there, an older copy put in place.

package import Outbox

package protocol FiguresStore {
  func figures() throws(StoreError) -> LedgerFigures
  /// How many rows are held for each reason. It looks at every held row, where `figures` only counts them.
  func heldByReason() throws(StoreError) -> [String: Int]
  /// The newest time that anything in the database carries; a clock behind it was set back. nil: nothing has happened.
  func newestMoment() throws(StoreError) -> Moment?
  func appliedChanges() throws(StoreError) -> [AppliedChange]

  /// Replaces what the worker last said of itself.
  func report(_ report: WorkerReport) throws(StoreError)
  func forgetWorkers(seenBefore: Moment) throws(StoreError)
  /// The oldest first.
  func workers() throws(StoreError) -> [WorkerReport]
}

package protocol RestoreStore {
  /// Ends every lease, halts everything, pauses each release that has open rows, and says so in the audit log.
  /// - Parameter copy: the name of the copy, for people.
  func markRestored(by: String, at: Moment, copy: String) throws(StoreError) -> RestoreMarks
  func serialCounters() throws(StoreError) -> [SerialCounter]
  /// Numbers up to `last` are not given again; a counter that is further already stays.
  func advance(_ counter: SerialCounter) throws(StoreError)
}
