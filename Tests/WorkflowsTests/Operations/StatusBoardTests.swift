// The table of `revere status --watch`: what stands in it, and that it keeps within the window.

import Foundation
import Markings
import Outbox
import Store
import Testing
import Workflows

@Suite struct StatusBoardTests {
  private let now = Moment(seconds: 1_795_363_200)

  private func status(_ number: Int, _ counts: [DeliveryState: Int], held: Int = 0) -> ReleaseStatus {
    ReleaseStatus(
      release: ReleaseRecord(
        id: Int64(number), bulletin: "b", series: "s", revisionHash: "h", serial: "CFC-OS-2026-000\(number)",
        year: 2026, number: number, version: 1, kind: .release, predecessor: nil, by: "x", at: now, reason: "",
        title: "t", banner: "U", lane: .routine, onUncertain: .hold, startsAt: now, lifetimeEnd: now, policyName: "p",
        policyVersion: "1", policyHash: "h", snapshot: nil), counts: counts, held: held)
  }

  private func look(_ statuses: [ReleaseStatus], accepted: Int = 30, at: Moment? = nil, relays: Bool = true)
    -> StatusLook
  {
    StatusLook(
      at: at ?? now, statuses: statuses,
      figures: LedgerFigures(
        rows: [.routine: [.accepted: accepted, .pending: 10]], oldestOpen: [.routine: now - .minutes(3)]),
      pauses: [Pause(scope: .lane, name: "routine", by: "ops", at: now, reason: "relay moves")],
      workers: relays
        ? [
          WorkerReport(
            worker: "host/1/42/0", startedAt: now, seenAt: now, inFlight: 3,
            relays: [
              WorkerReport.RelayLine(relay: "main", accepted: 30, lastAcceptedAt: now),
              WorkerReport.RelayLine(relay: "spare", lastAlertAt: now, alert: "no route to bob@x.gov"),
            ])
        ] : [])
  }

  private func text(_ lines: [StatusBoard.Line]) -> [String] {
    lines.map { line in line.map(\.text).joined() }.map { String($0.reversed().drop { $0 == " " }.reversed()) }
  }

  @Test func tableAndWorkers() {
    let board = StatusBoard(zone: .gmt)
    let lines = text(
      board.lines(
        look([status(2, [.accepted: 3, .pending: 1, .withheld: 5]), status(1, [.accepted: 7, .bounced: 1], held: 1)]),
        width: 100, height: 30))
    #expect(
      lines == [
        "revere status  16:00:00   10 open   0 accepted/s   oldest open row 3 min",
        "paused lane routine by ops since 16:00: relay moves", "",
        "release           lane     accepted  pending  bounced  withheld  held  done",
        "CFC-OS-2026-0002  routine         3        1        .         5     .   75%",
        "CFC-OS-2026-0001  routine         7        .        1         .     1   yes", "",
        "worker host process 42, 3 in flight", "  relay main: 30 accepted",
        "  relay spare: 0 accepted, DOWN: no route to (address)",
      ])
  }

  /// Endpoints of a worker for webhooks: those in trouble first, and not more than a window can hold.
  @Test func endpoints() {
    var look = look([])
    look.workers[0].worker += "-webhooks"
    look.workers[0].relays = (1...9).map {
      WorkerReport.RelayLine(relay: "hook\($0)", accepted: 10 * $0, deferred: $0 == 3 ? 2 : 0, lastAcceptedAt: now)
    }
    for bad in [0, 2] {
      look.workers[0].relays[bad].lastAlertAt = now + .seconds(1)
      look.workers[0].relays[bad].alert = "HTTP 500"
    }
    let lines = text(StatusBoard(zone: .gmt).lines(look, width: 100, height: 30))
    #expect(
      lines.suffix(8) == [
        "worker host process 42, webhooks, 3 in flight", "  endpoint hook3: 30 accepted, 2 deferred, FAILS: HTTP 500",
        "  endpoint hook1: 10 accepted, FAILS: HTTP 500", "  endpoint hook9: 90 accepted",
        "  endpoint hook8: 80 accepted", "  endpoint hook7: 70 accepted", "  endpoint hook6: 60 accepted",
        "  and 3 more endpoints",
      ])
  }

  @Test func itKeepsWithinTheWindow() {
    let board = StatusBoard(zone: .gmt)
    let statuses = (1...9).map { status($0, [.accepted: $0]) }
    for width in [1, 10, 40, 200] {
      for height in [1, 3, 8, 12, 40] {
        let lines = board.lines(look(statuses), width: width, height: height)
        #expect(lines.count <= height)
        for line in lines { #expect(line.map(\.text).joined().count <= width) }
      }
    }
    let short = text(board.lines(look(statuses), width: 100, height: 12))
    #expect(short.contains("  and 6 more") && short.last?.contains("DOWN") == true)
  }

  @Test func rateIsThatOfTheLastSeconds() {
    var board = StatusBoard(zone: .gmt)
    #expect(board.note(look([], accepted: 100)) == 0 && board.rate == 0)
    #expect(board.note(look([], accepted: 150, at: now + .seconds(1))) == 50 && board.rate == 50)
    for second in 2...20 {
      _ = board.note(look([], accepted: 150 + 10 * (second - 1), at: now + .seconds(Int64(second))))
    }
    #expect(board.rate == 10)
    // A clock that is set back gives no rate, and no crash.
    _ = board.note(look([], accepted: 999, at: now - .hours(1)))
    #expect(board.rate >= 0)
  }

  @Test func nothingYet() {
    let board = StatusBoard(zone: .gmt)
    let empty = StatusLook(at: now, statuses: [], figures: LedgerFigures(), pauses: [], workers: [])
    #expect(text(board.lines(empty, width: 80, height: 24)).contains("Nothing has been released."))
    #expect(board.plainLine(empty) == "2026-11-22T16:00:00+00:00  no rows  0 accepted/s")
    #expect(board.plainLine(look([])).hasSuffix("10 pending, 30 accepted  0 accepted/s  1 paused"))
  }
}
