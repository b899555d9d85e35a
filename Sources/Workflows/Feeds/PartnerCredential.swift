// A partner's credential: how it is made, how it is presented (RFC 7617 Basic, RFC 6750 Bearer) and how it is kept.
// The secret is 256 random bits. Its public id, the user name of Basic, is a digest of it, so that a program that can
// send nothing but a bearer token is known by the secret alone.

import Bulletins
import Crypto
import CryptoExtras
import Foundation
package import Outbox
package import Store

package struct PartnerCredential: Hashable, Sendable {
  /// 12 hexadecimal digits, so that it can be said and typed, and no shell takes it for an option.
  package let id: String
  /// 43 characters of base64url: shown once, stored nowhere.
  package let secret: String

  package static func random() -> PartnerCredential {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    return PartnerCredential(secret: base64url(bytes))
  }

  private init(secret: String) {
    id = Self.id(of: secret)
    self.secret = secret
  }

  private static let idLength = 12
  private static let secretLength = 43

  private static func id(of secret: String) -> String {
    SHA256.hash(data: Data("revere partner credential 1 \(secret)".utf8)).prefix(6).hexadecimal
  }

  private static func base64url(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
      .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
  }

  // MARK: As presented

  /// Reads an Authorization header: Basic with id and secret, Bearer with `id.secret` or the secret alone.
  /// - Returns: nil for other schemes and for what no credential of ours can look like; then nobody is asked about it.
  init?(authorization: String) {
    let parts = authorization.split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count == 2 else { return nil }
    let token = String(parts[1])
    switch parts[0].lowercased() {
    case "basic":
      guard let bytes = Data(base64Encoded: token), let text = String(data: bytes, encoding: .utf8),
        let colon = text.firstIndex(of: ":")
      else { return nil }
      self.init(id: text[..<colon], secret: text[text.index(after: colon)...])
    case "bearer":
      if let dot = token.firstIndex(of: ".") {
        self.init(id: token[..<dot], secret: token[token.index(after: dot)...])
      } else {
        self.init(id: Self.id(of: token)[...], secret: token[...])
      }
    default: return nil
    }
  }

  /// Names are written to the audit log: none passes that could be a secret put in the wrong place.
  private init?(id: Substring, secret: Substring) {
    guard id.utf8.count == Self.idLength,
      id.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
      secret.utf8.count == Self.secretLength,
      secret.utf8.allSatisfy({
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
          || $0 == 0x5F
      })
    else { return nil }
    self.id = String(id)
    self.secret = String(secret)
  }

  // MARK: As kept

  /// scrypt (RFC 7914) with N = 2^14, r = 8, p = 1: 16 MiB and about 40 ms, the costs that its author gives for what is
  /// checked while somebody waits. Nobody guesses 256 random bits, by whatever hash; a dearer one would only give whoever
  /// sends wrong secrets more of the server's time. Written with each hash, so that it can be raised.
  static let method = "scrypt 16384 8 1"
  private static let hashLength = 32

  package func record(
    partner: String, feeds: [String]?, allowsTaxii: Bool, by: String, at: Moment, expiresAt: Moment
  ) throws -> CredentialRecord {
    var generator = SystemRandomNumberGenerator()
    let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    let hash = try Self.hash(secret, salt: salt, method: Self.method).withUnsafeBytes { Array($0) }
    return CredentialRecord(
      id: id, partner: partner, method: Self.method, salt: salt, hash: hash, feeds: feeds, allowsTaxii: allowsTaxii,
      createdAt: at, createdBy: by, expiresAt: expiresAt)
  }

  /// Costs the same for a name that nobody has, and compares in constant time.
  func matches(_ record: CredentialRecord?) throws -> Bool {
    let salt = record?.salt ?? [UInt8](repeating: 0, count: 16)
    let kept = record?.hash ?? [UInt8](repeating: 0, count: Self.hashLength)
    let made = try Self.hash(secret, salt: salt, method: record?.method ?? Self.method)
    // `==` of SymmetricKey takes as long for any two keys.
    let isEqual = made == SymmetricKey(data: kept)
    return isEqual && record != nil
  }

  private static func hash(_ secret: String, salt: [UInt8], method: String) throws -> SymmetricKey {
    let costs = method.split(separator: " ").dropFirst().compactMap { Int($0) }
    guard method.hasPrefix("scrypt "), costs.count == 3 else {
      throw StoreError(.corrupt, detail: "unknown hash of a credential: \(method)")
    }
    return try KDF.Scrypt.deriveKey(
      from: Data(secret.utf8), salt: salt, outputByteCount: hashLength, rounds: costs[0], blockSize: costs[1],
      parallelism: costs[2])
  }
}
