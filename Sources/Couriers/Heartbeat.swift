// When a worker says in the ledger that it is there, and what: each second while its figures change, else twice a
// minute, so that a worker without work costs the disk next to nothing. Part of a transaction that is due anyway.

import Outbox
import Store

struct Heartbeat {
  static let busy = Moment.Span.seconds(1)
  static let quiet = Moment.Span.seconds(30)
  /// How long a worker that is gone is remembered.
  static let memory = Moment.Span.hours(24)

  private let worker: String
  private let relays: [String]
  private let startedAt: Moment
  private var lookAt: Moment
  private var said: WorkerReport?

  init(_ worker: String, relays: [String], startedAt: Moment) {
    self.worker = worker
    self.relays = relays
    self.startedAt = startedAt
    lookAt = startedAt
  }

  /// What is to be written now, of relays and endpoints only those with news; nil when there is nothing new and the
  /// last word is recent.
  mutating func due(_ now: Moment, inFlight: Int, _ figures: @autoclosure () -> OutcomeMeter) -> WorkerReport? {
    // A clock that was set back must not silence it.
    guard now >= lookAt || lookAt - now > Self.quiet else { return nil }
    lookAt = now + Self.busy
    var report = report(now, inFlight, figures())
    if let said {
      report.seenAt = said.seenAt
      let isNews = report != said
      report.seenAt = now
      guard isNews || now >= said.seenAt + Self.quiet || now < said.seenAt else { return nil }
    }
    defer { said = report }
    return withNewsAlone(report)
  }

  private func withNewsAlone(_ report: WorkerReport) -> WorkerReport {
    var news = report
    let known = Set(said?.relays ?? [])
    news.relays.removeAll { known.contains($0) }
    return news
  }

  /// The last word.
  func last(_ now: Moment, _ figures: OutcomeMeter) -> WorkerReport {
    var report = report(now, 0, figures)
    report.endedAt = now
    return withNewsAlone(report)
  }

  private func report(_ now: Moment, _ inFlight: Int, _ figures: OutcomeMeter) -> WorkerReport {
    let names = Set(figures.outcomes.keys.map(\.relay)).union(figures.alerts.keys).union(relays)
    let lines = names.subtracting([OutcomeMeter.noRelay]).sorted().map { name in
      WorkerReport.RelayLine(
        relay: name, accepted: figures.count(.accept, relay: name), deferred: figures.count(.defer, relay: name),
        bounced: figures.count(.bounce, relay: name), lastAcceptedAt: figures.lastAccepted[name],
        lastAlertAt: figures.alerts[name]?.lastAt, alert: figures.alerts[name]?.text ?? "")
    }
    return WorkerReport(worker: worker, startedAt: startedAt, seenAt: now, inFlight: inFlight, relays: lines)
  }
}
