// What sending needs of the settings: relays with their secrets, the class they earn, the export of decisions.

import Bulletins
import Couriers
import Distribution
import Foundation
import Store
import Workflows

extension Session {
  /// The class of the best relay. A relay's class is computed, never declared (site-files.md).
  func carriers() throws -> Carriers {
    let relays = settings.mail?.relays ?? []
    let best: ChannelClass? =
      relays.isEmpty ? nil : relays.contains(where: \.earnsTLS) ? .emailTLS : .emailPlain
    return Carriers(relay: best)
  }

  /// By preference, with their passwords read from their files; none at a site without mail.
  func relays() throws -> [Relay] {
    guard let mail = settings.mail else { return [] }
    let entries = mail.relays
    guard !entries.isEmpty else { throw Self.noRelay }
    return try entries.map { entry in
      do {
        return try Relay(
          name: entry.name, host: entry.host, port: entry.port,
          tls: Relay.Protection(rawValue: entry.security.rawValue) ?? .required,
          caFile: entry.caFile.map { $0.hasPrefix("/") ? $0 : root + "/" + $0 }, user: entry.user,
          password: try password(of: entry), maxConnections: entry.maxConnections,
          messagesPerConnection: entry.messagesPerConnection, rate: entry.rate.map(Double.init),
          perDomainRate: entry.perDomainRate.map(Double.init),
          replyTimeout: entry.replyTimeout.map { $0 * 1_000 }, claimedClass: entry.loweredToPlain ? .plain : nil)
      } catch {
        throw CommandFailure(error) ?? error
      }
    }
  }

  /// For who sends beside something else, before that begins: settings and secrets with which `revere dispatch` would not
  /// begin.
  func checkSending() throws {
    _ = try webhookSettings(watching: true)
    guard try relays().isEmpty else { return }
    // A site whose files cannot be used says so by itself.
    if let workspace = try? workspace(), workspace.lists.endpoints.isEmpty { throw Self.noRelay }
  }

  static let noRelay = CommandFailure(
    .environment, "revere.yaml names no relay",
    hint: "add one under `mail: relays`; only a site whose channels are webhooks alone needs no `mail`")

  func uncarried(_ store: any UnitOfWork) throws -> [UncarriedRows] {
    let (relays, now) = (settings.mail?.relays ?? [], clock.moment)
    return try Session.words { try store.read { try UncarriedRows.find(in: $0, relays: relays, now: now) } }
  }

  private func password(of entry: RelaySettings) throws -> Secret? {
    guard let path = entry.passwordFile else { return nil }
    return try password(file: path, of: "relay \(entry.name)", user: entry.user ?? "user")
  }

  /// The first line of a password file, which may lie outside of the workspace.
  func password(file path: String, of whose: String, user: String) throws -> Secret {
    let line: String
    do throws(WorkspaceProblem) {
      line = try files.firstLine(ofNamed: path)
    } catch {
      throw CommandFailure(.environment, "\(whose): `password-file` \(path): \(error.message)", hint: error.hint)
    }
    guard !line.isEmpty else {
      throw CommandFailure(
        .environment, "\(whose): `password-file` \(path): its first line is empty",
        hint: "write the password of `\(user)` into it")
    }
    return Secret(line)
  }
}
