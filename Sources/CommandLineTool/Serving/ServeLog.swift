// What `revere serve` writes to standard error: each request and what failed. No header field, no query, no secret;
// paths are words of other machines.

import Foundation
import Outbox
import Synchronization
import WebConsole
import Workflows

final class ServeLog: Sendable {
  private let log: DispatchLog
  let logsAccess: Bool
  /// Why nothing is served, as it was told last; nil: it is.
  private let told = Mutex<String?>(nil)
  private let hasTold = Atomic<Bool>(false)
  private let hasToldOfStranger = Atomic<Bool>(false)
  private let hasToldOfExposed = Atomic<Bool>(false)
  /// One writer, so that a slow terminal holds up no connection.
  private let queue = DispatchQueue(label: "serve-log")
  private let waiting = Atomic<Int>(0)
  /// Lines that wait; beyond that they are counted alone.
  private static let mostWaiting = 10_000
  private let lost = Atomic<Int>(0)

  init(_ log: DispatchLog, level: LogLevel) {
    self.log = log
    logsAccess = level <= .info
  }

  func listens(_ address: String, _ words: String, _ level: LogLevel) {
    write(LogRecord(level, "listens", words, [.text("version", revereVersion), .text("address", address)]))
  }

  func take(_ event: ServerEvent) {
    switch event {
    case .access(let record):
      write(
        LogRecord(
          .info, "request", "a request was answered",
          [
            .text("address", record.address), .text("partner", record.visitor ?? "-"), .text("method", record.method),
            .quoted("path", String(record.path.prefix(200))), .number("status", record.status),
            .number("bytes", record.bytes), .number("milliseconds", record.milliseconds),
          ]))
    case .exposed(let address, let byStranger):
      let isKnown =
        byStranger
        ? hasToldOfStranger.exchange(true, ordering: .relaxed) : hasToldOfExposed.exchange(true, ordering: .relaxed)
      guard !isKnown else { return }
      let why =
        byStranger
        ? "requests came by a proxy that `serve: trusted-proxies` does not name"
        : "requests came without TLS: by no proxy, or by one that does not say https in X-Forwarded-Proto"
      write(LogRecord(.warning, "refused", why, [.text("address", address)]))
    case .failed(let path, let error):
      let words = CommandFailure(error)?.message ?? String(describing: error)
      write(
        LogRecord(
          .error, "failed", "a request could not be answered",
          [.quoted("path", String(path.prefix(200))), .quoted("why", words)]))
    case .crowded(let address):
      write(
        LogRecord(
          .warning, "crowded", "an address has as many connections as it may have; further ones are ended",
          [.text("address", address)]))
    }
  }

  /// Fewer connections are taken than there could be.
  func limited(_ connections: Int, openFiles: Int) {
    write(
      LogRecord(
        .warning, "limited", "the system allows too few open files for all connections; callers beyond them wait",
        [.number("open-files", openFiles), .number("connections", connections)]))
  }

  func failed(_ what: String, _ error: any Error) {
    write(LogRecord(.error, "failed", what, [.quoted("why", CommandFailure(error)?.message ?? "\(error)")]))
  }

  /// Once for each outage and reason, and once when it is over.
  /// - Parameter problem: nil: feeds were found and can be served.
  func feeds(_ problem: FeedsUnavailable?) {
    guard problem != nil || hasTold.load(ordering: .relaxed) else { return }
    let isNew = told.withLock { told in
      defer { told = problem?.detail }
      hasTold.store(problem != nil, ordering: .relaxed)
      return told != problem?.detail
    }
    guard isNew else { return }
    guard let problem else { return write(LogRecord(.info, "available", "feeds are served again")) }
    write(
      LogRecord(
        .warning, "unavailable", "feeds are not served",
        [.text("why", problem.why.rawValue), .quoted("detail", problem.detail)]))
  }

  func ended() {
    write(LogRecord(.info, "ended", "it was stopped"))
    queue.sync {}
  }

  private func write(_ record: LogRecord) {
    guard waiting.add(1, ordering: .relaxed).newValue <= Self.mostWaiting else {
      waiting.subtract(1, ordering: .relaxed)
      lost.add(1, ordering: .relaxed)
      return
    }
    queue.async { [self] in
      waiting.subtract(1, ordering: .relaxed)
      log.write(record)
      let missed = lost.exchange(0, ordering: .relaxed)
      if missed > 0 {
        log.write(LogRecord(.warning, "lost", "lines of the log were left out", [.number("lines", missed)]))
      }
    }
  }
}
