// Signatures of Standard Webhooks 1.0: `v1` is HMAC-SHA256, `v1a` Ed25519, both over `id.timestamp.body`. A key is
// never printed, logged or mirrored; its text form is asked for by name, where it is shown once.

import Crypto
import Foundation

package struct WebhookKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case v1, v1a
  }
  package let kind: Kind
  /// The shared secret, or the seed of the private key: what is stored, encrypted.
  package let bytes: [UInt8]

  /// Of Standard Webhooks: 192 to 512 bits.
  package static let secretLengths = 24...64

  /// nil when the length is not that of a key of this kind.
  package init?(_ kind: Kind, bytes: [UInt8]) {
    guard kind == .v1 ? Self.secretLengths.contains(bytes.count) : bytes.count == 32 else { return nil }
    self.kind = kind
    self.bytes = bytes
  }

  /// `whsec_` and base64, the prefix may be absent; `whsk_` and base64 of the seed, or of seed and public key.
  package init?(text: String) {
    if text.hasPrefix("whsk_") {
      guard let data = Data(base64Encoded: String(text.dropFirst(5))), [32, 64].contains(data.count) else { return nil }
      self.init(.v1a, bytes: [UInt8](data.prefix(32)))
    } else {
      let digits = text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text
      guard let data = Data(base64Encoded: digits) else { return nil }
      self.init(.v1, bytes: [UInt8](data))
    }
  }

  package static func random(_ kind: Kind) -> WebhookKey {
    var generator = SystemRandomNumberGenerator()
    return WebhookKey(trusted: kind, (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
  }

  private init(trusted kind: Kind, _ bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }

  /// What the receiver needs to verify: the shared secret, or the public key. For showing once.
  package var shown: String {
    switch kind {
    case .v1: return "whsec_" + Data(bytes).base64EncodedString()
    case .v1a:
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
      return "whpk_" + (key?.publicKey.rawRepresentation ?? Data()).base64EncodedString()
    }
  }

  package var description: String { "(key)" }
  package var debugDescription: String { "(key)" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

package enum WebhookSignature {
  /// The value of `webhook-signature`: one signature for each key, newest key first.
  /// - Parameter timestamp: seconds since 1970, of the attempt.
  package static func header(id: String, timestamp: Int64, body: [UInt8], keys: [WebhookKey]) -> String {
    let head = Array("\(id).\(timestamp).".utf8)
    return keys.compactMap { key in
      switch key.kind {
      case .v1:
        var code = HMAC<SHA256>(key: SymmetricKey(data: key.bytes))
        code.update(data: head)
        code.update(data: body)
        return "v1," + Data(code.finalize()).base64EncodedString()
      case .v1a:
        guard let signer = try? Curve25519.Signing.PrivateKey(rawRepresentation: key.bytes),
          let signature = try? signer.signature(for: head + body)
        else { return nil }
        return "v1a," + signature.base64EncodedString()
      }
    }.joined(separator: " ")
  }
}
