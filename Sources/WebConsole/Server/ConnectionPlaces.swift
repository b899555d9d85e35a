// How many connections one address has, so that none can take them all. A trusted proxy has those of many callers: it is
// not counted, and its callers are bounded by what they ask (CallerSeats, the rate of their credential).

import NIOCore
import Synchronization

final class ConnectionPlaces: Sendable {
  private struct Taken {
    var count = 0
    /// That it was at its limit has been told since it last had none.
    var isTold = false
  }

  private let settings: WebServerSettings
  private let tell: (@Sendable (ServerEvent) -> Void)?
  private let taken = Mutex<[String: Taken]>([:])

  init(_ settings: WebServerSettings, tell: (@Sendable (ServerEvent) -> Void)?) {
    self.settings = settings
    self.tell = tell
  }

  /// - Parameters:
  ///   - address: the connection's other end.
  ///   - closed: then the place is free again.
  /// - Returns: whether there is room for it.
  func take(_ address: String, until closed: EventLoopFuture<Void>) -> Bool {
    if settings.trusts(address) { return true }
    let network = settings.network(address)
    let (isFree, isNews) = taken.withLock { taken in
      var place = taken[network, default: Taken()]
      let isFree = place.count < settings.connectionsPerAddress
      let isNews = !isFree && !place.isTold
      if isFree { place.count += 1 } else { place.isTold = true }
      taken[network] = place
      return (isFree, isNews)
    }
    if isFree { closed.whenComplete { [self] _ in giveBack(network) } }
    if isNews { tell?(.crowded(address: network)) }
    return isFree
  }

  private func giveBack(_ network: String) {
    taken.withLock { taken in
      guard var place = taken[network] else { return }
      place.count -= 1
      taken[network] = place.count > 0 ? place : nil
    }
  }
}
