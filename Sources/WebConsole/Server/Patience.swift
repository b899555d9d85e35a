// How long a connection may take over what: a request that comes in drops, an answer that nobody takes, silence. Counted
// in ticks, so that a request itself costs no look at a clock.

struct Patience {
  /// In ticks.
  package struct Limits: Sendable {
    /// From the first byte of a request (of a new connection: from its beginning) to its last.
    var request: Int
    /// From the first byte of an answer to the last that the system took.
    var answer: Int
    /// Between an answer and the next request.
    var idle: Int
  }
  enum Doing { case receiving, working, sending, nothing }

  private let limits: Limits
  private var doing = Doing.nothing
  private var ticks = 0

  init(_ limits: Limits) { self.limits = limits }

  /// Something was finished: what follows has its time anew.
  mutating func restart() { ticks = 0 }

  /// - Returns: what it took too long over; nil: it may go on.
  mutating func tick(_ now: Doing) -> Doing? {
    if now != doing { ticks = 0 }
    doing = now
    ticks += 1
    let limit =
      switch now {
      case .receiving: limits.request
      case .working: Int.max
      case .sending: limits.answer
      case .nothing: limits.idle
      }
    return ticks > limit ? now : nil
  }
}
