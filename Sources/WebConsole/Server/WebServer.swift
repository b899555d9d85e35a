// The HTTP server: feeds by FeedExchange, pages of the operators by Hummingbird's router. It knows no store and no
// bulletin: what it shows is handed in. TLS ends at a proxy before it (decision 0059).

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

/// A page for operators, made anew for each request.
package struct WebPage: Sendable {
  package var path: String
  package var mediaType: String
  /// Only for callers on this machine who come by no proxy; others are told 404.
  package var isLocal: Bool
  /// May block; called from a thread that may wait.
  package var text: @Sendable () -> (status: Int, text: String)
  package init(
    _ path: String, mediaType: String = "text/plain; charset=utf-8", isLocal: Bool = false,
    text: @escaping @Sendable () -> (status: Int, text: String)
  ) {
    self.path = path
    self.mediaType = mediaType
    self.isLocal = isLocal
    self.text = text
  }
}

package final class WebServer: Sendable {
  private let settings: WebServerSettings
  private let server: Server<GatedChannel>
  /// Those of feeds and those of pages, so that neither stands behind the other.
  private let threads: [NIOThreadPool]

  /// - Parameters:
  ///   - feeds: nil: their addresses are as unknown as any other.
  ///   - tell: failures, who has too many connections or asks without TLS and, if `logsAccess`, each
  ///     request. Called from the threads of connections: it must not wait.
  ///   - listening: told the port as soon as connections are taken.
  package convenience init(
    _ settings: WebServerSettings, feeds: (any FeedService)?, pages: [WebPage],
    logsAccess: Bool = false, tell: (@Sendable (ServerEvent) -> Void)? = nil,
    listening: @escaping @Sendable (_ port: Int) -> Void
  ) throws {
    let threads = NIOThreadPool(numberOfThreads: 2)
    self.init(
      settings, feeds: feeds, router: Self.router(pages, threads), pageThreads: threads, logsAccess: logsAccess,
      tell: tell, listening: listening)
  }

  /// - Parameters:
  ///   - router: of everything that is not of feeds.
  ///   - pageThreads: on which its answers wait; they run as long as the server does.
  init(
    _ settings: WebServerSettings, feeds: (any FeedService)?, router: Router<PageContext>,
    pageThreads: NIOThreadPool? = nil, logsAccess: Bool = false, tell: (@Sendable (ServerEvent) -> Void)? = nil,
    listening: @escaping @Sendable (_ port: Int) -> Void
  ) {
    self.settings = settings
    let logger = Logger(label: "revere.web") { _ in SwiftLogNoOpLogHandler() }
    let exchange = feeds.map { service in
      FeedExchange(service, seatsPerCaller: settings.seatsPerCaller) { path, error in
        tell?(.failed(path: path, error))
      }
    }
    let responder = router.buildResponder()
    let surroundings = ConnectionGate.Surroundings(settings, exchange, logsAccess: logsAccess, tell: tell)
    threads = [feeds.map { _ in surroundings.threads }, pageThreads].compactMap { $0 }
    let channel = GatedChannel(surroundings) { request, writer, channel in
      let began = settings.milliseconds()
      let context = PageContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
      var response = try await responder.respond(to: request, context: context)
      for (name, value) in FeedReply.safety + [("Date", HTTPTime.text(began / 1_000))] {
        // A page may have rules of its own for what may run in it.
        if let name = HTTPField.Name(name), response.headers[name] == nil { response.headers[name] = value }
      }
      let (status, bytes) = (response.status.code, response.body.contentLength ?? 0)
      try await writer.write(response: response.head, body: response.body)
      guard logsAccess, let tell else { return }
      tell(
        .access(
          AccessRecord(
            address: channel.remoteAddress?.ipAddress ?? "", visitor: nil, method: request.method.rawValue,
            path: String(FeedExchange.parts(of: request.head.path ?? "").path), status: status, bytes: bytes,
            milliseconds: settings.milliseconds() - began)))
    }
    server = Server(
      childChannelSetup: channel,
      configuration: ServerConfiguration(
        address: .hostname(settings.host, port: settings.port),
        availableConnectionsDelegate: .maximum(settings.connections, logger: logger)),
      onServerRunning: { listening($0.localAddress?.port ?? 0) },
      // One thread for all connections: what it does takes some ten microseconds and never waits. Two that each have
      // little to do fall asleep between requests, and being woken costs more than answering.
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton.next(), logger: logger)
  }

  /// Serves until it is stopped.
  /// - Throws: `CannotListen`.
  package func run() async throws {
    for pool in threads { pool.start() }
    let result: Result<Void, any Error>
    do { result = .success(try await server.run()) } catch { result = .failure(error) }
    for pool in threads { try await pool.shutdownGracefully() }
    do { try result.get() } catch let error as IOError { throw CannotListen(error.errnoCode) }
  }

  /// Takes no more connections, lets what is under way finish, and makes `run` return.
  package func stop() async throws { try await server.shutdownGracefully() }

  private static func router(_ pages: [WebPage], _ threads: NIOThreadPool) -> Router<PageContext> {
    // Whoever watches a server may ask for the head alone (RFC 9110 section 9.1).
    let router = Router(context: PageContext.self, options: .autoGenerateHeadEndpoints)
    let proxyFields = ["X-Forwarded-For", "X-Forwarded-Proto"].compactMap { HTTPField.Name($0) }
    for page in pages {
      router.get(RouterPath(page.path)) { request, context in
        if page.isLocal, !context.isFromHere || proxyFields.contains(where: { request.headers[$0] != nil }) {
          return Response(status: .notFound)
        }
        let (status, text) = try await threads.runIfActive { page.text() }
        return Response(
          status: HTTPResponse.Status(code: status),
          headers: [.contentType: page.mediaType, .cacheControl: "no-store"],
          body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
      }
    }
    return router
  }
}

package struct CannotListen: Error, CustomStringConvertible {
  /// In the system's words: `Address already in use`.
  package var description: String
  init(_ code: CInt) { description = String(cString: strerror(code)) }
}

struct PageContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The connection comes from this machine.
  var isFromHere: Bool
  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    isFromHere = ForwardedCaller.isLoopback(source.channel.remoteAddress?.ipAddress ?? "")
  }
}
