// Who may pull: the credential that a request presents, held against those of the store. A good one is remembered by a
// keyed digest, so that the slow hash is computed once and not for every request; what a person changes in any process
// counts from the next request on, because each asks for the store's mark.
//
// A refusal tells nothing: a name that nobody has costs the same hash, and a wrong, revoked or expired credential gets
// the same answer. A name that is locked out is told so whether or not it exists.

import Crypto
import Foundation
package import Outbox
package import Store
import Synchronization

package final class PartnerGate: Sendable {
  private let store: any UnitOfWork
  private let matches: @Sendable (PartnerCredential, CredentialRecord?) throws -> Bool
  /// With a key of this process alone, before anything was put in.
  private let keyed = HMAC<SHA256>(key: SymmetricKey(size: .bits256))
  private let state = Mutex(State())
  /// One hash at a time in each; the same credential always comes to the same.
  private let lanes = [Lane(), Lane()]
  private let waiting = Atomic<Int>(0)
  private let locks = Atomic<Int>(0)
  /// Whoever computes or waits for a hash at once; each holds a thread of whoever asks. A server has more threads than
  /// that, so that what needs no hash goes on.
  package static let mostWaiting = 24
  private static let mostKnown = 10_000

  private final class Lane: Sendable {
    let lock = Mutex(())
  }

  private struct Digest: Hashable {
    var words: SIMD4<UInt64>
  }

  private struct State {
    /// Of the mark with which the rest was read.
    var access: Int64?
    var credentials: [String: CredentialRecord] = [:]
    var rates: [String: Int] = [:]
    var known: [Digest: PartnerPass] = [:]
    /// Of each partner one for all its credentials.
    var buckets: [String: PartnerPass.Bucket] = [:]
    var failures = FailureTable()

    func admit(_ digest: Digest, now: Moment) -> Admission? {
      guard let pass = known[digest], now < pass.expiresAt else { return nil }
      return pass.admit(now: now)
    }

    mutating func pass(_ record: CredentialRecord, now: Moment) -> PartnerPass? {
      guard record.revokedAt == nil, let access, let rate = rates[record.partner] else { return nil }
      let bucket = buckets[record.partner] ?? PartnerPass.Bucket(perMinute: rate, now: now)
      buckets[record.partner] = bucket
      return PartnerPass(
        FeedCaller(
          partner: record.partner, credential: record.id, feeds: record.feeds.map(Set.init),
          allowsTaxii: record.allowsTaxii, requestsPerMinute: rate),
        access: access, expiresAt: record.expiresAt, bucket)
    }
  }

  package convenience init(store: any UnitOfWork) {
    self.init(store: store) { try $0.matches($1) }
  }

  /// - Parameter matches: the slow hash and its comparison.
  init(
    store: any UnitOfWork, matches: @escaping @Sendable (PartnerCredential, CredentialRecord?) throws -> Bool
  ) {
    self.store = store
    self.matches = matches
  }

  /// - Parameters:
  ///   - authorization: the header as it came.
  ///   - address: the caller's, behind a trusted proxy the one that it names; no port.
  ///   - mayWait: false: nil instead of whatever touches the disk or computes a hash; ask again where that may take its
  ///     time.
  /// - Throws: the store cannot be asked; nobody is admitted then.
  package func admit(
    _ authorization: String?, from address: String, now: Moment, mayWait: Bool = true
  ) throws -> Admission? {
    // Longer than any credential of ours.
    guard let authorization, authorization.utf8.count <= 256 else { return .refused }
    guard let mark = try store.feedMarkAtHand() ?? (mayWait ? store.feedMark() : nil) else { return nil }
    let digest = digest(of: authorization)
    let access = mark.access
    let known = state.withLock { state in state.access == access ? state.admit(digest, now: now) : nil }
    if let known { return known }
    guard mayWait else { return nil }
    guard let presented = PartnerCredential(authorization: authorization) else { return .refused }
    try refresh(access, now: now)
    return try admit(presented, digest, from: "address \(Self.network(of: address))", now: now)
  }

  /// The same credential once more, from who has shown that it is the same.
  /// - Returns: nil: something about credentials has changed since, or it has ended, and the other `admit` knows.
  package func admit(_ pass: PartnerPass, now: Moment) -> Admission? {
    guard let mark = store.feedMarkAtHand(), mark.access == pass.access, now < pass.expiresAt else { return nil }
    return pass.admit(now: now)
  }

  private func admit(
    _ presented: PartnerCredential, _ digest: Digest, from place: String, now: Moment
  ) throws -> Admission {
    let name = "credential \(presented.id)"
    defer { waiting.subtract(1, ordering: .relaxed) }
    guard waiting.add(1, ordering: .relaxed).newValue <= Self.mostWaiting else { return .tooMany(seconds: 1) }
    return try lanes[Int(digest.words.x % UInt64(lanes.count))].lock.withLock { _ in
      // Another request with the same credential may have been before this one, or too many with a wrong one.
      let (known, locked, record) = state.withLock { state in
        (
          state.admit(digest, now: now),
          [name, place].compactMap { state.failures.locked($0, now: now) }.max(), state.credentials[presented.id]
        )
      }
      if let known { return known }
      if let locked { return .locked(seconds: locked) }
      let matches = try matches(presented, record)
      let (admitted, today): (Admission?, CredentialRecord?) = state.withLock { state in
        // As it is now: a person may have ended it while the hash was made.
        let record = state.credentials[presented.id]
        guard matches, let record, record.isOpen(at: now), let pass = state.pass(record, now: now) else {
          return (nil, record)
        }
        if state.known.count >= Self.mostKnown { state.known = [:] }
        state.known[digest] = pass
        state.failures.forget(name)
        return (pass.admit(now: now), record)
      }
      return try admitted ?? refuse(name, place, today, matches, now: now)
    }
  }

  /// Names and addresses that were locked out, by this process.
  package var lockOuts: Int { locks.load(ordering: .relaxed) }

  /// What is written tells who failed and never with what.
  private func refuse(
    _ name: String, _ place: String, _ record: CredentialRecord?, _ matches: Bool, now: Moment
  ) throws -> Admission {
    let locked = state.withLock { state in
      // Who has the secret of a credential that ended guesses nothing: a poller that nobody told must not lock out the
      // other systems of its agency.
      [
        state.failures.note(name, limit: FailureTable.attempts.name, now: now),
        matches ? nil : state.failures.note(place, limit: FailureTable.attempts.address, now: now),
      ].compactMap { $0 }
    }
    locks.add(locked.count, ordering: .relaxed)
    guard record != nil || !locked.isEmpty else { return .refused }
    try store.write { session in
      if let record {
        let why = !matches ? "wrong secret" : record.revokedAt != nil ? "revoked" : "expired"
        try session.audit(
          actor: "revere", action: "partner-refused", subject: record.partner, detail: "\(name) from \(place): \(why)",
          at: now)
      }
      for entry in locked {
        try session.set(accessFailures: entry)
        try session.audit(
          actor: "revere", action: "partner-locked-out", subject: record?.partner ?? "-",
          detail: "\(entry.key) for \(FailureTable.delay(lockOuts: entry.lockOuts).milliseconds / 1_000) s",
          at: now)
      }
      if !locked.isEmpty { try session.forgetAccessFailures(before: now - FailureTable.memory) }
    }
    return .refused
  }

  /// Reads credentials, rates and lifted lock-outs anew where a person changed any; what is remembered stays where its
  /// credential does.
  func refresh(_ access: Int64, now: Moment) throws {
    let known = state.withLock { $0.access }
    if known == access { return }
    let read = try store.read { session in
      (
        access: try session.feedMark().access, credentials: try session.credentials(partner: nil),
        partners: try session.partners(), failures: try session.accessFailures()
      )
    }
    state.withLock { state in
      if let newer = state.access, newer >= read.access { return }
      if state.access == nil {
        state.failures = FailureTable(read.failures)
      } else {
        state.failures.lift(read.failures)
      }
      state.access = read.access
      state.credentials = Dictionary(read.credentials.map { ($0.id, $0) }) { first, _ in first }
      state.rates = Dictionary(read.partners.map { ($0.id, $0.requestsPerMinute) }) { first, _ in first }
      for (digest, pass) in state.known {
        state.known[digest] = state.credentials[pass.caller.credential].flatMap { state.pass($0, now: now) }
      }
    }
  }

  private func digest(of authorization: String) -> Digest {
    var code = keyed
    var authorization = authorization
    authorization.withUTF8 { code.update(data: UnsafeRawBufferPointer($0)) }
    return Digest(words: code.finalize().withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) })
  }

  /// Of IPv6 the network: one caller has 2^64 addresses of it.
  package static func network(of address: String) -> String {
    var bytes = in6_addr()
    let text = address.prefix { $0 != "%" }
    guard inet_pton(AF_INET6, String(text), &bytes) == 1 else { return String(address.prefix(64)) }
    let parts = withUnsafeBytes(of: &bytes) { raw in
      stride(from: 0, to: 16, by: 2).map { UInt16(raw[$0]) << 8 | UInt16(raw[$0 + 1]) }
    }
    // An IPv4 address in IPv6 clothes (RFC 4291 section 2.5.5.2).
    if parts[..<5].allSatisfy({ $0 == 0 }), parts[5] == 0xFFFF {
      return [parts[6] >> 8, parts[6] & 0xFF, parts[7] >> 8, parts[7] & 0xFF].map(String.init).joined(separator: ".")
    }
    return parts[..<4].map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
  }
}
