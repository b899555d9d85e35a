// What stops a run, or makes it begin anew with what it has prepared: a person's word in the ledger, and the files and
// suppressions that attempts are decided by. Looked at twice a second, since what is prepared may wait for minutes: for
// a relay's rate, or a slow relay (release-policy.md: evaluated at every send attempt, never frozen).

import Outbox
import Store

struct RunStops {
  /// What was prepared so long ago is prepared anew: facts end by the clock too.
  static let freshness: Moment.Span = .minutes(1)

  /// As last seen; nil before the first look.
  private(set) var pauses: [Pause]?
  private var grounds: Int?
  private var problem: UnusableSite?
  /// An attempt could not be decided: what went with it is given back at the next look.
  private(set) var hasFailed = false
  private var told = (halt: false, problem: false)

  /// Nothing is to be claimed, begun or kept.
  var isHalted: Bool { problem != nil || isStoppedByPerson }
  private var isStoppedByPerson: Bool { pauses?.contains { $0.scope == .halt || $0.scope == .all } == true }
  var pausesRelays: Bool { pauses?.contains { $0.scope == .relay } == true }

  /// Before the transaction: what attempts are decided by.
  /// - Parameter once: files that cannot be used are an error.
  /// - Returns: what is prepared is to be given back.
  mutating func look(_ preparer: any AttemptPreparer, once: Bool, now: Moment) throws -> Bool {
    defer { hasFailed = false }
    let before = grounds
    do {
      grounds = try preparer.grounds(now: now)
      problem = nil
    } catch let found as UnusableSite where !once {
      grounds = nil
      problem = found
    }
    return hasFailed || before != grounds
  }

  /// What was prepared; nothing, and a look is due, when the site's files could not be used for it.
  mutating func take<Ready>(
    from preparing: PreparingThread<Ready>, once: Bool
  ) throws -> [PreparingThread<Ready>.Answer] {
    do {
      return try preparing.take()
    } catch is UnusableSite where !once {
      hasFailed = true
      return []
    }
  }

  /// Within it: what persons have stopped.
  /// - Returns: something else than before.
  func differs(from found: [Pause]) -> Bool { pauses.map { $0 != found } ?? false }

  /// After it.
  /// - Returns: news for people.
  mutating func take(_ found: [Pause]) -> [DispatchReport] {
    pauses = found
    var news: [DispatchReport] = []
    if isStoppedByPerson != told.halt { news.append(.halted(isStoppedByPerson)) }
    if (problem != nil) != told.problem { news.append(.unusableSite(problem?.why)) }
    told = (isStoppedByPerson, problem != nil)
    return news
  }
}
