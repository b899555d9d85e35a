// `revere status [SERIAL] [--json]`: how releases stand, computed from their rows.

import ArgumentParser
import Bulletins
import Foundation
import Markings
import Outbox
import Store
import Workflows

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How releases stand: rows by state.")

  @Argument(help: "A serial or a bulletin's name; default: the newest releases.")
  var serial: String?

  @Flag(help: "One JSON object a line.")
  var json = false

  @Option(help: "How many releases to list.")
  var limit = 20

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit takes 1 or more.") }
  }

  func run() throws {
    let session = try Session(options)
    let store = try session.store()
    let statuses = try Session.words {
      if let serial {
        let release = try LedgerReports.release(named: serial, in: store)
        return try store.read { try $0.status(release: release.id) }.map { [$0] } ?? []
      }
      return try LedgerReports.statuses(limit: limit, in: store)
    }
    for status in statuses {
      Terminal.print(
        json ? JSONLine.encode(StatusRecord(status, zone: session.settings.site.zone)) : text(status, session))
    }
    if statuses.isEmpty, !json { Terminal.print("Nothing has been released.") }
  }

  private func text(_ status: ReleaseStatus, _ session: Session) -> String {
    let release = status.release
    let counts = DeliveryState.allCases.compactMap { state in
      status.counts[state].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
    }
    let at = Instant(seconds: release.at.seconds).rfc3339(in: session.settings.site.zone)
    let held = status.held > 0 ? ", \(status.held) held for a person" : ""
    return """
      \(release.serial)  \(release.banner)  \(release.lane.name)  \(status.isFinished ? "finished" : "running")
        \(release.bulletin), released \(at) by \(release.by)
        \(status.total) readers: \(counts.isEmpty ? "no rows" : counts.joined(separator: ", "))\(held)
      """
  }
}

struct StatusRecord: Encodable {
  var serial: String
  var bulletin: String
  var series: String
  var kind: String
  var banner: String
  var lane: String
  var releasedAt: String
  var releasedBy: String
  var finished: Bool
  var readers: Int
  var held: Int
  var states: [String: Int]

  init(_ status: ReleaseStatus, zone: TimeZone) {
    serial = status.release.serial
    bulletin = status.release.bulletin
    series = status.release.series
    kind = status.release.kind.rawValue
    banner = status.release.banner
    lane = status.release.lane.name
    releasedAt = Instant(seconds: status.release.at.seconds).rfc3339(in: zone)
    releasedBy = status.release.by
    finished = status.isFinished
    readers = status.total
    held = status.held
    states = Dictionary(uniqueKeysWithValues: DeliveryState.allCases.map { ($0.rawValue, status.counts[$0] ?? 0) })
  }
}
