// Recorded decisions between the forms of the house: as `decide` sees them and as the store keeps them.

package import Bulletins
package import Markings
import Outbox
package import Store

extension RecordedDecisions {
  /// Those of the stored records that count now: made by a release authority of the site, and not in the future.
  package static func effective(
    _ stored: [RecordedDecision], authorities: [String], now: Instant
  ) -> RecordedDecisions {
    stored.filter { authorities.contains($0.by) && $0.at <= Moment(seconds: now.seconds) }
      .reduce(.none) { joined, record in
        joined.joined(
          RecordedDecisions(
            publicRelease: record.publicRelease, privateRelease: record.privateRelease,
            foreignRelease: Set(record.foreignRelease), consents: Set(record.consents),
            acceptHollow: Set(record.acceptHollow)))
      }
  }
}
