// The HTTP server beside a worker: one page, GET /metrics, on an address that is loopback unless somebody names
// another. It knows no store and no courier: the page is handed in as a function. HTTP is Hummingbird's.

import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

package struct MetricsServer: Sendable {
  private let host: String
  private let port: Int
  private let mediaType: String
  private let page: @Sendable () -> String

  /// - Parameters:
  ///   - page: may block for as long as a look at the ledger takes; called once at a time for each connection.
  package init(host: String, port: Int, mediaType: String, page: @escaping @Sendable () -> String) {
    self.host = host
    self.port = port
    self.mediaType = mediaType
    self.page = page
  }

  /// Serves until its task is cancelled.
  /// - Parameter listening: told as soon as connections are taken.
  /// - Throws: what binding the address gives.
  package func run(listening: @escaping @Sendable () -> Void) async throws {
    let router = Router()
    let (mediaType, page) = (mediaType, page)
    router.get("metrics") { _, _ in
      Response(
        status: .ok, headers: [.contentType: mediaType, .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: page())))
    }
    router.get("/") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: "revere: see /metrics\n")))
    }
    let application = Application(
      router: router,
      server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(30))),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
      onServerRunning: { _ in listening() },
      // The log of dispatch has one maker, and a scrape is no event of it.
      logger: Logger(label: "revere.metrics") { _ in SwiftLogNoOpLogHandler() })
    try await application.run()
  }
}
