// What one bulletin brings into the digest of a reader: decided for this reader, by this channel, at this attempt.

package import Markings
import Outbox
package import Rendering
import Store

package struct DigestPart: Sendable {
  package var entry: DigestProduct.Entry
  /// Marks of what headers may say of it, within the header ceiling.
  package var headerMarks: [PortionMark]
  /// Names release, variant and form: digests of equal keys are equal.
  var key: String
  /// Hash of the revision: which bulletin it is, whatever of it is shown.
  var revision = ""
  var releasedAt = Moment(milliseconds: 0)
  /// Of the list that brings it.
  var mayLeave = false

  init(entry: DigestProduct.Entry, headerMarks: [PortionMark], key: String) {
    self.key = key
    self.entry = entry
    self.headerMarks = headerMarks
  }
}

/// Of one row of a digest.
enum DigestShare {
  /// With the message that it would be alone: address, return path and envelope id of the row are in it.
  case part(DigestPart, alone: OutgoingMail)
  /// Not in the digest: withheld, expired, or no message can be made of it.
  case other(PreparedAttempt)
}
