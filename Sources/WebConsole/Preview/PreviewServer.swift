// The preview of one bulletin on loopback. Drafts are sensitive, and a browser has many pages open: everything lies
// below a path that cannot be guessed, only our own name is answered (a foreign name that resolves to this machine is
// refused), no answer may be framed or read by another site, and nothing inline runs. It knows no bulletin: what it
// shows is handed in as functions. Connections are the web server's; pages and what they may do are its own.

import HTTPTypes
import Hummingbird
import NIOCore

package struct PreviewAnswer: Sendable {
  package enum Kind: Sendable { case json, html, text }
  package var kind: Kind
  package var body: String
  package init(_ kind: Kind, _ body: String) {
    self.kind = kind
    self.body = body
  }
}

/// What the server asks. Called from any thread.
package struct PreviewSource: Sendable {
  /// Findings, variants and readers, as JSON.
  package var state: @Sendable () -> String
  /// What somebody sees, as JSON: decision, subject, banner, reasons.
  package var sight: @Sendable (_ query: [String: String]) -> String
  /// The product itself.
  package var product: @Sendable (_ query: [String: String]) -> PreviewAnswer
  package init(
    state: @escaping @Sendable () -> String, sight: @escaping @Sendable (_ query: [String: String]) -> String,
    product: @escaping @Sendable (_ query: [String: String]) -> PreviewAnswer
  ) {
    self.state = state
    self.sight = sight
    self.product = product
  }
}

package struct PreviewServer: Sendable {
  package static let host = "127.0.0.1"
  private let settings: WebServerSettings
  package let token: String
  private let source: PreviewSource
  private let saves: SaveBell

  /// - Parameters:
  ///   - port: 0 takes a free one.
  ///   - milliseconds: since 1970, for `Date`.
  ///   - token: at least 128 random bits, in characters of a path.
  package init(
    port: Int, milliseconds: @escaping @Sendable () -> Int64, token: String, source: PreviewSource, saves: SaveBell
  ) {
    settings = WebServerSettings(host: Self.host, port: port, milliseconds: milliseconds)
    self.token = token
    self.source = source
    self.saves = saves
  }

  /// Serves until the program ends.
  /// - Parameter listening: told the port as soon as connections are taken.
  /// - Throws: what binding the address gives.
  package func run(listening: @escaping @Sendable (_ port: Int) -> Void) async throws {
    let router = Router(context: PageContext.self)
    let (source, saves) = (source, saves)
    router.add(middleware: OwnNameOnly())
    let pages = router.group(RouterPath(token))
    pages.get("/") { _, _ in Self.answer("text/html; charset=utf-8", PreviewAssets.page, Self.ownPolicy) }
    pages.get("preview.js") { _, _ in
      Self.answer("text/javascript; charset=utf-8", PreviewAssets.script, Self.ownPolicy)
    }
    pages.get("preview.css") { _, _ in Self.answer("text/css; charset=utf-8", PreviewAssets.style, Self.ownPolicy) }
    pages.get("state") { _, _ in Self.answer("application/json", source.state(), Self.nothing) }
    pages.get("sight") { request, _ in
      Self.answer("application/json", source.sight(Self.query(request)), Self.nothing)
    }
    pages.get("product") { request, _ in
      let answer = source.product(Self.query(request))
      let mediaType =
        switch answer.kind {
        case .json: "application/json"
        case .html: "text/html; charset=utf-8"
        case .text: "text/plain; charset=utf-8"
        }
      return Self.answer(mediaType, answer.body, Self.productPolicy)
    }
    pages.get("saves") { _, _ in
      Self.answer(
        "text/event-stream", Self.nothing,
        ResponseBody { writer in
          for await version in saves.listen() {
            try await writer.write(ByteBuffer(string: "data: \(version)\n\n"))
          }
          try await writer.finish(nil)
        })
    }
    try await WebServer(settings, feeds: nil, router: router, listening: listening).run()
  }

  // MARK: What every answer says

  /// The page around the product: its own script and style, nothing inline, nothing from elsewhere.
  private static let ownPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  /// The product: styles are inline as mail needs them, pictures are data, and no script runs.
  private static let productPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    + "frame-ancestors 'self'; sandbox allow-same-origin"
  private static let nothing = "default-src 'none'; frame-ancestors 'none'"

  private static func answer(_ mediaType: String, _ body: String, _ policy: String) -> Response {
    answer(mediaType, policy, ResponseBody(byteBuffer: ByteBuffer(string: body)))
  }

  private static func answer(_ mediaType: String, _ policy: String, _ body: ResponseBody) -> Response {
    var headers: HTTPFields = [.contentType: mediaType, .cacheControl: "no-store"]
    for (name, value) in [
      ("Content-Security-Policy", policy), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
      ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
    ] {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
    return Response(status: .ok, headers: headers, body: body)
  }

  private static func query(_ request: Request) -> [String: String] {
    Dictionary(request.uri.queryParameters.map { (String($0.key), String($0.value)) }) { first, _ in first }
  }
}

/// Answers nobody who calls us by another name: by a name of theirs that resolves to this machine, a foreign page could
/// read us as its own.
private struct OwnNameOnly: RouterMiddleware {
  func handle(
    _ request: Request, context: PageContext, next: (Request, PageContext) async throws -> Response
  ) async throws -> Response {
    let authority = request.head.authority ?? ""
    let name = authority.split(separator: ":").first.map(String.init) ?? ""
    guard name == PreviewServer.host || name == "localhost" else {
      return Response(status: .misdirectedRequest)
    }
    return try await next(request, context)
  }
}
