// Whether a relay can be used: a session is really opened, as sending does (look-up, TLS with verification, login),
// and ended with QUIT. Nothing is sent. Blocks up to the time-out.

package import Mail
import Outbox

package enum RelayProbe {
  /// - Returns: lines `Name:value` of the relay's certificate; empty without TLS.
  /// - Throws: at which stage it failed, and the relay's words.
  package static func run(_ relay: Relay, timeout: Int = 10_000) throws(SmtpFailure) -> [String] {
    let session = try CurlSession.open(relay, timeout: timeout, wantsCertificate: true)
    let quit = Array("QUIT\r\n".utf8)
    _ = quit.withUnsafeBytes { bytes in try? session.send(bytes) }
    return session.certificate
  }
}
