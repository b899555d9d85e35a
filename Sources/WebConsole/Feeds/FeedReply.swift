// An answer before it is on the wire. All that say no are made here, so that none tells more than another: the answer
// for what is hidden is the answer for what is not there, field by field.

import NIOCore
import NIOHTTP1

struct FeedReply: Sendable {
  var status: Int
  /// The line of the status and the fields that do not differ from request to request.
  var head: ByteBuffer
  /// Sent with GET alone; its length is among the fields.
  var body: ByteBuffer?
  /// `Revere-Sequence`.
  var sequence: Int64?
  /// Of the caller, once it is known who that is; held until it is sent.
  var seat: CallerSeats.Seat?
  /// By which the same may be asked for again.
  var again: (any FeedRepeat)?

  init(_ status: Int, _ head: ByteBuffer, _ body: ByteBuffer? = nil) {
    self.status = status
    self.head = head
    self.body = body
  }

  init(_ status: Int, _ fields: [(name: String, value: String)], _ body: ByteBuffer? = nil) {
    self.init(status, Self.head(status, fields), body)
  }

  /// RFC 9112 sections 4 and 5, as far as it is the same for every request.
  static func head(_ status: Int, _ fields: [(name: String, value: String)]) -> ByteBuffer {
    var head = ByteBuffer(string: "HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)\r\n")
    for (name, value) in fields { head.writeString("\(name): \(value)\r\n") }
    return head
  }

  static let vary = "Authorization, Accept, Accept-Encoding"

  /// Of every answer: nothing in it runs, is guessed at, framed or read by another site.
  static let safety: [(name: String, value: String)] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
    ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
  ]

  /// Whose errors look how.
  enum Family: Sendable {
    case feeds
    /// TAXII 2.1 section 3.5: each answer has its media type, also those that say no.
    case taxii

    /// nil: an address that is not of feeds.
    init?(_ path: Substring) {
      if path.hasPrefix("/feeds/") || path.hasPrefix("/cap/") {
        self = .feeds
      } else if path.hasPrefix("/taxii2/") || path == "/taxii2" {
        self = .taxii
      } else {
        return nil
      }
    }
  }

  private struct Refusals {
    var feeds: FeedReply
    var taxii: FeedReply
    init(_ status: Int, _ words: String, _ fields: [(name: String, value: String)] = []) {
      func reply(_ mediaType: String, _ text: String) -> FeedReply {
        let all: [(name: String, value: String)] = [
          ("Content-Type", mediaType), ("Cache-Control", "private, no-store"), ("Vary", FeedReply.vary),
          ("Content-Length", String(text.utf8.count)),
        ]
        return FeedReply(status, all + fields + FeedReply.safety, ByteBuffer(string: text))
      }
      feeds = reply("text/plain; charset=utf-8", words + "\n")
      taxii = reply(
        "application/taxii+json;version=2.1", "{\"title\":\"\(words)\",\"http_status\":\"\(status)\"}\n")
    }
    func callAsFunction(_ family: Family) -> FeedReply { family == .feeds ? feeds : taxii }
  }

  private static let badRequests = Refusals(400, "This request cannot be understood.")
  private static let missingCredentials = Refusals(
    401, "A partner's user and password, or token, are needed.",
    [
      ("WWW-Authenticate", "Basic realm=\"feeds\", charset=\"UTF-8\""), ("WWW-Authenticate", "Bearer realm=\"feeds\""),
    ])
  private static let notFounds = Refusals(404, "There is nothing here.")
  private static let wrongMethods = Refusals(405, "This can only be read.", [("Allow", "GET, HEAD")])
  private static let notAcceptables = Refusals(406, "It is not to be had in a form that was asked for.")
  private static let preconditions = Refusals(412, "It is not as it was expected to be.")
  private static let failures = Refusals(500, "Something failed here; it is noted.")

  static func badRequest(_ family: Family) -> FeedReply { badRequests(family) }
  static func unauthorized(_ family: Family) -> FeedReply { missingCredentials(family) }
  static func notFound(_ family: Family) -> FeedReply { notFounds(family) }
  static func wrongMethod(_ family: Family) -> FeedReply { wrongMethods(family) }
  static func notAcceptable(_ family: Family) -> FeedReply { notAcceptables(family) }
  static func preconditionFailed(_ family: Family) -> FeedReply { preconditions(family) }
  static func failed(_ family: Family) -> FeedReply { failures(family) }
  static func tooMany(_ family: Family, seconds: Int) -> FeedReply {
    Refusals(429, "Too many requests.", [("Retry-After", String(max(1, seconds)))])(family)
  }
  static func halted(_ family: Family, seconds: Int) -> FeedReply {
    Refusals(503, "Feeds are stopped for now.", [("Retry-After", String(max(1, seconds)))])(family)
  }

  func heldBy(_ seat: CallerSeats.Seat) -> FeedReply {
    var reply = self
    reply.seat = seat
    return reply
  }
}
