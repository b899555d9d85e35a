// What a worker reports, as words. Addresses are not printed: a reader's id is enough.

import Couriers
import Foundation
import Mail
import Outbox
import Store
import Synchronization
import Workflows

final class DispatchReporter: Sendable {
  private let isQuiet: Bool
  /// Takes everything in place of words.
  private let log: DispatchLog?
  private let linesPrinted = Mutex(0)
  private static let mostLines = 50

  init(isQuiet: Bool, log: DispatchLog? = nil) {
    self.isQuiet = isQuiet
    self.log = log
  }

  func take(_ report: DispatchReport) {
    if let log {
      log.take(report)
      return
    }
    switch report {
    case .progress(let progress):
      if !isQuiet { Terminal.status(line(progress)) }
    case .alert(let alert): Terminal.error("revere: " + words(alert))
    case .failed(_, let reader, let event, let failure):
      let number = linesPrinted.withLock { lines in
        lines += 1
        return lines
      }
      guard number <= Self.mostLines else { return }
      let reply = [failure.code.map(String.init), failure.enhanced, failure.text].compactMap { $0 }.joined(
        separator: " ")
      Terminal.error("\(reader): \(event.rawValue): \(LogText.withoutAddresses(reply))")
      if number == Self.mostLines { Terminal.error("further failures are in the ledger: `revere deliveries SERIAL`") }
    case .endpointDisabled(let endpoint, let why):
      Terminal.error("revere: endpoint \(endpoint) is disabled: \(why)")
    case .settled: break
    case .halted(let isHalted):
      Terminal.error(isHalted ? "revere: sending is halted by a person" : "revere: sending goes on")
    case .unusableSite(let why?): Terminal.error("revere: nothing is sent until this is mended: \(why)")
    case .unusableSite(nil): Terminal.error("revere: the site's files are mended; sending goes on")
    }
  }

  /// What was stopped before this worker began.
  func stopped(_ pause: Pause) {
    if let log {
      log.stopped(pause)
      return
    }
    Terminal.error(pause.notice)
  }

  /// Rows that this worker has no relay for.
  func uncarried(_ rows: UncarriedRows) {
    if let log {
      log.uncarried(rows)
      return
    }
    Terminal.error("revere: \(rows.words)")
  }

  func words(_ alert: RelayAlert) -> String {
    let failure = alert.failure
    let reply = [failure.code.map(String.init), failure.text].compactMap { $0 }.joined(separator: " ")
    return "relay \(alert.relay): \(LogText.withoutAddresses(reply))"
  }

  func summary(_ progress: DispatchProgress, elapsed: Duration) -> String {
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    let rate = seconds > 0 ? Double(progress.accepted) / seconds : 0
    return line(progress)
      + String(
        format: "; %.2f s, %.0f messages/s, %d commits (%.0f commits/s)", seconds, rate,
        progress.commits, seconds > 0 ? Double(progress.commits) / seconds : 0)
  }

  private func line(_ progress: DispatchProgress) -> String {
    let parts: [(Int, String)] = [
      (progress.deferred, "deferred"), (progress.putOff, "put off by a rate"), (progress.bounced, "bounced"),
      (progress.quarantined, "quarantined"),
      (progress.uncertain, "uncertain"), (progress.withheld, "withheld"), (progress.expired, "expired"),
      (progress.handedBack, "given back"), (progress.inFlight, "in flight"),
    ]
    return (["\(progress.accepted) accepted"] + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" })
      .joined(separator: ", ")
  }
}

extension Pause {
  /// One line for a person.
  var notice: String {
    let what =
      scope == .halt
      ? "everything is halted" : name.isEmpty ? "everything is paused" : "\(scope.rawValue) \(name) is paused"
    return "revere: \(what) by \(by)" + (reason.isEmpty ? "" : ": \(reason)")
  }
}
