// How many files the process may have open, connections among them (getrlimit(2), RLIMIT_NOFILE). When there are no more
// the runtime ends the process: it reads the state of its threads from files.

import Foundation

enum OpenFiles {
  /// More than anything here asks for; a system may allow a billion.
  private static let most: UInt = 65_536
  /// Of these, what is no connection: databases, threads, and a dispatcher's relays beside the server.
  private static let others = 256

  /// Raises the limit as far as the system lets a process do it.
  /// - Returns: the limit from now on; nil where the system does not say.
  static func raiseLimit() -> Int? {
    let name = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(name, &limit) == 0 else { return nil }
    let wanted = min(limit.rlim_max, most)
    if limit.rlim_cur < wanted {
      var raised = limit
      raised.rlim_cur = wanted
      if setrlimit(name, &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
  }

  /// How many connections a limit has room for; of a small one they get half.
  static func connections(of limit: Int, atMost wanted: Int) -> Int { min(wanted, limit - min(others, limit / 2)) }
}
