// A credential that was found good: who that is, and how much may be asked. It is worth nothing by itself: PartnerGate
// holds it against the store's mark each time, and who keeps one has seen that the credential is the same.

import Outbox
import Synchronization

package final class PartnerPass: Hashable, Sendable {
  package let caller: FeedCaller
  /// Of the store's mark with which it was found.
  let access: Int64
  let expiresAt: Moment
  private let bucket: Bucket

  /// What the partner's requests are counted in.
  final class Bucket: Sendable {
    fileprivate let content: Mutex<RequestBucket>
    init(perMinute: Int, now: Moment) { content = Mutex(RequestBucket(perMinute: perMinute, now: now)) }
  }

  init(_ caller: FeedCaller, access: Int64, expiresAt: Moment, _ bucket: Bucket) {
    self.caller = caller
    self.access = access
    self.expiresAt = expiresAt
    self.bucket = bucket
  }

  /// Counts a request.
  func admit(now: Moment) -> Admission {
    let seconds = bucket.content.withLock { $0.take(perMinute: caller.requestsPerMinute, now: now) }
    return seconds.map { .tooMany(seconds: $0) } ?? .caller(self)
  }

  package static func == (a: PartnerPass, b: PartnerPass) -> Bool { a === b }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
