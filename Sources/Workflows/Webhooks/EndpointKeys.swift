// The keys that sign for each endpoint: read from the store and opened, the first one imported from its file. Rotation
// by another process is seen within some seconds; the overlap covers them.

package import Distribution
import Foundation
package import Outbox
package import Store
import Synchronization
package import Webhooks

package final class EndpointKeys: Sendable {
  package typealias SecretSource = @Sendable () throws -> SiteSecret

  private struct Held {
    var key: WebhookKey
    var retiresAt: Moment?
  }
  private struct State {
    var keys: [String: Result<[Held], EndpointProblem>] = [:]
    var loadedAt: Moment?
    var stamp = ""
    var vault: EndpointVault?
  }
  private let state = Mutex(State())
  private let store: any UnitOfWork
  private let files: FolderOnDisk
  private let secret: SecretSource
  private static let freshness: Moment.Span = .seconds(5)

  /// - Parameter secret: the site's secret key; asked for when the first secret is sealed or opened.
  package init(store: any UnitOfWork, files: FolderOnDisk, secret: @escaping SecretSource) {
    self.store = store
    self.files = files
    self.secret = secret
  }

  /// Newest first; empty only for a chat without a secret.
  package func keys(of endpoint: WebhookEndpoint, now: Moment) throws -> [WebhookKey] {
    try state.withLock { state in
      if state.loadedAt.map({ now < $0 || now - $0 >= Self.freshness }) ?? true { try load(&state, now) }
      if let known = state.keys[endpoint.id] {
        return try known.get().filter { $0.retiresAt.map { now < $0 } ?? true }.map(\.key)
      }
      let found: Result<[Held], EndpointProblem>
      do {
        found = .success(try importing(endpoint, &state, now).map { Held(key: $0) })
      } catch let problem as EndpointProblem {
        found = .failure(problem)
      }
      state.keys[endpoint.id] = found
      return try found.get().map(\.key)
    }
  }

  /// Imports in one transaction what can be: for sites with many endpoints. What cannot says so when it is asked for.
  package func importMissing(_ endpoints: [WebhookEndpoint], now: Moment) throws {
    guard endpoints.contains(where: { $0.secretFile != nil }) else { return }
    try state.withLock { state in
      try load(&state, now)
      let missing = endpoints.filter { state.keys[$0.id] == nil }
      let found = missing.compactMap { endpoint -> (String, WebhookKey)? in
        guard let path = endpoint.secretFile, let key = try? Self.read(path, endpoint.id, files) else { return nil }
        return (endpoint.id, key)
      }
      guard let first = found.first, let vault = try? vault(&state, for: first.0) else { return }
      try store.write { session in
        for (endpoint, key) in found { try Self.keep(key, endpoint, vault, session, now) }
      }
      for (endpoint, key) in found { state.keys[endpoint] = .success([Held(key: key)]) }
    }
  }

  /// A key file that cannot be used is every endpoint's problem, and nobody else's.
  private func vault(_ state: inout State, for endpoint: String) throws(EndpointProblem) -> EndpointVault {
    if let vault = state.vault { return vault }
    do {
      let vault = EndpointVault(try secret())
      state.vault = vault
      return vault
    } catch {
      let problem = error as? WorkspaceProblem
      let words = problem.map { ": \($0.path): \($0.message)" } ?? ""
      throw EndpointProblem(
        .wrongKey, endpoint, "the site's secret key cannot be used\(words)", hint: problem?.hint ?? "")
    }
  }

  private func load(_ state: inout State, _ now: Moment) throws {
    let known = state.stamp
    let (stamp, found) = try store.read { session in
      let stamp = try session.secretsStamp()
      return (stamp, stamp == known ? nil : try session.secrets(endpoint: nil, now: now))
    }
    state.loadedAt = now
    // What failed is tried again: its file may have been mended.
    guard let sealed = found else {
      state.keys = state.keys.filter { if case .success(let keys) = $0.value { !keys.isEmpty } else { false } }
      return
    }
    state.keys = [:]
    state.stamp = stamp
    for (endpoint, secrets) in Dictionary(grouping: sealed, by: \.endpoint) {
      do throws(EndpointProblem) {
        let vault = try vault(&state, for: endpoint)
        var keys: [Held] = []
        for secret in secrets { keys.append(Held(key: try vault.open(secret), retiresAt: secret.retiresAt)) }
        state.keys[endpoint] = .success(keys)
      } catch {
        state.keys[endpoint] = .failure(error)
      }
    }
  }

  /// Once: from then on the store's copy rules, whatever the file says.
  private func importing(_ endpoint: WebhookEndpoint, _ state: inout State, _ now: Moment) throws -> [WebhookKey] {
    guard let path = endpoint.secretFile else {
      if endpoint.isChat { return [] }
      throw EndpointProblem(
        .noSecret, endpoint.id, "it has no secret to sign with",
        hint: "name a `secret-file` in endpoints.yaml, or make one with `revere webhooks rotate \(endpoint.id)`")
    }
    let key = try Self.read(path, endpoint.id, files)
    let vault = try vault(&state, for: endpoint.id)
    try store.write { try Self.keep(key, endpoint.id, vault, $0, now) }
    return [key]
  }

  private static func keep(
    _ key: WebhookKey, _ endpoint: String, _ vault: EndpointVault, _ session: any StoreSession, _ now: Moment
  ) throws {
    let number = try session.nextSecret(endpoint: endpoint)
    guard number == 1 else { return }
    try session.insert(
      secret: SealedSecret(
        endpoint: endpoint, number: number, kind: key.kind.rawValue,
        sealed: try vault.seal(key, endpoint: endpoint, number: number), keyID: vault.keyID, createdAt: now))
    try session.audit(
      actor: "revere", action: "webhook-secret-imported", subject: endpoint,
      detail: "from its secret-file; the store's copy rules from now on", at: now)
  }

  private static func read(_ path: String, _ endpoint: String, _ files: FolderOnDisk) throws(EndpointProblem)
    -> WebhookKey
  {
    let line: String
    do throws(WorkspaceProblem) {
      line = try files.firstLine(ofNamed: path)
    } catch {
      throw EndpointProblem(.noSecret, endpoint, "`secret-file` \(path): \(error.message)", hint: error.hint)
    }
    guard let key = WebhookKey(text: line) else {
      throw EndpointProblem(
        .badSecret, endpoint, "`secret-file` \(path) holds no secret of Standard Webhooks",
        hint: "`whsec_` and base64 of 24 to 64 random bytes; `openssl rand -base64 32` makes some")
    }
    return key
  }

  /// A new key, beside which those in use sign for the overlap.
  package func rotate(
    _ endpoint: WebhookEndpoint, kind: WebhookKey.Kind, overlap: Moment.Span, by: String, now: Moment
  ) throws -> WebhookKey {
    // One that nobody has used yet is imported first: its receiver knows it.
    _ = try? keys(of: endpoint, now: now)
    return try state.withLock { state in
      let key = WebhookKey.random(kind)
      let vault = try vault(&state, for: endpoint.id)
      try store.write { session in
        try session.retireSecrets(endpoint: endpoint.id, kind: kind.rawValue, at: now + overlap, now: now)
        let number = try session.nextSecret(endpoint: endpoint.id)
        try session.insert(
          secret: SealedSecret(
            endpoint: endpoint.id, number: number, kind: kind.rawValue,
            sealed: try vault.seal(key, endpoint: endpoint.id, number: number), keyID: vault.keyID, createdAt: now))
        try session.audit(
          actor: by, action: "webhook-secret-rotated", subject: endpoint.id,
          detail: "\(kind.rawValue) number \(number); earlier ones sign for \(overlap.milliseconds / 1_000) s more",
          at: now)
      }
      state.loadedAt = nil
      state.stamp = ""
      return key
    }
  }
}
