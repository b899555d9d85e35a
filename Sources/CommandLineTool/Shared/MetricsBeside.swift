// /metrics beside a worker: the page is made of the ledger, looked at through a connection of its own that only reads,
// and of what the worker itself has counted. At most one look a second, whoever asks how often.

import Couriers
import Dispatch
import Distribution
import Foundation
import Mail
import Outbox
import Store
import StoreSQLite
import Synchronization
import WebConsole
import Workflows

final class MetricsBeside: Sendable {
  private struct Page {
    var text = ""
    var madeAt: Duration?
  }
  private let store: SQLStore
  private let clock: OperatingClock
  private let startedAt: Moment
  private struct Counted {
    var progress = DispatchProgress()
    var meter = OutcomeMeter()
  }
  private let counted = Mutex(Counted())
  private let page = Mutex(Page())
  private let files: FolderOnDisk
  private static let endpoints = "distribution-lists/endpoints.yaml"
  private let quietUntil: @Sendable (Moment) -> Moment?
  private let server = Mutex<WebServer?>(nil)
  private let feeds: (@Sendable () -> FeedFigures)?

  /// - Parameter feeds: nil: none are served beside it.
  init(_ session: Session, feeds: (@Sendable () -> FeedFigures)? = nil) throws {
    self.feeds = feeds
    clock = session.clock
    startedAt = session.clock.moment
    files = session.files
    let settings = session.settings
    quietUntil = { settings.quietUntil($0) }
    let path = try session.databasePath(existing: true)
    // The worker's own connection must not wait for a scrape.
    store = try Session.words {
      SQLStore(asIs: try SQLiteDriver(path: path, settings: SQLiteDriver.Settings(busySeconds: 2, readOnly: true)))
    }
  }

  /// What the workers report, mail and webhooks.
  func take(_ report: DispatchReport) {
    counted.withLock { counted in
      switch report {
      case .progress(let now): counted.progress = now
      case .settled(let batch): for one in batch { counted.meter.note(one) }
      case .alert(let alert):
        counted.meter.noteAlert(relay: alert.relay, text: alert.failure.text, at: clock.moment)
      default: break
      }
    }
  }

  private final class Opening: Sendable {
    let begun = DispatchSemaphore(value: 0)
    let failure = Mutex<String?>(nil)
  }

  /// Returns when connections are taken.
  /// - Throws: what binding the address gives.
  func start(_ address: ListenAddress) throws {
    let opening = Opening()
    var settings = WebServerSettings(
      host: address.host, port: address.port, milliseconds: { [clock] in clock.moment.milliseconds })
    // Figures without a login, where whoever runs it says so.
    settings.allowsExposed = true
    let pages = [
      WebPage("metrics", mediaType: MetricsText.mediaType) { [self] in (200, text()) },
      WebPage("/") { (200, "revere: see /metrics\n") },
    ]
    let server = try WebServer(settings, feeds: nil, pages: pages) { _ in opening.begun.signal() }
    self.server.withLock { $0 = server }
    Task.detached {
      do { try await server.run() } catch { opening.failure.withLock { $0 = "\(error)" } }
      opening.begun.signal()
    }
    let isOpen = opening.begun.wait(timeout: .now() + 10) == .success
    let failure = opening.failure.withLock { $0 }
    guard isOpen, failure == nil else {
      throw CommandFailure(
        .environment, "--metrics: cannot listen on \(address): \(failure ?? "no answer")",
        hint: "take another port, or see who has this one with `ss -ltnp`")
    }
  }

  func stop() {
    guard let server = server.withLock({ $0 }) else { return }
    Task.detached { try? await server.stop() }
  }

  func text() -> String {
    page.withLock { page in
      let now = clock.elapsed
      if let made = page.madeAt, now - made < .seconds(1) { return page.text }
      // A ledger that cannot be read is a fact to show, not an end of the page.
      let moment = clock.moment
      let file = try? files.read(Self.endpoints, limit: 1 << 20)
      let looked = try? store.read {
        (
          try $0.figures().outsideQuietHours(now: moment, quietUntil: quietUntil), try $0.pauses(),
          try EndpointDirectory.conditions(file.map { ListFile(path: Self.endpoints, bytes: $0) }, $0)
        )
      }
      let counted = counted.withLock { $0 }
      page.text = MetricsText.text(
        MetricsFacts(
          version: revereVersion, now: clock.moment, ledger: looked?.0, pauses: looked?.1 ?? [],
          endpoints: looked?.2 ?? [:], startedAt: startedAt, meter: counted.meter, inFlight: counted.progress.inFlight,
          commits: counted.progress.commits, feeds: feeds?()))
      page.madeAt = now
      return page.text
    }
  }
}
