// Values that are dear to make, kept within a bound: each is made once, also when many ask at the same time; who asks for
// another does not wait. What was used longest ago goes first.

import Synchronization

final class KeptOnce<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private final class Place: Sendable {
    let value = Mutex<Value?>(nil)
  }
  private struct Kept {
    var place: Place
    var weight = 0
    var usedAt: UInt64
  }
  private struct State {
    var places: [Key: Kept] = [:]
    var weight = 0
    var uses: UInt64 = 0
  }
  /// In the unit of the weights.
  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  /// - Parameter make: with the value's weight, at least 1. An error is kept by nobody: the next who asks tries again.
  func value(_ key: Key, make: () throws -> (value: Value, weight: Int)) throws -> Value {
    let place = state.withLock { state -> Place in
      state.uses += 1
      let found = state.places[key]?.place ?? Place()
      state.places[key, default: Kept(place: found, usedAt: 0)].usedAt = state.uses
      return found
    }
    var weight: Int?
    let value = try place.value.withLock { known -> Value in
      if let known { return known }
      let made = try make()
      known = made.value
      weight = made.weight
      return made.value
    }
    if let weight { keep(weight, at: key, place) }
    return value
  }

  private func keep(_ weight: Int, at key: Key, _ place: Place) {
    state.withLock { state in
      guard state.places[key]?.place === place else { return }
      state.places[key]?.weight = weight
      state.weight += weight
      guard state.weight > limit else { return }
      // A quarter goes at once, so that this is seldom.
      for (key, kept) in state.places.sorted(by: { $0.value.usedAt < $1.value.usedAt }) {
        guard state.weight > limit / 4 * 3 else { break }
        if kept.weight == 0 { continue }
        state.places[key] = nil
        state.weight -= kept.weight
      }
    }
  }
}
