// The log of `revere dispatch`: the one place where its records are made and written, one a line on standard error.
// Addresses stand in records of level debug alone; other machines' words go through `quoted`, which takes them out.

import ArgumentParser
import Couriers
import Foundation
import Mail
import Outbox
import Store
import Synchronization
import Workflows

enum LogFormat: String, ExpressibleByArgument, CaseIterable { case text, json }
extension LogLevel: ExpressibleByArgument {}

final class DispatchLog: Sendable {
  private let format: LogFormat
  private let level: LogLevel
  private let now: @Sendable () -> Moment
  private let told = Mutex<(progress: DispatchProgress?, at: Moment?)>((nil, nil))
  /// Progress is told so often while it changes.
  private static let pace = Moment.Span.seconds(10)

  init(format: LogFormat, level: LogLevel, now: @escaping @Sendable () -> Moment) {
    self.format = format
    self.level = level
    self.now = now
  }

  /// What flags say, else the environment.
  static func asked(_ format: LogFormat?, _ level: LogLevel?) throws -> (format: LogFormat?, level: LogLevel?) {
    func read<Value: RawRepresentable<String> & CaseIterable>(_ name: String, as: Value.Type) throws -> Value? {
      guard let text = Surroundings.value(name) else { return nil }
      guard let value = Value(rawValue: text) else {
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(.usage, "\(name) is one of \(known), not `\(text)`")
      }
      return value
    }
    return (
      try format ?? read(Surroundings.logFormat, as: LogFormat.self),
      try level ?? read(Surroundings.logLevel, as: LogLevel.self)
    )
  }

  func write(_ record: @autoclosure () -> LogRecord, at level: LogLevel) {
    guard level >= self.level else { return }
    let record = record()
    switch format {
    case .text: Terminal.error(LogText.line(record, at: now()))
    case .json: Terminal.error(LogText.json(record, at: now()))
    }
  }
  func write(_ record: LogRecord) { write(record, at: record.level) }

  // MARK: Records

  func began(worker: String, relays: [String], once: Bool) {
    write(
      LogRecord(
        .info, "started", once ? "sends what is due" : "sends until it is stopped",
        [.text("version", revereVersion), .text("worker", worker), .text("relays", relays.joined(separator: ","))]))
  }

  func listens(_ address: ListenAddress) {
    let isOpen = !address.isLoopback
    write(
      LogRecord(
        isOpen ? .warning : .info, "metrics",
        isOpen ? "metrics are served to a network, without a login" : "metrics are served to this machine",
        [.text("address", address.description)]))
  }

  func stopped(_ pause: Pause) {
    write(
      LogRecord(
        .warning, "pause", pause.scope == .halt ? "everything outgoing is halted" : "something is paused",
        [
          .text("scope", pause.scope.rawValue), .text("name", pause.name), .quoted("by", pause.by),
          .quoted("reason", pause.reason),
        ]))
  }

  func uncarried(_ rows: UncarriedRows) {
    write(
      LogRecord(
        .warning, "no-relay", "rows wait for a relay of a class that no relay has",
        [
          .text("class", rows.needed.rawValue), .number("rows", rows.rows), .number("due", rows.due),
          .text("relays", rows.relays.joined(separator: ",")),
        ]))
  }

  func ended(_ summary: DispatchSummary) {
    let isLeft = summary.isRelayDown || summary.remainder != nil
    let words =
      summary.isRelayDown
      ? "rows are left: no relay could be used"
      : isLeft ? "rows are left: they wait for a rate" : "nothing is left to do, or it was stopped"
    let left: [LogRecord.Field] = summary.remainder.map { [.number("left", $0.rows)] } ?? []
    write(LogRecord(isLeft ? .warning : .info, "ended", words, Self.fields(summary.progress) + left))
  }

  func take(_ report: DispatchReport) {
    switch report {
    case .progress(let progress): tell(progress)
    case .alert(let alert):
      let failure = alert.failure
      write(
        LogRecord(
          .warning, "relay-alert", "a relay cannot be used now; rows wait",
          [.text("relay", alert.relay), .text("stage", failure.stage.rawValue)]
            + (failure.code.map { [.number("code", $0)] } ?? []) + [.quoted("reply", failure.text)]))
    case .failed(let delivery, let reader, let event, let failure):
      let isGrave = event == .quarantine || event == .lose
      let head: [LogRecord.Field] = [
        .number("delivery", delivery), .quoted("reader", reader), .text("outcome", Self.word(event)),
        .text("stage", failure.stage.rawValue),
      ]
      let code: [LogRecord.Field] = failure.code.map { [.number("code", $0)] } ?? []
      let enhanced: [LogRecord.Field] = failure.enhanced.map { [.text("enhanced", $0)] } ?? []
      write(
        LogRecord(
          isGrave ? .warning : .info, "failed", "a row did not go out",
          head + code + enhanced + [.quoted("reply", failure.text)]))
      write(
        LogRecord(
          .debug, "reply", "the whole reply", [.number("delivery", delivery), .text("reply", failure.text)]),
        at: .debug)
    case .endpointDisabled(let endpoint, let why):
      write(
        LogRecord(
          .warning, "endpoint-disabled", "nothing is sent to an endpoint until a person enables it",
          [.quoted("endpoint", endpoint), .quoted("why", why)]))
    case .settled(let batch):
      guard level <= .debug else { return }
      for one in batch {
        write(
          LogRecord(
            .debug, "settled", "an outcome is in the ledger",
            [
              .number("delivery", one.delivery), .text("outcome", Self.word(one.event)), .text("lane", one.lane.name),
              .text("relay", one.relay ?? ""), .seconds("waited", one.waited),
            ]))
      }
    case .halted(let isHalted):
      write(
        isHalted
          ? LogRecord(.warning, "halted", "sending is halted by a person")
          : LogRecord(.warning, "resumed", "sending goes on"))
    case .unusableSite(let why?):
      write(
        LogRecord(
          .error, "unusable-site", "nothing is sent until the site's files are mended", [.quoted("why", why)]))
    case .unusableSite(nil): write(LogRecord(.warning, "usable-site", "the site's files are mended; sending goes on"))
    }
  }

  private func tell(_ progress: DispatchProgress) {
    let now = now()
    let isDue = told.withLock { told in
      guard told.progress?.settled != progress.settled, told.at.map({ now - $0 >= Self.pace || now < $0 }) ?? true
      else {
        return false
      }
      told = (progress, now)
      return true
    }
    if isDue, progress.settled > 0 { write(LogRecord(.info, "progress", "outcomes so far", Self.fields(progress))) }
  }

  private static func fields(_ progress: DispatchProgress) -> [LogRecord.Field] {
    [
      .number("accepted", progress.accepted), .number("deferred", progress.deferred),
      .number("put-off", progress.putOff), .number("bounced", progress.bounced),
      .number("quarantined", progress.quarantined),
      .number("uncertain", progress.uncertain), .number("withheld", progress.withheld),
      .number("expired", progress.expired), .number("given-back", progress.handedBack),
      .number("in-flight", progress.inFlight),
    ]
  }

  private static func word(_ event: DeliveryEvent) -> String { MetricsText.word(event) }
}
