// What the server is told by revere.yaml and by the command line.

package struct WebServerSettings: Sendable {
  package var host: String
  /// 0 takes a free one.
  package var port: Int
  /// Whether an address is that of a proxy whose `X-Forwarded-*` fields count.
  package var trusts: @Sendable (_ address: String) -> Bool
  /// Seconds and milliseconds since 1970, by the site's clock.
  package var milliseconds: @Sendable () -> Int64

  /// Callers beyond this machine are answered also where somebody could read along; never with feeds.
  package var allowsExposed = false

  /// Connections at once; more wait to be taken.
  package var connections = 1_024
  /// Of these for one network of callers; more are ended. Proxies that are trusted may have all.
  package var connectionsPerAddress = 128
  /// Which addresses count as one.
  package var network: @Sendable (_ address: String) -> String = { $0 }
  /// Answers under way at once for one partner.
  package var seatsPerCaller = 64
  /// Threads for answers that have to wait. More than a service ever holds for long at once: the others go on beside it.
  package var threads = 8
  /// Told each answer that is not Hummingbird's.
  package var answers = AnswerCounts()
  /// Bytes of all header fields of a request and of its target.
  package var headerBytes = 16 << 10
  package var headerCount = 100
  /// Bytes of a request's body.
  package var bodyBytes = 64 << 10
  /// Milliseconds of a tick of `Patience`.
  package var tick: Int64 = 1_000
  /// In ticks: a request comes in, an answer goes out, nothing happens.
  package var requestTicks = 10
  package var answerTicks = 60
  package var idleTicks = 60

  package init(
    host: String, port: Int,
    trusts: @escaping @Sendable (_ address: String) -> Bool = { _ in false },
    milliseconds: @escaping @Sendable () -> Int64
  ) {
    self.host = host
    self.port = port
    self.trusts = trusts
    self.milliseconds = milliseconds
  }

  var patience: Patience.Limits { Patience.Limits(request: requestTicks, answer: answerTicks, idle: idleTicks) }
}

/// What one request came to, for the log: no header field, and no query.
package struct AccessRecord: Sendable {
  package var address: String
  /// The partner's id.
  package var visitor: String?
  package var method: String
  /// As it came, without a query; it may hold anything.
  package var path: String
  package var status: Int
  /// Of the answer's body.
  package var bytes: Int
  package var milliseconds: Int64
}

package enum ServerEvent: Sendable {
  /// A request that others could have read on its way was refused; or one by a stranger: a proxy on this machine that
  /// the settings do not name.
  case exposed(address: String, byStranger: Bool)
  case access(AccessRecord)
  /// A service threw; the caller was told 500.
  case failed(path: String, any Error)
  /// It has as many connections as one may have; further ones are ended.
  case crowded(address: String)
}
