// `revere status [SERIAL] [--json | --watch]`: how releases stand, computed from their rows.

import ArgumentParser
import Bulletins
import Foundation
import Markings
import Outbox
import Store
import Workflows

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How releases stand: rows by state.",
    discussion: "With --watch a live table until `q` or Ctrl-C; where the output is no terminal, a line a look.")

  @Argument(help: "A serial or a bulletin's name; default: the newest releases.")
  var serial: String?

  @Flag(help: "One JSON object a line.")
  var json = false

  @Flag(help: "Go on looking.")
  var watch = false

  @Option(help: ArgumentHelp("With --watch: how often to look.", valueName: "seconds"))
  var interval = 1.0

  @Option(help: "How many releases to list.")
  var limit = 20

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit takes 1 or more.") }
    if watch, json { throw ValidationError("--watch and --json exclude each other.") }
    guard (0.1...3_600).contains(interval) else { throw ValidationError("--interval takes 0.1 to 3600 seconds.") }
  }

  func run() throws {
    let session = try Session(forSwitches: options)
    let store = try session.store()
    if watch {
      try Session.words { try goOn(session, store) }
      return
    }
    if serial == nil || !json { try PauseLine.list(session, store, json: json) }
    let statuses = try Session.words {
      if let serial {
        return try LedgerReports.statuses(named: serial, in: store)
      }
      return try LedgerReports.statuses(limit: limit, in: store)
    }
    for pause in try Session.words({ try store.read { try $0.pauses() } }) { Terminal.error(pause.notice) }
    for status in statuses {
      let now = session.clock.moment
      Terminal.print(
        json ? JSONLine.encode(StatusRecord(status, now: now, session.settings)) : text(status, now, session))
    }
    if statuses.isEmpty, !json { Terminal.print("Nothing has been released.") }
    if serial == nil, !json {
      for line in try session.disabledEndpoints(store) { Terminal.print(line) }
    }
  }

  private func goOn(_ session: Session, _ store: SQLStore) throws {
    let only = try serial.map { try LedgerReports.release(named: $0, in: store).id }
    guard let screen = WatchScreen() else {
      throw CommandFailure(.environment, "no file descriptors are left", hint: "raise `ulimit -n`")
    }
    var board = StatusBoard(zone: session.settings.site.zone)
    let isLive = WatchScreen.isPossible
    if isLive { screen.open() }
    defer { screen.close() }
    func take() throws -> StatusLook {
      try StatusLook.take(
        limit: limit, only: only, at: session.clock.moment, quietUntil: session.settings.quietUntil, in: store)
    }
    var look = try take()
    var lastLine = ""
    while true {
      _ = board.note(look)
      if isLive {
        let size = screen.size
        screen.draw(board.lines(look, width: size.width, height: size.height))
      } else {
        let line = board.plainLine(look)
        // Only what is new: the time alone is not.
        if line.dropFirst(25) != lastLine.dropFirst(25) { Terminal.print(line) }
        lastLine = line
      }
      switch screen.wait(Int32(interval * 1_000), keys: isLive) {
      case .ended, .key(UInt8(ascii: "q")), .key(UInt8(ascii: "Q")): return
      case .resized, .key, .time: break
      }
      look = try take()
    }
  }

  private func text(_ status: ReleaseStatus, _ now: Moment, _ session: Session) -> String {
    let release = status.release
    let counts = DeliveryState.allCases.compactMap { state in
      status.counts[state].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
    }
    func time(_ moment: Moment) -> String {
      Instant(seconds: moment.seconds).rfc3339(in: session.settings.site.zone)
    }
    let standing = status.isFinished ? "finished" : status.isScheduled(now) ? "scheduled" : "running"
    var waits: [String] = []
    if let other = release.replaces?.serial { waits.append("takes the place of \(other)") }
    if let other = release.replacedBy { waits.append("its place was taken by \(other)") }
    if status.isScheduled(now) { waits.append("the first message may go at \(time(release.startsAt))") }
    if status.inDigests > 0, let next = status.nextDigest {
      waits.append("\(status.inDigests) wait for their reader's digest, the first of \(time(max(next, now)))")
    }
    if let end = status.quietUntil(now, session.settings) {
      waits.append("quiet hours: routine mail waits until \(time(end))")
    }
    let held = status.held > 0 ? ", \(status.held) held for a person" : ""
    return """
      \(release.name)  \(release.banner)  \(release.lane.name)  \(standing)
        \(release.bulletin), released \(time(release.at)) by \(release.by)
        \(status.total) readers: \(counts.isEmpty ? "no rows" : counts.joined(separator: ", "))\(held)
      """ + waits.map { "\n  " + $0 }.joined()
  }
}

struct StatusRecord: Encodable {
  var serial: String
  var bulletin: String
  var series: String
  var kind: String
  /// The bulletin whose place it takes, and the one that took its own.
  var replaces: String?
  var replacedBy: String?
  var banner: String
  var lane: String
  var releasedAt: String
  var releasedBy: String
  /// When the first message may go, and whether that is still to come.
  var startsAt: String
  var scheduled: Bool
  var finished: Bool
  var readers: Int
  var held: Int
  /// Rows that wait for their reader's digest, and the time of the first of these.
  var inDigests: Int
  var nextDigest: String?
  /// Rows of it wait for the end of the quiet hours.
  var quietUntil: String?
  var states: [String: Int]

  init(_ status: ReleaseStatus, now: Moment, _ settings: SiteSettings) {
    func time(_ moment: Moment) -> String { Instant(seconds: moment.seconds).rfc3339(in: settings.site.zone) }
    startsAt = time(status.release.startsAt)
    scheduled = status.isScheduled(now)
    inDigests = status.inDigests
    nextDigest = status.nextDigest.map(time)
    quietUntil = status.quietUntil(now, settings).map(time)
    serial = status.release.serial
    bulletin = status.release.bulletin
    series = status.release.series
    kind = status.release.kind.rawValue
    replaces = status.release.replaces?.serial
    replacedBy = status.release.replacedBy
    banner = status.release.banner
    lane = status.release.lane.name
    releasedAt = time(status.release.at)
    releasedBy = status.release.by
    finished = status.isFinished
    readers = status.total
    held = status.held
    states = Dictionary(uniqueKeysWithValues: DeliveryState.allCases.map { ($0.rawValue, status.counts[$0] ?? 0) })
  }
}
