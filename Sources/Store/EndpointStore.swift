// The port for webhook endpoints: how each stands, its secrets as they are kept, and the rows that wait for it. Where
// an endpoint is and what it wants is the site's file; here is what only the running system knows.

package import Outbox

/// How an endpoint stands; one that never failed has no record.
package struct EndpointState: Hashable, Sendable {
  package var id: String
  /// Since the last success.
  package var failingSince: Moment?
  /// In a row.
  package var failures: Int
  package var lastFailureAt: Moment?
  package var lastFailure: String?
  package var disabledAt: Moment?
  package var disabledBy: String?
  package var disabledWhy: String?
  package var isDisabled: Bool { disabledAt != nil }

  package enum Condition: String, Hashable, Sendable, CaseIterable { case healthy, failing, disabled }
  package var condition: Condition { isDisabled ? .disabled : failures > 0 ? .failing : .healthy }

  /// Why rows are held that wait until their endpoint is enabled.
  package static let held = "endpoint"

  package init(
    id: String, failingSince: Moment? = nil, failures: Int = 0, lastFailureAt: Moment? = nil,
    lastFailure: String? = nil, disabledAt: Moment? = nil, disabledBy: String? = nil, disabledWhy: String? = nil
  ) {
    self.id = id
    self.failingSince = failingSince
    self.failures = failures
    self.lastFailureAt = lastFailureAt
    self.lastFailure = lastFailure
    self.disabledAt = disabledAt
    self.disabledBy = disabledBy
    self.disabledWhy = disabledWhy
  }
}

/// A key as it is stored: encrypted; who can open it is not the store's affair.
package struct SealedSecret: Hashable, Sendable {
  package var endpoint: String
  /// Counts from 1 for each endpoint; never used twice.
  package var number: Int
  /// `v1` or `v1a`.
  package var kind: String
  package var sealed: [UInt8]
  /// Names the key that opens it.
  package var keyID: String
  package var createdAt: Moment
  /// It signs beside its successor until then; nil: it is the one in use.
  package var retiresAt: Moment?

  package init(
    endpoint: String, number: Int, kind: String, sealed: [UInt8], keyID: String, createdAt: Moment,
    retiresAt: Moment? = nil
  ) {
    self.endpoint = endpoint
    self.number = number
    self.kind = kind
    self.sealed = sealed
    self.keyID = keyID
    self.createdAt = createdAt
    self.retiresAt = retiresAt
  }
}

package protocol EndpointStore {
  /// In order of id.
  func endpointStates() throws(StoreError) -> [EndpointState]
  /// - Returns: since when it fails without a success between.
  func noteFailure(endpoint: String, text: String, at: Moment) throws(StoreError) -> Moment
  func noteSuccess(endpoint: String) throws(StoreError)
  /// The first reason stays; false: it was disabled already.
  func disable(endpoint: String, by: String, why: String, at: Moment) throws(StoreError) -> Bool
  /// Forgets its failures too; false: it was not disabled.
  func enable(endpoint: String) throws(StoreError) -> Bool

  /// Keeps a reader's rows of a channel that wait from being claimed, until `letGo`; how many.
  func hold(reader: String, channel: DeliveryChannel, reason: String, at: Moment) throws(StoreError) -> Int
  func letGo(reader: String, channel: DeliveryChannel, reason: String, at: Moment) throws(StoreError) -> Int
  /// A reader's rows of a channel that are open.
  func waiting(reader: String, channel: DeliveryChannel) throws(StoreError) -> Int
  /// A reader's rows of a channel, of releases made in [since, until), oldest first.
  func deliveries(
    reader: String, channel: DeliveryChannel, since: Moment, until: Moment
  ) throws(StoreError) -> [DeliveryRecord]

  /// Of one endpoint or of all, newest first; those past their time are left out.
  func secrets(endpoint: String?, now: Moment) throws(StoreError) -> [SealedSecret]
  /// Whether anything was made with the site's secret key: a secret of an endpoint, or a message that went out with
  /// tags and links of its own.
  func dependsOnSecret() throws(StoreError) -> Bool
  /// Changes when any secret does.
  func secretsStamp() throws(StoreError) -> String
  /// The next number of an endpoint's secrets.
  func nextSecret(endpoint: String) throws(StoreError) -> Int
  func insert(secret: SealedSecret) throws(StoreError)
  /// Secrets of this kind that are in use end at a time; those that end earlier stay so. What has ended is deleted.
  func retireSecrets(endpoint: String, kind: String, at: Moment, now: Moment) throws(StoreError)
}
