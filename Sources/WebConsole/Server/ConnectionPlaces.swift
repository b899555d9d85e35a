// How many connections one address has, so that none can take them all. A trusted proxy has those of many callers: it is
// not counted, and its callers are bounded by what they ask (CallerSeats, the rate of their credential).

import NIOCore
import Synchronization

final class ConnectionPlaces: Sendable {
  private let settings: WebServerSettings
  private let taken = Mutex<[String: Int]>([:])

  init(_ settings: WebServerSettings) { self.settings = settings }

  /// - Parameter address: the connection's other end.
  /// - Returns: whether there is room for it; then `closed` has to end.
  func take(_ address: String, until closed: EventLoopFuture<Void>) -> Bool {
    if settings.trusts(address) { return true }
    let network = settings.network(address)
    let isFree = taken.withLock { taken in
      let count = taken[network, default: 0]
      guard count < settings.connectionsPerAddress else { return false }
      taken[network] = count + 1
      return true
    }
    if isFree { closed.whenComplete { [self] _ in giveBack(network) } }
    return isFree
  }

  private func giveBack(_ network: String) {
    taken.withLock { taken in
      guard let count = taken[network] else { return }
      taken[network] = count > 1 ? count - 1 : nil
    }
  }
}
