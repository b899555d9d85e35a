// Of a request's head what the server itself looks at, and what the feeds do, in one pass over its fields.

import NIOHTTP1

struct RequestFields {
  var request: FeedRequest
  /// RFC 9112 section 9.3.
  var staysOpen: Bool
  /// An old client that asked for it wants to be told.
  var saysSo: Bool
  /// RFC 9112 section 3.2: one, or none of an old client.
  var isOneHost: Bool
  /// Bytes of the body as far as it says how many; what is no number is more than anybody takes.
  var length = 0
  /// RFC 9110 section 10.1.1: its body comes once we say so, or after a while.
  var awaitsContinue: Bool
  /// All lines joined by commas.
  var forwardedFor: String?
  var forwardedProto: String?

  init(_ head: HTTPRequestHead, from peer: String, isForFeeds: Bool) {
    let isOld = head.version.major == 1 && head.version.minor == 0
    request = FeedRequest(method: head.method.rawValue, target: head.uri, address: peer)
    var (hosts, closes, keeps) = (0, false, false)
    var (expects, isChunked) = (false, false)
    for (name, value) in head.headers {
      switch name.utf8.count {
      case 4 where name.isSame(as: "host"): hosts += 1
      case 6 where name.isSame(as: "expect"):
        for expectation in value.split(separator: ",") {
          if expectation.filter({ $0 != " " && $0 != "\t" }).isSame(as: "100-continue") { expects = true }
        }
      case 10 where name.isSame(as: "connection"):
        // RFC 9110 section 7.6.1: a list.
        for option in value.split(separator: ",") {
          let option = option.filter { $0 != " " && $0 != "\t" }
          if option.isSame(as: "close") { closes = true }
          if option.isSame(as: "keep-alive") { keeps = true }
        }
      case 14 where name.isSame(as: "content-length"): length = Int(value) ?? Int.max
      case 15 where name.isSame(as: "x-forwarded-for"):
        forwardedFor = forwardedFor.map { $0 + "," + value } ?? value
      case 17 where name.isSame(as: "transfer-encoding"): isChunked = true
      case 17 where name.isSame(as: "x-forwarded-proto"):
        forwardedProto = forwardedProto.map { $0 + "," + value } ?? value
      default: if isForFeeds { request.take(name, value) }
      }
    }
    staysOpen = !closes && (!isOld || keeps)
    saysSo = isOld && staysOpen
    isOneHost = hosts == 1 || hosts == 0 && isOld
    // An old client does not know the answer; without a body there is nothing to wait for.
    awaitsContinue = expects && !isOld && (length > 0 || isChunked)
  }
}
