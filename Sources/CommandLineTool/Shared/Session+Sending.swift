// What sending needs of the settings: relays with their secrets, the class they earn, the export of decisions.

import Bulletins
import Couriers
import Distribution
import Foundation
import Workflows

extension Session {
  /// The class of the best relay. A relay's class is computed, never declared (site-files.md).
  func carriers() throws -> Carriers {
    let relays = settings.mail?.relays ?? []
    let best: ChannelClass? =
      relays.isEmpty ? nil : relays.contains { $0.isVerified && !$0.loweredToPlain } ? .emailTLS : .emailPlain
    return Carriers(relay: best)
  }

  /// By preference, with their passwords read from their files.
  func relays() throws -> [Relay] {
    let entries = settings.mail?.relays ?? []
    guard !entries.isEmpty else {
      throw CommandFailure(.environment, "revere.yaml names no relay", hint: "add one under `mail: relays`")
    }
    return try entries.map { entry in
      do throws(RelayProblem) {
        return try Relay(
          name: entry.name, host: entry.host, port: entry.port,
          tls: Relay.Protection(rawValue: entry.security.rawValue) ?? .required,
          caFile: entry.caFile.map { $0.hasPrefix("/") ? $0 : root + "/" + $0 }, user: entry.user,
          password: password(of: entry), maxConnections: entry.maxConnections,
          messagesPerConnection: entry.messagesPerConnection, perDomainRate: entry.perDomainRate.map(Double.init),
          claimedClass: entry.loweredToPlain ? .plain : nil)
      } catch {
        throw CommandFailure(.environment, "relay \(error.relay): `\(error.key)`: \(error.message)", hint: error.hint)
      }
    }
  }

  /// The first line of the password file; an unreadable file is reported by the relay's settings (user without one).
  private func password(of entry: RelaySettings) -> Secret? {
    guard let path = entry.passwordFile, let bytes = try? files.read(path, limit: 4_096) else { return nil }
    let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
    return line.isEmpty ? nil : Secret(String(decoding: line, as: UTF8.self))
  }

  /// Writes the export of what was decided, beside what earlier exports of this revision say.
  func export(_ order: ReleaseOrder, _ bulletin: BulletinFile, _ workspace: Workspace) throws {
    try Self.words {
      try files.write(
        DecisionExport.bytes(order, bulletin, zone: workspace.site.zone, now: clock.now),
        to: "distribution-lists/decisions/\(bulletin.stem).yaml")
    }
  }
}
