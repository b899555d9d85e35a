// What the life after a release asks of the store: who may hold a copy of an earlier version, who has acknowledged.

package import Outbox

/// One copy that went out, or may have.
package struct SentCopy: Hashable, Sendable {
  package var reader: String
  package var channel: DeliveryChannel
  /// With angle brackets; nil when no answer told that it arrived.
  package var messageID: String?
  /// The store's key of what the row carries, `notice:..` of a notice.
  package var variant: String
  package var state: DeliveryState
  /// The relay or endpoint took it; otherwise nobody knows.
  package var isCertain: Bool
}

/// What became of an acknowledgement.
package enum AcknowledgementResult: Hashable, Sendable {
  case recorded
  /// Somebody had recorded one before; nothing was changed.
  case known(by: String, at: Moment)
}

package protocol SuccessionStore {
  /// Every row of a release that went out or may have: accepted, uncertain, on the wire now, waiting for a second
  /// copy or ended while it waited, refused only after it had been taken. In order of id.
  func sentCopies(release: Int64, visit: (SentCopy) throws -> Void) throws
  /// Whether a later release of the same bulletin stands, or a bulletin that took its place: nothing of this one may go
  /// out any more.
  func isOvertaken(release: Int64) throws(StoreError) -> Bool
  /// Ends what may have been claimed of an overtaken release since: for rows that came back from the wire.
  func cancelIfOvertaken(_ delivery: Int64, at: Moment) throws(StoreError)
  /// Rows of one reader in a release.
  func deliveries(release: Int64, reader: String) throws(StoreError) -> [DeliveryRecord]
  /// Records that a reader has read it; the first record stands.
  func acknowledge(_ delivery: Int64, by: String, at: Moment) throws(StoreError) -> AcknowledgementResult
}
