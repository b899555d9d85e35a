// Open rows that no relay of the settings may carry: a row never goes below the class that it was decided for
// (site-files.md, mail.relays), so it waits until the settings name such a relay. Nothing else would say so.

package import Outbox
package import Store

package struct UncarriedRows: Hashable, Sendable {
  /// `email-tls` or `email-plain`.
  package var needed: DeliveryChannel
  /// Open rows that are not held.
  package var rows: Int
  /// Those whose time has come.
  package var due: Int
  /// The names of the relays that there are, all of a lower class; empty: none.
  package var relays: [String]

  package init(needed: DeliveryChannel, rows: Int, due: Int, relays: [String]) {
    self.needed = needed
    self.rows = rows
    self.due = due
    self.relays = relays
  }

  /// ``12 rows need a relay of class email-tls; `main` is email-plain``
  package var words: String {
    let names = relays.map { "`\($0)`" }
    let others =
      switch names.count {
      case 0: "revere.yaml names no relay"
      case 1: names[0] + " is email-plain"
      default: names.dropLast().joined(separator: ", ") + " and \(names[names.count - 1]) are email-plain"
      }
    return "\(rows) \(rows == 1 ? "row needs" : "rows need") a relay of class \(needed.rawValue); \(others)"
  }

  package var advice: String {
    "nothing is lost, they wait: add a relay"
      + (needed == .emailTLS ? " with `tls: required` or `implicit`" : "") + " under `mail: relays` of revere.yaml"
  }

  package static func find(
    in session: any StoreSession, relays: [RelaySettings], now: Moment
  ) throws -> [UncarriedRows] {
    var needs: [(needed: DeliveryChannel, channels: [DeliveryChannel])] = []
    if !relays.contains(where: \.earnsTLS) { needs.append((.emailTLS, [.emailTLS, .emailSMIME])) }
    if relays.isEmpty { needs.append((.emailPlain, [.emailPlain])) }
    return try needs.compactMap { need in
      let rows = try session.waiting(channels: need.channels, by: nil)
      guard rows > 0 else { return nil }
      return UncarriedRows(
        needed: need.needed, rows: rows, due: try session.waiting(channels: need.channels, by: now),
        relays: relays.map(\.name))
    }
  }
}

extension HealthChecks {
  package static func relayClasses(_ uncarried: [UncarriedRows]) -> HealthCheck {
    guard let first = uncarried.first else {
      return HealthCheck("relay-classes", .ok, "there is a relay for every open row")
    }
    return HealthCheck(
      "relay-classes", .failure, uncarried.map(\.words).joined(separator: "; "), advice: first.advice)
  }
}
