// The running server and what runs beside it: who stops whom, and who is waited for.

import ArgumentParser
import Dispatch
import Foundation
import Synchronization
import WebConsole
import Workflows

final class Serving: Sendable {
  private let begun = DispatchSemaphore(value: 0)
  private let listening = Atomic<Bool>(false)
  private let ended = DispatchSemaphore(value: 0)
  private let failure = Mutex<String?>(nil)
  private let dispatchEnded = DispatchSemaphore(value: 0)
  private let dispatched = Mutex<Result<Void, any Error>?>(nil)
  private let hasDispatch = Atomic<Bool>(false)

  func stopsBySignal(_ stop: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
    [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler(handler: stop)
      source.resume()
      return source
    }
  }

  /// The server takes connections.
  func listens() {
    listening.store(true, ordering: .releasing)
    begun.signal()
  }

  /// It took connections, whatever became of it since.
  var hasListened: Bool { listening.load(ordering: .acquiring) }

  /// Until the server has ended.
  /// - Parameter whenListening: not called where it cannot listen: nothing is to run on without it.
  /// - Returns: why it could not begin, or go on.
  func wait(for server: WebServer, whenListening: () throws -> Void) rethrows -> String? {
    Task.detached { [self] in
      do { try await server.run() } catch { failure.withLock { $0 = "\(error)" } }
      begun.signal()
      ended.signal()
    }
    begun.wait()
    if hasListened { try whenListening() }
    ended.wait()
    return failure.withLock { $0 }
  }

  /// `revere dispatch --watch` on a thread of its own: it takes the signals.
  /// - Parameter stop: called when it has ended, by a signal or by an error.
  func dispatch(
    beside options: GlobalOptions, _ format: LogFormat, _ level: LogLevel, ended stop: @escaping @Sendable () -> Void
  ) throws {
    var command = try DispatchCommand.parse([
      "--watch", "--log-format", format.rawValue, "--log-level", level.rawValue,
    ])
    command.options = options
    let running = command
    hasDispatch.store(true, ordering: .releasing)
    let thread = Thread { [self] in
      let result = Result { try running.run() }
      dispatched.withLock { $0 = result }
      dispatchEnded.signal()
      stop()
    }
    thread.name = "dispatch"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Waits for the dispatcher, which records what is under way.
  /// - Throws: what it ended with.
  func endDispatch() throws {
    guard hasDispatch.load(ordering: .acquiring) else { return }
    dispatchEnded.wait()
    try dispatched.withLock { $0 }?.get()
  }
}
