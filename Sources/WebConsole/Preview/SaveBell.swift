// Tells every open page that something was saved.

import Synchronization

package final class SaveBell: Sendable {
  private struct State {
    var version = 0
    var next = 0
    var listeners: [Int: AsyncStream<Int>.Continuation] = [:]
  }
  private let state = Mutex(State())

  package init() {}

  /// The state of the files that pages should show now.
  package func ring(version: Int) {
    let listeners = state.withLock { state in
      state.version = version
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.yield(version) }
  }

  /// The version now and each after it; only the newest waits for a page that is slow.
  package func listen() -> AsyncStream<Int> {
    let (stream, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
    let (number, version) = state.withLock { state in
      state.next += 1
      state.listeners[state.next] = continuation
      return (state.next, state.version)
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { state in _ = state.listeners.removeValue(forKey: number) }
    }
    continuation.yield(version)
    return stream
  }
}
