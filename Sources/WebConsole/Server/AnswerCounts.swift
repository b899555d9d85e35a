// How many answers went out, by status: for /metrics.

import Synchronization

/// Any thread may read; one writes, that of the connections, so that counting costs two moves and no lock.
package final class AnswerCounts: Sendable {
  private final class Counter: Sendable {
    let value = Atomic<Int>(0)
  }
  /// Those that come often first.
  private let statuses = [304, 200, 401, 429, 404, 403, 400, 405, 406, 408, 412, 413, 431, 500, 503]
  private let counters: [Counter]

  package init() { counters = (0...statuses.count).map { _ in Counter() } }

  func note(_ status: Int) {
    let counter = counters[statuses.firstIndex(of: status) ?? statuses.count]
    counter.value.store(counter.value.load(ordering: .relaxed) + 1, ordering: .relaxed)
  }

  /// nil: any other status.
  package var byStatus: [Int?: Int] {
    var found: [Int?: Int] = [nil: counters[statuses.count].value.load(ordering: .relaxed)]
    for (status, counter) in zip(statuses, counters) { found[status] = counter.value.load(ordering: .relaxed) }
    return found
  }
}
