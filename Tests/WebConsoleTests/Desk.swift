// A service of feeds for the tests, and a server that runs for one test.

import Foundation
import Synchronization
import WebConsole

final class Desk: FeedService, FeedVisitor, FeedRepeat {
  /// The site's clock stands still.
  static let now: Int64 = 1_795_300_000
  static let tag = "\"0123456789abcdef\""
  static let words = "the words of a feed"
  static let zipped = "as if zipped"

  let name = "msp"
  let recorded = Mutex(0)
  let questions = Mutex<[FeedQuestion]>([])
  let admissions = Mutex(0)
  /// Of `/feeds/kept.atom`: what asking again comes to; the last goes on.
  let agains = Mutex<[FeedAgain]>([.changed])
  let askedAgain = Mutex(0)
  /// Of `/feeds/held.atom`: it is found when somebody lets it.
  let isAsked = DispatchSemaphore(value: 0)
  let mayAnswer = DispatchSemaphore(value: 0)

  func admit(_ authorization: String?, from address: String, mayWait: Bool) -> FeedAdmission? {
    switch authorization {
    case "Basic bXNwOnNlY3JldA==", "Bearer token":
      admissions.withLock { $0 += 1 }
      return .visitor(self)
    // Its hash was never computed before.
    case "Bearer new": return mayWait ? .visitor(self) : nil
    case "Bearer eager": return .tooMany(seconds: 17)
    default: return .refused
    }
  }

  func find(_ question: FeedQuestion, mayWait: Bool) throws -> FeedFinding? {
    questions.withLock { $0.append(question) }
    switch question.path {
    case ["feeds", "all.atom"]: return .document(Self.document(changedAt: Self.now - 100))
    case ["feeds", "fresh.atom"]: return .document(Self.document(changedAt: Self.now))
    case ["feeds", "kept.atom"]: return .document(Self.document(changedAt: Self.now - 100), again: self)
    case ["feeds", "made.atom"]: return mayWait ? .document(Self.document(changedAt: Self.now - 100)) : nil
    case ["feeds", "held.atom"]:
      guard mayWait else { return nil }
      isAsked.signal()
      mayAnswer.wait()
      return .document(Self.document(changedAt: Self.now - 100))
    case ["feeds", "large.atom"]:
      return .document(
        FeedDocument(
          mediaType: "application/atom+xml; charset=utf-8", bytes: [UInt8](repeating: 0x41, count: 4 << 20),
          etag: Self.tag, changedAt: Self.now - 100, isSensitive: true))
    case ["feeds", "halted.atom"]: return .halted(seconds: 300)
    case ["feeds", "broken.atom"]: throw CocoaError(.coderInvalidValue)
    case ["taxii2", "plain", ""]:
      return .document(
        FeedDocument(mediaType: "application/taxii+json;version=2.1", bytes: Array("{}".utf8), isSensitive: true))
    case ["taxii2", "wrong", ""]:
      return .document(
        FeedDocument(
          status: 403, mediaType: "application/taxii+json;version=2.1", bytes: Array("{}".utf8), isSensitive: true))
    default: return .absent
    }
  }

  func record(_ document: FeedDocument, mayWait: Bool) throws -> FeedPull? {
    FeedPull(
      sequence: recorded.withLock {
        $0 += 1
        return Int64($0)
      })
  }

  func again() -> FeedAgain {
    askedAgain.withLock { $0 += 1 }
    return agains.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
  }

  private static func document(changedAt: Int64) -> FeedDocument {
    FeedDocument(
      mediaType: "application/atom+xml; charset=utf-8", bytes: Array(words.utf8), compressed: Array(zipped.utf8),
      etag: tag, changedAt: changedAt, isSensitive: false)
  }
}

/// What a test wants otherwise.
struct ServerChange: Sendable {
  static let none = ServerChange { _ in }
  static func tick(_ milliseconds: Int64) -> ServerChange { ServerChange { $0.tick = milliseconds } }
  static func connectionsPerAddress(_ count: Int, trusts: Bool = false) -> ServerChange {
    ServerChange {
      $0.connectionsPerAddress = count
      $0.trusts = { _ in trusts }
    }
  }
  static func seatsPerCaller(_ count: Int) -> ServerChange { ServerChange { $0.seatsPerCaller = count } }
  let apply: @Sendable (inout WebServerSettings) -> Void
}

/// What a server told.
final class Told: Sendable {
  let events = Mutex<[ServerEvent]>([])
  func take(_ event: ServerEvent) { events.withLock { $0.append(event) } }
  /// Addresses with too many connections.
  var crowded: [String] {
    events.withLock { $0 }.compactMap { if case .crowded(let address) = $0 { address } else { nil } }
  }
}

/// Runs for as long as the work takes.
func withServer(
  _ desk: Desk = Desk(), logsAccess: Bool = false, told: Told? = nil,
  settings change: ServerChange = .none,
  _ work: @Sendable (Int, WebServer) async throws -> Void
) async throws {
  var settings = WebServerSettings(host: "127.0.0.1", port: 0, milliseconds: { Desk.now * 1_000 })
  change.apply(&settings)
  let (ports, listening) = AsyncStream.makeStream(of: Int.self)
  let pages = [
    WebPage("healthz") { (200, "ok\n") }, WebPage("metrics", isLocal: true) { (200, "revere_up 1\n") },
  ]
  let tell: @Sendable (ServerEvent) -> Void = { told?.take($0) }
  let server = try WebServer(settings, feeds: desk, pages: pages, logsAccess: logsAccess, tell: tell) { port in
    listening.yield(port)
  }
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      try await server.run()
      listening.finish()
    }
    for await port in ports {
      let result: Result<Void, any Error>
      do { result = .success(try await work(port, server)) } catch { result = .failure(error) }
      try await server.stop()
      try result.get()
    }
    try await group.waitForAll()
  }
}

/// A request with a partner's credentials.
func get(_ target: String, method: String = "GET", _ fields: [String] = [], as credentials: String = "Bearer token")
  -> String
{
  "\(method) \(target) HTTP/1.1\r\nHost: feeds.example.gov\r\nAuthorization: \(credentials)\r\n"
    + fields.map { $0 + "\r\n" }.joined() + "\r\n"
}
