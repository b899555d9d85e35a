// `revere dispatch [--once | --watch]`: sends what the ledger holds; a bar on a terminal, lines otherwise; SIGTERM and
// Ctrl-C finish what is under way, record it, and give the rest back.

import ArgumentParser
import Couriers
import Dispatch
import Foundation
import Mail
import Outbox
import Store
import Workflows

struct DispatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dispatch", abstract: "Send what has been released.",
    discussion: """
      A run that sends what is due waits for what a relay's rate or per-domain-rate puts off, and sends it as the rate \
      allows. Exit status: 0 everything that was due is settled, or --watch was stopped, 1 some is left (a relay is \
      down, none is of the class that it needs, or the run was stopped before a rate let it), 3 it cannot work.
      """)

  @Flag(help: "Send what is due, then end (the default).")
  var once = false

  @Flag(help: "Go on until stopped.")
  var watch = false

  @Flag(help: "No progress, only what went wrong and a summary.")
  var quiet = false

  @Option(
    help: ArgumentHelp(
      "Write a structured log to standard error: text or json; default: REVERE_LOG_FORMAT, else text with --watch where no terminal listens.",
      valueName: "form"))
  var logFormat: LogFormat?

  @Option(
    help: ArgumentHelp(
      "What the log holds: debug, info, warning or error; only debug has addresses in it. Default: REVERE_LOG_LEVEL, else info.",
      valueName: "level"))
  var logLevel: LogLevel?

  @Option(
    help: ArgumentHelp(
      "Serve Prometheus metrics at http://ADDRESS/metrics: a port of this machine (9177), or host:port. Default: REVERE_METRICS, else none.",
      valueName: "address"))
  var metrics: String?

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if once, watch { throw ValidationError("--once and --watch exclude each other.") }
  }

  func run() throws {
    let session = try Session(options)
    let clock = session.clock
    // A service that is there before the first release waits for it.
    let store = try session.store(creating: watch)
    let now: @Sendable () -> Moment = { clock.moment }
    let relays = try session.relays()
    let carriers = try session.carriers()
    let preparer = try Session.words {
      try DeliveryPreparer(
        files: session.files, store: store, carriers: carriers, keys: session.endpointKeys(store),
        secret: try session.siteSecret(founding: store), waitsForSite: watch, now: now())
    }
    if relays.isEmpty, !preparer.hasEndpoints { throw Session.noRelay }
    var settings = DispatchWorker.Settings(
      worker: DispatchWorker.identity(startedAt: clock.systemMoment), relays: relays)
    settings.reserved = watch ? session.settings.delivery.reservedConnections : 0
    let site = session.settings
    settings.quietUntil = { site.quietUntil($0) }
    let log = try log(clock)
    let reporter = DispatchReporter(isQuiet: quiet, log: log)
    log?.began(worker: settings.worker, relays: relays.map(\.name), once: !watch)
    let beside = try metricsBeside(session, log)
    defer { beside?.stop() }
    for pause in try Session.words({ try store.read { try $0.pauses() } }) { reporter.stopped(pause) }
    for rows in try session.uncarried(store) { reporter.uncarried(rows) }
    let hookSettings = try session.webhookSettings(watching: watch)
    // Without a relay the rows of mail wait: nobody claims them.
    let worker =
      relays.isEmpty
      ? nil
      : DispatchWorker(
        settings, store: store, preparer: preparer, now: now,
        report: { report in
          beside?.take(report)
          reporter.take(report)
        })
    guard worker != nil || relays.isEmpty,
      let hooks = WebhookDispatch(
        worker: settings.worker, hookSettings, store: store, preparer: preparer, isAlone: relays.isEmpty, now: now,
        reporter, beside)
    else { throw CommandFailure(.environment, "no file descriptors are left", hint: "raise `ulimit -n`") }

    // A write to a connection that the relay closed must be an error, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    let signals = [SIGTERM, SIGINT].map { number -> any DispatchSourceSignal in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        worker?.stop()
        hooks.stop()
      }
      source.resume()
      return source
    }
    defer { for source in signals { source.cancel() } }

    hooks.start(once: !watch) { worker?.stop() }
    let ended = Result { try worker?.run(once: !watch) ?? DispatchSummary() }
    // Whatever ends one ends the other; what is under way is recorded first.
    if case .failure = ended { hooks.stop() }
    let hooked = Result { try hooks.wait() }
    let summary = try Session.words { try ended.get() }
    let posted = try Session.words { try hooked.get() }
    if log == nil { Terminal.status("") }
    log?.ended(summary)
    if worker != nil { Terminal.print(reporter.summary(summary.progress, elapsed: clock.elapsed)) }
    if worker == nil || posted.settled > 0 || posted.handedBack > 0 {
      Terminal.print("webhooks: " + reporter.summary(posted, elapsed: clock.elapsed))
    }
    // Asked again: some were released, or withheld by newer facts, meanwhile.
    let uncarried = watch ? [] : try session.uncarried(store).filter { $0.due > 0 }
    if let failure = Self.failure(summary, uncarried, alert: summary.alerts.last.map { reporter.words($0) }) {
      // Whoever stopped a watch asked for nothing else; the next one goes on.
      guard watch else { throw failure }
      if log == nil { Terminal.error(failure.description) }
    }
  }

  /// What is left, how much and why; nil when nothing is that was due.
  private static func failure(
    _ summary: DispatchSummary, _ uncarried: [UncarriedRows], alert: String?
  ) -> CommandFailure? {
    var left = uncarried.map(\.words)
    if let remainder = summary.remainder {
      let why =
        switch remainder.cause {
        case .stopped: "it was stopped"
        case .halted: "sending was halted"
        case .relayDown: "no relay could be used any more"
        }
      let rows = remainder.rows == 1 ? "1 row is" : "\(remainder.rows) rows are"
      left.append("\(rows) left: a rate had not let them go before \(why)")
    }
    // A class that no relay has is no relay's fault.
    if summary.isRelayDown, summary.remainder == nil, alert != nil || uncarried.isEmpty {
      left.append("no relay could be used: nothing is lost, the rows wait")
    }
    guard !left.isEmpty else { return nil }
    let hint =
      alert ?? uncarried.first?.advice ?? "nothing is lost: `revere dispatch` again sends them as the rate allows"
    return CommandFailure(.findings, left.joined(separator: "; "), hint: hint)
  }

  private func metricsBeside(_ session: Session, _ log: DispatchLog?) throws -> MetricsBeside? {
    guard let text = metrics ?? Surroundings.value(Surroundings.metrics) else { return nil }
    guard let address = ListenAddress(text) else {
      throw CommandFailure(
        .usage, "--metrics takes a port such as 9177, or host:port such as 127.0.0.1:9177, not `\(text)`")
    }
    let beside = try MetricsBeside(session)
    try beside.start(address)
    log?.listens(address)
    return beside
  }

  /// nil where a person looks on and asked for none: then words and a bar are better.
  private func log(_ clock: OperatingClock) throws -> DispatchLog? {
    let (asked, level) = try DispatchLog.asked(logFormat, logLevel)
    guard let format = asked ?? (level != nil || (watch && !Terminal.isInteractive) ? .text : nil) else { return nil }
    // The site's clock, and so that lines of one second keep their order.
    return DispatchLog(format: format, level: level ?? .info, now: { clock.moment })
  }
}
