// `revere suppressions list | proposed | add | remove | tasks`: addresses that get no mail, why and until when, and what the
// coordinators of the readers' agencies have to see to.

import ArgumentParser
import Bulletins
import Foundation
import Mail
import Markings
import Outbox
import Store
import Workflows

struct SuppressionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suppressions", abstract: "Addresses that get no mail, and the tasks that come of it.",
    subcommands: [List.self, Proposed.self, Add.self, Remove.self, Tasks.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Who gets no mail, why and until when.")

    @Flag(help: "Those that have run out too.")
    var all = false

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let store = try session.store()
      let now = session.clock.moment
      let zone = session.settings.site.zone
      let found = try Session.words { try store.read { try $0.suppressions() } }
        .filter { all || $0.expires.map { $0 > now } != false }
      var columns = TextColumns()
      columns.add("ADDRESS", "REASON", "UNTIL", "BY", "DETAIL")
      for suppression in found {
        let line = Line(suppression, zone: zone)
        if json {
          Terminal.print(JSONLine.encode(line))
        } else {
          columns.add(
            line.address, line.reason, line.until.map { String($0.prefix(10)) } ?? "lifted", line.by, line.detail)
        }
      }
      if !json { Terminal.print(found.isEmpty ? "No address is suppressed." : columns.text) }
    }

    private struct Line: Encodable {
      var address: String
      var reason: String
      var detail: String
      var delivery: Int64?
      var by: String
      var since: String
      /// nil: until a person lifts it.
      var until: String?

      init(_ suppression: Suppression, zone: TimeZone) {
        address = suppression.address
        reason = suppression.reason.rawValue
        detail = suppression.detail
        delivery = suppression.delivery
        by = suppression.by
        since = Instant(seconds: suppression.at.seconds).rfc3339(in: zone)
        until = suppression.expires.map { Instant(seconds: $0.seconds).rfc3339(in: zone) }
      }
    }
  }

  struct Proposed: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Addresses that the relay refused outright and that still get mail.",
      discussion: "A relay may be wrong about a whole domain for an hour: a person decides. See `add`.")

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let store = try session.store()
      let now = session.clock.moment
      let found = try Session.words { try store.read { try $0.proposedSuppressions(at: now) } }
      var columns = TextColumns()
      columns.add("ADDRESS", "READER", "BULLETIN", "REFUSED")
      for row in found {
        let words = [row.reply.code.map(String.init), row.reply.enhanced, row.reply.text].compactMap { $0 }
          .joined(separator: " ")
        if json {
          Terminal.print(
            JSONLine.encode(
              Line(
                address: row.address.lowercased(), reader: row.reader, serial: row.serial, delivery: row.id,
                refused: words)))
        } else {
          columns.add(row.address.lowercased(), row.reader, row.serial, words)
        }
      }
      if !json { Terminal.print(found.isEmpty ? "No address is proposed." : columns.text) }
    }

    private struct Line: Encodable {
      var address: String
      var reader: String
      var serial: String
      var delivery: Int64
      var refused: String
    }
  }

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send no more mail to an address.",
      discussion: "Deliveries to it are withheld with the reason, until the day given or until it is removed.")

    @Argument(help: "The address.")
    var address: String

    @Option(help: "Why, for the ledger.")
    var reason = "by a person"

    @Option(help: ArgumentHelp("The last day, YYYY-MM-DD; default: until it is removed.", valueName: "day"))
    var until: String?

    @Option(help: ArgumentHelp("Who does it, for the audit log.", valueName: "id"))
    var by: String?

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let address = try SuppressionsCommand.parse(address)
      let now = session.clock.moment
      let expires = try until.map { try SuppressionsCommand.end(of: $0, in: session.settings.site.zone) }
      if let expires, expires <= now { throw ValidationError("--until takes a day that is not over.") }
      let store = try session.store(creating: true)
      try Session.words {
        try SuppressionVerbs.add(
          address, reason: reason, by: session.actor(by), at: now, expires: expires, store: store)
      }
      Terminal.print("\(address) gets no mail\(until.map { " through \($0)" } ?? " until it is removed").")
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Send mail to an address again.")

    @Argument(help: "The address.")
    var address: String

    @Option(help: ArgumentHelp("Who does it, for the audit log.", valueName: "id"))
    var by: String?

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let address = try SuppressionsCommand.parse(address)
      let store = try session.store()
      let done = try Session.words {
        try SuppressionVerbs.remove(address, by: session.actor(by), at: session.clock.moment, store: store)
      }
      guard done else {
        throw CommandFailure(.usage, "\(address) is not suppressed", hint: "see `revere suppressions list`")
      }
      Terminal.print("\(address) gets mail again; what was withheld stays withheld.")
    }
  }

  struct Tasks: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What the coordinators of the readers' agencies have to see to.")

    @Option(help: ArgumentHelp("Close a task.", valueName: "number"))
    var close: Int64?

    @Flag(help: "Closed ones too.")
    var all = false

    @Option(help: ArgumentHelp("Who does it, for the audit log.", valueName: "id"))
    var by: String?

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let store = try session.store()
      if let close {
        let done = try Session.words {
          try SuppressionVerbs.close(task: close, by: session.actor(by), at: session.clock.moment, store: store)
        }
        guard done else {
          throw CommandFailure(.usage, "there is no open task \(close)", hint: "see `revere suppressions tasks`")
        }
        Terminal.print("Task \(close) is closed.")
        return
      }
      let zone = session.settings.site.zone
      let tasks = try Session.words { try store.read { try $0.tasks(closed: all) } }
      for task in tasks {
        let line = Line(task, zone: zone)
        Terminal.print(
          json
            ? JSONLine.encode(line)
            : "\(line.number)  \(line.openedAt.prefix(10))  \(line.organization.isEmpty ? "-" : line.organization)  "
              + "\(line.reader)  \(line.why)" + (line.closedAt.map { "  closed \($0.prefix(10))" } ?? ""))
      }
      if tasks.isEmpty, !json { Terminal.print("No task is open.") }
    }

    private struct Line: Encodable {
      var number: Int64
      var organization: String
      var reader: String
      var address: String
      var why: String
      var delivery: Int64?
      var openedAt: String
      var closedAt: String?
      var closedBy: String?

      init(_ task: CoordinatorTask, zone: TimeZone) {
        func time(_ moment: Moment) -> String { Instant(seconds: moment.seconds).rfc3339(in: zone) }
        number = task.id
        organization = task.organization
        reader = task.reader
        address = task.address
        why = task.why
        delivery = task.delivery
        openedAt = time(task.openedAt)
        closedAt = task.closedAt.map(time)
        closedBy = task.closedBy
      }
    }
  }

  private static func parse(_ text: String) throws -> EmailAddress {
    do throws(AddressProblem) {
      return try EmailAddress(text)
    } catch {
      throw CommandFailure(.usage, "`\(text)` is no address: \(error.message)", hint: error.hint)
    }
  }

  /// The first moment after a day in the site's zone.
  private static func end(of day: String, in zone: TimeZone) throws -> Moment {
    guard let date = CivilDate(day) else {
      throw ValidationError("--until takes a day such as 2027-05-21, not `\(day)`.")
    }
    return Moment(seconds: date.end(in: zone).seconds)
  }
}
