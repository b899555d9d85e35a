// Whose turn it is on a connection: what ConnectionGate knows of the request that it has begun with, and of the one before.

import NIOPosix

enum ConnectionTurn {
  case free
  /// A request for us, until its end.
  case reading(AskedRequest)
  /// Somebody computes our answer.
  case computing
  /// Hummingbird's, with what is still to come: the rest of the request, the rest of the answer.
  case forwarded(receives: Bool, answers: Bool)
  /// Nothing that comes is looked at any more.
  case over
}

final class AskedRequest: Sendable {
  let request: FeedRequest
  let family: FeedReply.Family
  /// In milliseconds.
  let startedAt: Int64

  init(_ request: FeedRequest, _ family: FeedReply.Family, startedAt: Int64) {
    self.request = request
    self.family = family
    self.startedAt = startedAt
  }
}

/// The request that came last and its answer, which may be given again.
final class AnsweredRequest {
  let asked: AskedRequest
  /// Without its seat.
  let reply: FeedReply
  let row: CallerSeats.Row
  /// In seconds: what held then need not have held before.
  let at: Int64

  init(_ asked: AskedRequest, _ reply: FeedReply, _ row: CallerSeats.Row, at: Int64) {
    self.asked = asked
    self.row = row
    self.at = at
    var reply = reply
    reply.seat = nil
    self.reply = reply
  }
}

/// What a read brought.
enum BroughtByRead { case nothing, head, request, other }

extension ConnectionGate {
  /// What a server has for all its connections.
  final class Surroundings: Sendable {
    let settings: WebServerSettings
    let exchange: FeedExchange?
    let tell: (@Sendable (ServerEvent) -> Void)?
    let logsAccess: Bool
    let places: ConnectionPlaces
    /// What has to wait for a disk or a hash does so here.
    let threads: NIOThreadPool

    init(
      _ settings: WebServerSettings, _ exchange: FeedExchange?, logsAccess: Bool,
      tell: (@Sendable (ServerEvent) -> Void)?
    ) {
      self.settings = settings
      self.exchange = exchange
      self.logsAccess = logsAccess
      self.tell = tell
      places = ConnectionPlaces(settings, tell: tell)
      threads = NIOThreadPool(numberOfThreads: settings.threads)
    }
  }
}
