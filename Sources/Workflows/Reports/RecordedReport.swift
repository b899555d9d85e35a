// What became of one mail that came back.

package import Mail

package struct RecordedReport: Hashable, Sendable {
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// The row is bounced; with a hard report the address is out of use.
    case bounced
    /// An attempt thought lost was accepted after all: the report says so.
    case settled
    /// The report is kept beside the row, which stays as it is.
    case noted
    /// This very mail was recorded before.
    case known
    /// No report: nothing to record.
    case ignored
    /// It names no delivery of ours.
    case noToken = "no-token"
    /// It names a delivery, and not with our tag.
    case wrongToken = "wrong-token"
    /// It names two deliveries.
    case ambiguous
    /// It is about another address than the delivery's.
    case otherAddress = "other-address"
    /// The delivery is not in this ledger.
    case noDelivery = "no-delivery"
    case setAside = "set-aside"
  }

  /// File, or mailbox and number.
  package var source: String
  /// nil when the mail could not be read.
  package var kind: DeliveryReport.Kind?
  package var form: String
  package var readers: [DeliveryReport.ReportedReader]
  package var delivery: Int64?
  /// nil with a dry run.
  package var outcome: Outcome?
  /// In words, why nothing was changed, or what was.
  package var words: String
}
