// The table of `revere status --watch` as lines of text, a pure function of figures: what fits the window, newest
// releases first. Who draws it is CommandLineTool.

import Bulletins
package import Foundation
import Markings
package import Outbox
package import Store

/// What one look at the ledger gave.
package struct StatusLook: Sendable {
  package var at: Moment
  package var statuses: [ReleaseStatus]
  package var figures: LedgerFigures
  package var pauses: [Pause]
  package var workers: [WorkerReport]

  package init(
    at: Moment, statuses: [ReleaseStatus], figures: LedgerFigures, pauses: [Pause], workers: [WorkerReport]
  ) {
    self.at = at
    self.statuses = statuses
    self.figures = figures
    self.pauses = pauses
    self.workers = workers
  }

  /// - Parameter quietUntil: the end of the quiet hours that a moment lies in.
  package static func take(
    limit: Int, only: Int64?, at: Moment, quietUntil: (Moment) -> Moment?, in store: some UnitOfWork
  ) throws -> StatusLook {
    try store.read { session in
      let releases = try only.map { try session.release($0) }.map { [$0].compactMap { $0 } }
      return StatusLook(
        at: at,
        statuses: try (releases ?? session.releases(limit: limit)).compactMap { try session.status(release: $0.id) },
        figures: try session.figures().outsideQuietHours(now: at, quietUntil: quietUntil), pauses: try session.pauses(),
        workers: try session.workers())
    }
  }

  var accepted: Int { figures.count(.accepted) }
}

package struct StatusBoard: Sendable {
  package enum Tone: Sendable { case plain, strong, faint, good, bad }
  /// A line in pieces of one tone each; the tones say nothing that the words do not.
  package typealias Line = [(text: String, tone: Tone)]

  /// Rows accepted a second, over the last looks.
  package private(set) var rate = 0.0
  private var looks: [(at: Moment, accepted: Int)] = []
  private static let span = Moment.Span.seconds(5)
  private let zone: TimeZone

  package init(zone: TimeZone) { self.zone = zone }

  /// - Returns: how many more rows were accepted since the look before.
  package mutating func note(_ look: StatusLook) -> Int {
    let before = looks.last?.accepted ?? look.accepted
    looks.append((look.at, look.accepted))
    while looks.count > 2, let first = looks.first, look.at - first.at > Self.span { looks.removeFirst() }
    if let first = looks.first, look.at > first.at {
      rate = Double(max(0, look.accepted - first.accepted)) * 1_000 / Double((look.at - first.at).milliseconds)
    }
    return look.accepted - before
  }

  // MARK: The table

  private static let columns: [(title: String, states: [DeliveryState])] = [
    ("accepted", [.accepted]), ("pending", [.pending]), ("leased", [.leased]), ("deferred", [.deferred]),
    ("uncertain", [.uncertain]), ("bounced", [.bounced]), ("expired", [.expired]), ("cancelled", [.cancelled]),
    ("withheld", [.withheld]),
  ]

  package func lines(_ look: StatusLook, width: Int, height: Int) -> [Line] {
    var lines: [Line] = [head(look)]
    lines += warnings(look)
    lines.append([])
    lines.append(contentsOf: table(look, width: width))
    let foot = [[]] + workers(look)
    let room = max(1, height - foot.count)
    if lines.count > room {
      let hidden = lines.count - room + 1
      lines = lines.prefix(room - 1) + [[("  and \(hidden) more", .faint)]]
    }
    return (lines + foot).prefix(height).map { Self.cut($0, width) }
  }

  private func head(_ look: StatusLook) -> Line {
    let time = Instant(seconds: look.at.seconds).rfc3339(in: zone).dropFirst(11).prefix(8)
    var line: Line = [("revere status  ", .strong), (String(time), .plain)]
    line.append(("   \(look.figures.open) open   ", .plain))
    line.append((String(format: "%.0f accepted/s", rate), rate > 0 ? .good : .plain))
    let oldest = look.figures.oldestOpen.values.min()
    if let oldest, look.at > oldest {
      line.append(("   oldest open row \(HealthChecks.span((look.at - oldest).milliseconds / 1_000))", .plain))
    }
    return line
  }

  private func warnings(_ look: StatusLook) -> [Line] {
    var lines: [Line] = []
    for pause in look.pauses {
      let since = Instant(seconds: pause.at.seconds).rfc3339(in: zone).dropFirst(11).prefix(5)
      let what = pause.scope == .halt ? "HALTED" : "paused \(pause.scope.rawValue) \(pause.name)"
      lines.append([
        (what, .bad), (" by \(pause.by) since \(since)" + (pause.reason.isEmpty ? "" : ": \(pause.reason)"), .plain),
      ])
    }
    let overdue = HealthChecks.backlog(look.figures, now: look.at)
    if overdue.verdict > .ok { lines.append([("overdue", .bad), (": \(overdue.says)", .plain)]) }
    return lines
  }

  private func table(_ look: StatusLook, width: Int) -> [Line] {
    guard !look.statuses.isEmpty else { return [[("Nothing has been released.", .plain)]] }
    // A column without a row in it only takes room; accepted and pending are always there.
    let shown = Self.columns.enumerated().filter { index, column in
      index < 2 || look.statuses.contains { status in column.states.contains { (status.counts[$0] ?? 0) > 0 } }
    }.map(\.element)
    let hasHeld = look.statuses.contains { $0.held > 0 }
    var rows = [["release", "lane"] + shown.map(\.title) + (hasHeld ? ["held"] : []) + ["done"]]
    for status in look.statuses {
      let counts = shown.map { column in column.states.reduce(0) { $0 + (status.counts[$1] ?? 0) } }
      let open = status.counts.filter { $0.key.isOpen }.values.reduce(0, +)
      let total = status.total - (status.counts[.withheld] ?? 0)
      let done = total == 0 ? "-" : open == 0 ? "yes" : "\((total - open) * 100 / total)%"
      let kind = status.release.kind.bringsRevision ? "" : " \(status.release.kind.rawValue)"
      rows.append(
        [status.release.serial + kind, status.release.lane.name] + counts.map { $0 == 0 ? "." : String($0) }
          + (hasHeld ? [status.held == 0 ? "." : String(status.held)] : []) + [done])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.enumerated().map { index, cells in
      cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        let text = column < 2 ? cell + space + "  " : space + cell + "  "
        if index == 0 { return (text, Tone.faint) }
        let title = rows[0][column]
        let isBad = ["uncertain", "bounced", "held"].contains(title) && cell != "."
        return (text, isBad ? .bad : cell == "." ? .faint : title == "done" && cell == "yes" ? .good : .plain)
      }
    }
  }

  private func workers(_ look: StatusLook) -> [Line] {
    let present = look.workers.filter { $0.endedAt == nil && look.at - $0.seenAt <= HealthChecks.silence }
    guard !present.isEmpty else {
      return [[("no worker is sending", look.figures.open > 0 ? .bad : .faint)]]
    }
    var lines: [Line] = []
    for worker in present {
      let parts = worker.worker.split(separator: "/")
      let name = parts.count == 4 ? "\(parts[0]) process \(parts[2])" : worker.worker
      lines.append([
        ("worker \(name)\(worker.isOfWebhooks ? ", webhooks" : "")", .plain),
        (", \(worker.inFlight) in flight", .plain),
      ])
      // A site may have more endpoints than the window has lines: those in trouble stand first, then the busiest.
      let all = worker.isOfWebhooks ? worker.relays.sorted(by: Self.isBefore) : worker.relays
      let shown = worker.isOfWebhooks ? all.prefix(Self.mostEndpoints) : all[...]
      for relay in shown {
        let kind = worker.isOfWebhooks ? "endpoint" : "relay"
        var line: Line = [("  \(kind) \(relay.relay): \(relay.accepted) accepted", .plain)]
        if relay.deferred > 0 { line.append((", \(relay.deferred) deferred", .plain)) }
        if relay.bounced > 0 { line.append((", \(relay.bounced) bounced", .plain)) }
        if relay.isInTrouble {
          let word = worker.isOfWebhooks ? "FAILS" : "DOWN"
          line.append((", \(word): \(LogText.withoutAddresses(relay.alert))", .bad))
        }
        lines.append(line)
      }
      if all.count > shown.count {
        let bad = all.dropFirst(shown.count).count(where: \.isInTrouble)
        let more = "  and \(all.count - shown.count) more endpoints"
        lines.append([(more + (bad > 0 ? ", \(bad) of them fail" : ""), bad > 0 ? .bad : .faint)])
      }
    }
    return lines
  }

  private static let mostEndpoints = 6

  private static func isBefore(_ a: WorkerReport.RelayLine, _ b: WorkerReport.RelayLine) -> Bool {
    if a.isInTrouble != b.isInTrouble { return a.isInTrouble }
    return (b.accepted, a.relay) < (a.accepted, b.relay)
  }

  /// What does not fit the window is cut, by characters that take a place each.
  private static func cut(_ line: Line, _ width: Int) -> Line {
    var room = max(1, width)
    var result: Line = []
    for (text, tone) in line where room > 0 {
      let piece = text.count <= room ? text : String(text.prefix(max(0, room - 1))) + "…"
      result.append((piece, tone))
      room -= piece.count
    }
    return result
  }

  // MARK: Plain lines

  /// One line about everything, for a log or a pipe.
  package func plainLine(_ look: StatusLook) -> String {
    let states = DeliveryState.allCases.compactMap { state in
      let count = look.figures.count(state)
      return count > 0 ? "\(count) \(state.rawValue)" : nil
    }
    var line = Instant(seconds: look.at.seconds).rfc3339(in: zone) + "  "
    line += states.isEmpty ? "no rows" : states.joined(separator: ", ")
    line += String(format: "  %.0f accepted/s", rate)
    if look.pauses.contains(where: { $0.scope == .halt }) { line += "  HALTED" }
    let others = look.pauses.count { $0.scope != .halt }
    if others > 0 { line += "  \(others) paused" }
    return line
  }
}
