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

  private struct State {
    var keys: [String: Result<[WebhookKey], EndpointProblem>] = [:]
    var loadedAt: Moment?
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
      if let known = state.keys[endpoint.id] { return try known.get() }
      let found: Result<[WebhookKey], EndpointProblem>
      do {
        found = .success(try importing(endpoint, &state, now))
      } catch let problem as EndpointProblem {
        found = .failure(problem)
      }
      state.keys[endpoint.id] = found
      return try found.get()
    }
  }

  private func vault(_ state: inout State) throws -> EndpointVault {
    if let vault = state.vault { return vault }
    let vault = EndpointVault(try secret())
    state.vault = vault
    return vault
  }

  private func load(_ state: inout State, _ now: Moment) throws {
    let sealed = try store.read { try $0.secrets(endpoint: nil, now: now) }
    state.loadedAt = now
    state.keys = [:]
    guard !sealed.isEmpty else { return }
    let vault = try vault(&state)
    for (endpoint, secrets) in Dictionary(grouping: sealed, by: \.endpoint) {
      do throws(EndpointProblem) {
        var keys: [WebhookKey] = []
        for secret in secrets { keys.append(try vault.open(secret)) }
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
    let vault = try vault(&state)
    try store.write { session in
      let number = try session.nextSecret(endpoint: endpoint.id)
      guard number == 1 else { return }
      try session.insert(
        secret: SealedSecret(
          endpoint: endpoint.id, number: number, kind: key.kind.rawValue,
          sealed: try vault.seal(key, endpoint: endpoint.id, number: number), keyID: vault.keyID, createdAt: now))
      try session.audit(
        actor: "revere", action: "webhook-secret-imported", subject: endpoint.id,
        detail: "from its secret-file; the store's copy rules from now on", at: now)
    }
    return [key]
  }

  private static func read(_ path: String, _ endpoint: String, _ files: FolderOnDisk) throws(EndpointProblem)
    -> WebhookKey
  {
    let bytes: [UInt8]
    do throws(WorkspaceProblem) {
      bytes =
        path.hasPrefix("/")
        ? try FolderOnDisk(root: "/").read(String(path.drop { $0 == "/" }), limit: 4_096)
        : try files.read(path, limit: 4_096)
    } catch {
      throw EndpointProblem(.noSecret, endpoint, "`secret-file` \(path): \(error.message)", hint: error.hint)
    }
    let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
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
      let vault = try vault(&state)
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
      return key
    }
  }
}
