// `revere webhooks list | test | replay | rotate | disable | enable`: the endpoints of partner systems. A secret is shown
// once, by `rotate`; an endpoint's address never, since a chat's is its secret: its host is.

import ArgumentParser
import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import Webhooks
import Workflows

struct WebhooksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "webhooks", abstract: "Endpoints of partner systems: how they stand, secrets, tests, replays.",
    subcommands: [List.self, Test.self, Replay.self, Rotate.self, Disable.self, Enable.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "How every endpoint stands.")

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let workspace = try session.workspace()
      let now = session.clock.moment
      let store = try session.store(creating: true)
      let standings = try Session.words { try EndpointVerbs.standings(workspace, store: store, now: now) }
      if json {
        for standing in standings {
          Terminal.print(JSONLine.encode(EndpointLine(standing, zone: session.settings.site.zone)))
        }
        return
      }
      var columns = TextColumns()
      columns.add("ENDPOINT", "STAKEHOLDER", "HOST", "FORMAT", "SECRETS", "STATE")
      for standing in standings {
        let line = EndpointLine(standing, zone: session.settings.site.zone)
        columns.add(
          line.id, line.stakeholder, line.host, line.format, String(line.secrets),
          [
            line.state, line.why, line.since.map { "since \($0)" }, line.disabledBy.map { "by \($0)" },
            line.state == "failing" ? line.lastFailureAt.map { "last at \($0)" } : nil,
          ].compactMap { $0 }.joined(separator: ", "))
      }
      Terminal.print(standings.isEmpty ? "endpoints.yaml names no endpoint." : columns.text)
    }
  }

  struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a new secret and show it, once.",
      discussion: "Requests are signed with the old and the new one until the overlap ends.")

    @Argument(help: ArgumentHelp("The endpoint's id.", valueName: "endpoint"))
    var id: String

    @Option(help: ArgumentHelp("How long earlier secrets go on signing, in hours.", valueName: "hours"))
    var overlap = 24

    @Flag(name: .customLong("ed25519"), help: "An Ed25519 key (v1a) beside the shared secret; shows the public key.")
    var asymmetric = false

    @Option(help: ArgumentHelp("Who does it, for the audit log.", valueName: "id"))
    var by: String?

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
      if !(0...720).contains(overlap) { throw ValidationError("--overlap takes 0 to 720 hours.") }
    }

    func run() throws {
      let session = try Session(options)
      let endpoint = try Session.words { try session.endpoint(id, in: try session.workspace()) }
      let store = try session.store(creating: true)
      let now = session.clock.moment
      let key = try Session.words {
        try session.endpointKeys(store).rotate(
          endpoint, kind: asymmetric ? .v1a : .v1, overlap: .hours(Int64(overlap)), by: session.actor(by), now: now)
      }
      if json {
        Terminal.print(JSONLine.encode(["endpoint": endpoint.id, "kind": key.kind.rawValue, "secret": key.shown]))
      } else {
        Terminal.print(key.shown)
        let what = asymmetric ? "the public key" : "the secret"
        Terminal.error(
          "This is \(what) of \(endpoint.id), shown this once; earlier ones sign for \(overlap) hours more.")
      }
    }
  }

  struct Disable: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send nothing to an endpoint until it is enabled.",
      discussion: "What waits for it is kept; releases meanwhile go by the reader's other channels.")

    @Argument(help: ArgumentHelp("The endpoint's id.", valueName: "endpoint"))
    var id: String

    @Option(help: "Why, for the list and the audit log.")
    var reason = "by a person"

    @Option(help: ArgumentHelp("Who does it, for the audit log.", valueName: "id"))
    var by: String?

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let endpoint = try Session.words { try session.endpoint(id, in: try session.workspace()) }
      let store = try session.store(creating: true)
      let done = try Session.words {
        try EndpointVerbs.disable(
          endpoint, by: session.actor(by), why: reason, store: store, now: session.clock.moment)
      }
      if json {
        Terminal.print(JSONLine.encode(SwitchLine(endpoint: endpoint.id, changed: done.changed, rows: done.rows)))
      } else {
        Terminal.print(
          done.changed ? "\(endpoint.id) is disabled; \(done.rows) deliveries wait." : "\(endpoint.id) was disabled.")
      }
    }
  }

  struct Enable: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send to a disabled endpoint again.",
      discussion: "What waited for it goes out; `replay` sends again what went to it before.")

    @Argument(help: ArgumentHelp("The endpoint's id.", valueName: "endpoint"))
    var id: String

    @Option(help: ArgumentHelp("Who does it, for the audit log.", valueName: "id"))
    var by: String?

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let endpoint = try Session.words { try session.endpoint(id, in: try session.workspace()) }
      let store = try session.store(creating: true)
      let done = try Session.words {
        try EndpointVerbs.enable(endpoint, by: session.actor(by), store: store, now: session.clock.moment)
      }
      if json {
        Terminal.print(JSONLine.encode(SwitchLine(endpoint: endpoint.id, changed: done.changed, rows: done.rows)))
      } else {
        Terminal.print(
          done.changed ? "\(endpoint.id) is enabled; \(done.rows) deliveries go on." : "\(endpoint.id) was enabled.")
      }
    }
  }
}

private struct SwitchLine: Encodable {
  var endpoint: String
  /// False: it was so already.
  var changed: Bool
  /// Deliveries that wait, or go on.
  var rows: Int
}

private struct EndpointLine: Encodable {
  var id: String
  var stakeholder: String
  var host: String
  var format: String
  var events: [String]
  var fullBody: Bool
  var state: String
  var why: String?
  var since: String?
  /// A person, or the worker that found it gone or failing for too long.
  var disabledBy: String?
  var failures: Int
  /// It stays when the endpoint works again.
  var lastFailureAt: String?
  var secrets: Int
  var waiting: Int

  init(_ standing: EndpointStanding, zone: TimeZone) {
    let endpoint = standing.endpoint
    func time(_ moment: Moment?) -> String? { moment.map { Instant(seconds: $0.seconds).rfc3339(in: zone) } }
    id = endpoint.id
    stakeholder = endpoint.stakeholder
    host = standing.host
    format = endpoint.format ?? "standard"
    events = endpoint.events.isEmpty ? WebhookEventType.ofBulletins.map(\.rawValue) : endpoint.events
    fullBody = endpoint.fullBody
    let found = standing.state
    state = (found?.condition ?? .healthy).rawValue
    why = found?.disabledWhy ?? (state == "failing" ? found?.lastFailure : nil)
    since = time(found?.disabledAt ?? found?.failingSince)
    disabledBy = found?.disabledBy
    failures = found?.failures ?? 0
    lastFailureAt = time(found?.lastFailureAt)
    secrets = standing.secrets
    waiting = standing.waiting
  }
}
