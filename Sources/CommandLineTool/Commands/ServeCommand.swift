// `revere serve [--listen ADDRESS] [--with-dispatch]`: the web server. SIGTERM and Ctrl-C let what is under way finish.

import ArgumentParser
import Dispatch
import Foundation
import Outbox
import Store
import Synchronization
import WebConsole
import Webhooks
import Workflows

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve feeds to partner systems.",
    discussion: """
      Partners are added with `revere partners add`. `serve:` in revere.yaml says where it listens, how partners reach \
      it, and which proxies end TLS before it; without one only this machine is served. Files of the \
      site are read again when they change. /healthz says whether it works, /metrics, to this machine alone, how.
      """)

  @Option(
    help: ArgumentHelp(
      "Where to listen, in place of `serve: listen`; port 0 takes a free one.", valueName: "address"))
  var listen: String?

  @Flag(help: "Send what is released as well, as `revere dispatch --watch` does.")
  var withDispatch = false

  @Option(help: ArgumentHelp("text or json; default: REVERE_LOG_FORMAT, else text.", valueName: "form"))
  var logFormat: LogFormat?

  @Option(
    help: ArgumentHelp(
      "debug, info, warning or error; each request is a line of info. Default: REVERE_LOG_LEVEL, else info.",
      valueName: "level"))
  var logLevel: LogLevel?

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session(options)
    let clock = session.clock
    let now: @Sendable () -> Moment = { clock.moment }
    let serve = session.settings.serve
    var place = try self.place(serve)
    if withDispatch { try session.checkSending() }
    let held = try place.port == 0 ? heldPort(at: place) : nil
    if let held { place = place.at(port: held.number) }
    let (format, level) = try DispatchLog.asked(logFormat, logLevel)
    let log = ServeLog(
      DispatchLog(format: format ?? .text, level: level ?? .info, now: now), level: level ?? .info)
    let store = try session.store(creating: true)
    let address = serve.address ?? "http://" + place.description
    let feeds = try Session.words {
      let secret = try session.siteSecret(founding: store)
      let desk = try FeedDesk(files: session.files, store: store, secret: secret, address: address, now: now())
      return PartnerFeeds(desk: desk, store: store, secret: secret, now: now) { log.feeds($0) }
    }
    var settings = WebServerSettings(
      host: place.host, port: place.port, trusts: { serve.trusts($0) },
      milliseconds: { clock.moment.milliseconds })
    let answers = settings.answers
    let metrics = try MetricsBeside(session, feeds: { feeds.figures(answers) })
    settings.connections = Self.connections
    if let openFiles = OpenFiles.raiseLimit() {
      settings.connections = OpenFiles.connections(of: openFiles, atMost: Self.connections)
      if settings.connections < Self.connections { log.limited(settings.connections, openFiles: openFiles) }
    }
    settings.threads = PartnerGate.mostWaiting + Self.threadsBesideHashes
    settings.connectionsPerAddress = serve.connectionsPerAddress
    settings.network = { PartnerGate.network(of: $0) }
    let pages = [
      WebPage("healthz") {
        // That the ledger can be read is what everything stands on.
        (try? store.feedMark()) == nil ? (503, "the ledger cannot be read\n") : (200, "ok\n")
      },
      WebPage("metrics", mediaType: MetricsText.mediaType, isLocal: true) { (200, metrics.text()) },
    ]
    let serving = Serving()
    let server = try Session.words {
      try WebServer(
        settings, feeds: feeds, pages: pages, logsAccess: log.logsAccess, tell: { log.take($0) },
        listening: { [place] _ in
          withExtendedLifetime(held) {
            log.listens(
              place.description,
              place.isLoopback ? "feeds are served to this machine" : "feeds are served to proxies", .info)
          }
          serving.listens()
        })
    }
    signal(SIGPIPE, SIG_IGN)
    // Beside a dispatcher the signals are the dispatcher's: a process has one handler for each.
    let signals = withDispatch ? [] : serving.stopsBySignal { Task.detached { try? await server.stop() } }
    defer { for source in signals { source.cancel() } }
    let flushing = DispatchSource.makeTimerSource(queue: .global())
    flushing.schedule(deadline: .now() + .seconds(1), repeating: .seconds(1))
    flushing.setEventHandler {
      do { try feeds.flush() } catch { log.failed("counts of pulls could not be written", error) }
    }
    flushing.resume()
    let failure = try serving.wait(for: server) {
      guard withDispatch else { return }
      try serving.dispatch(beside: options, format ?? .text, level ?? .info) {
        Task.detached { try? await server.stop() }
      }
    }
    flushing.cancel()
    try Session.words { try feeds.close() }
    if failure != nil, withDispatch, serving.hasListened {
      // Whoever started both is to see that one is gone: the dispatcher ends as by a signal, with its work recorded.
      kill(getpid(), SIGTERM)
    }
    try serving.endDispatch()
    guard let failure else { return log.ended() }
    if serving.hasListened {
      throw CommandFailure(
        .environment, "the server ended by itself: \(failure)", hint: "see what the system's log says of that time")
    }
    throw CommandFailure(
      .environment, "cannot listen on \(place): \(failure)",
      hint: "take another address, or see who has this one with `ss -ltnp`")
  }

  private static let connections = 1_024
  private static let threadsBesideHashes = 8

  /// Port 0: any that is free. It is told in the log, and stands in feeds.
  private func heldPort(at place: ListenAddress) throws -> HeldPort {
    guard let held = HeldPort(at: place.host) else {
      throw CommandFailure(
        .environment, "no port is free at \(place.host), or it is no address of this machine",
        hint: "see the machine's addresses with `ip address`")
    }
    return held
  }

  /// Where it listens: beyond this machine only where nobody can read along.
  private func place(_ serve: ServeSettings) throws -> ListenAddress {
    let text = listen ?? serve.listen
    guard let place = ListenAddress(text, allowsFreePort: listen != nil) else {
      throw CommandFailure(.usage, "--listen takes host:port such as 127.0.0.1:8440, not `\(text)`")
    }
    guard place.isLoopback || !serve.trustedProxies.isEmpty else {
      throw CommandFailure(
        .environment, "\(place) is not this machine alone, and credentials of partners could be read on the way",
        hint: "let a proxy end TLS, name it in `serve: trusted-proxies` of revere.yaml, or listen on 127.0.0.1")
    }
    guard place.isLoopback || serve.address != nil else {
      throw CommandFailure(
        .environment, "feeds would tell partners to come to http://\(place), past the proxy",
        hint: "add `address: https://feeds.example.gov`, as partners reach the proxy, to `serve:` of revere.yaml")
    }
    return place
  }
}
