// The secrets of webhook endpoints at rest: AES-256-GCM under a key derived from the site's secret key. What is sealed
// for one endpoint opens for no other: its id, number and kind are bound to it (associated data).

import Bulletins
import Crypto
import Foundation
import Store
import Webhooks

/// A fact about an endpoint's secret, for the operator; never with a byte of it.
package struct EndpointProblem: Error, Hashable, Sendable {
  package enum Code: String, Hashable, Sendable, CaseIterable {
    case noSecret = "no-secret"
    case badSecret = "bad-secret"
    case wrongKey = "wrong-key"
    case unknown
    case disabled
  }
  package var code: Code
  package var endpoint: String
  package var message: String
  package var hint: String
  package init(_ code: Code, _ endpoint: String, _ message: String, hint: String = "") {
    self.code = code
    self.endpoint = endpoint
    self.message = message
    self.hint = hint
  }
}

struct EndpointVault: Sendable {
  private let key: SymmetricKey
  /// Tells a wrong key from a damaged secret.
  let keyID: String

  init(_ secret: SiteSecret) {
    key = secret.key(for: .endpointSecrets)
    let digest = key.withUnsafeBytes { SHA256.hash(data: Data($0)) }
    keyID = digest.prefix(8).hexadecimal
  }

  private static func bound(_ endpoint: String, _ number: Int, _ kind: String) -> Data {
    Data("revere endpoint secret\n\(endpoint)\n\(number)\n\(kind)".utf8)
  }

  func seal(_ secret: WebhookKey, endpoint: String, number: Int) throws -> [UInt8] {
    let box = try AES.GCM.seal(
      Data(secret.bytes), using: key, authenticating: Self.bound(endpoint, number, secret.kind.rawValue))
    guard let sealed = box.combined else {
      throw EndpointProblem(
        .badSecret, endpoint, "its secret could not be sealed", hint: "nothing was stored; try it again")
    }
    return [UInt8](sealed)
  }

  func open(_ sealed: SealedSecret) throws(EndpointProblem) -> WebhookKey {
    guard sealed.keyID == keyID else {
      throw EndpointProblem(
        .wrongKey, sealed.endpoint, "its stored secret was encrypted under another site key",
        hint: "restore the key file of `secrets: key-file`, or make a new secret with `revere webhooks rotate`")
    }
    guard let kind = WebhookKey.Kind(rawValue: sealed.kind),
      let box = try? AES.GCM.SealedBox(combined: Data(sealed.sealed)),
      let bytes = try? AES.GCM.open(
        box, using: key, authenticating: Self.bound(sealed.endpoint, sealed.number, sealed.kind)),
      let secret = WebhookKey(kind, bytes: [UInt8](bytes))
    else {
      throw EndpointProblem(
        .badSecret, sealed.endpoint, "its stored secret is damaged",
        hint: "make a new one with `revere webhooks rotate`")
    }
    return secret
  }
}
