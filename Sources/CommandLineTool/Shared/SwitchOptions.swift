// What a switch is about, who turns it, and how switches are printed: for pause, resume, halt and status.

import ArgumentParser
import Bulletins
import Foundation
import Markings
import Outbox
import SiteFiles
import Store
import Workflows

struct SwitchScope: ParsableArguments {
  @Option(help: ArgumentHelp("Only this lane: immediate, priority or routine.", valueName: "lane"))
  var lane: String?

  @Option(help: ArgumentHelp("Only this relay of revere.yaml.", valueName: "name"))
  var relay: String?

  @Option(
    help: ArgumentHelp("Only this channel: email-plain, email-tls, email-smime or webhook.", valueName: "channel"))
  var channel: String?

  @Option(
    help: ArgumentHelp("Only this release: its serial, or a bulletin's name for the newest.", valueName: "serial"))
  var release: String?

  func validate() throws {
    if [lane, relay, channel, release].compactMap({ $0 }).count > 1 {
      throw ValidationError("--lane, --relay, --channel and --release exclude each other: give one, or none.")
    }
  }

  /// - Parameter knows: a name may also be one that is paused already, though the settings no longer have it.
  func resolved(_ session: Session, _ store: SQLStore, knows: [Pause] = []) throws -> (Pause.Scope, String) {
    func known(_ scope: Pause.Scope, _ name: String) -> Bool { knows.contains { $0.scope == scope && $0.name == name } }
    func one(_ scope: Pause.Scope, _ name: String, of names: [String]) throws -> (Pause.Scope, String) {
      guard names.contains(name) || known(scope, name) else {
        throw CommandFailure(
          .usage, "there is no \(scope.rawValue) `\(name)`", hint: "one of: " + names.joined(separator: ", "))
      }
      return (scope, name)
    }
    if let lane { return try one(.lane, lane, of: Lane.allCases.map(\.name)) }
    if let relay { return try one(.relay, relay, of: (session.settings.mail?.relays ?? []).map(\.name)) }
    if let channel {
      return try one(.channel, channel, of: DeliveryChannel.allCases.filter { $0 != .none }.map(\.rawValue))
    }
    if let release {
      if known(.release, release) { return (.release, release) }
      return (.release, try LedgerReports.release(named: release, in: store).serial)
    }
    return (.all, "")
  }
}

struct SwitchActor: ParsableArguments {
  @Option(help: ArgumentHelp("Who does it; default: the user of the system.", valueName: "id"))
  var by: String?

  @Option(help: "Why; kept in the audit log.")
  var reason = ""

  @Flag(help: "One JSON object.")
  var json = false
}

/// A switch as it is printed.
struct PauseLine: Encodable {
  /// halt, all, lane, relay, channel, release.
  var stopped: String
  var name: String
  var by: String
  var at: String
  var reason: String
  /// The command changed something; nil in a list.
  var changed: Bool?

  init(_ pause: Pause, _ session: Session, changed: Bool? = nil) {
    stopped = pause.scope.rawValue
    name = pause.name
    by = pause.by
    at = Instant(seconds: pause.at.seconds).rfc3339(in: session.settings.site.zone)
    reason = pause.reason
    self.changed = changed
  }

  static func text(_ pause: Pause, _ session: Session) -> String {
    let at = Instant(seconds: pause.at.seconds).rfc3339(in: session.settings.site.zone)
    let what = pause.scope == .halt ? "HALTED" : "PAUSED: " + Switches.subject(pause.scope, pause.name)
    return "\(what), by \(pause.by) at \(at)" + (pause.reason.isEmpty ? "" : ": \(pause.reason)")
  }

  /// Everything that is stopped, a line each.
  static func list(_ session: Session, _ store: SQLStore, json: Bool) throws {
    for pause in try Session.words({ try Switches.standing(in: store) }) {
      Terminal.print(json ? JSONLine.encode(PauseLine(pause, session)) : text(pause, session))
    }
  }
}
