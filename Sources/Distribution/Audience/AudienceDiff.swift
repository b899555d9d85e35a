// What a change of policy, lists or facts does to an audience, reader by reader: who gains, loses, or gets another
// product. For the release authority before a policy is put in force.

import Bulletins
package import Markings

package struct AudienceDiff: Hashable, Sendable {
  package struct Change: Hashable, Sendable {
    package var reader: String
    package var before: Outcome
    package var after: Outcome
    /// Portions that only one of the two shows.
    package var gained: [Int]
    package var lost: [Int]
  }
  package enum Outcome: String, Hashable, Sendable { case full, cut, notice, withheld }

  package private(set) var changes: [Change] = []

  /// Both deciders are of the same revision; readers with the same result are left out.
  package init(
    from before: Decider, to after: Decider, readers: some Sequence<Reader>, by endpoint: Endpoint, now: Instant
  ) {
    let old = before.round(at: now)
    let new = after.round(at: now)
    for reader in readers {
      let was = old.decide(reader, endpoint, words: false)
      let becomes = new.decide(reader, endpoint, words: false)
      guard was != becomes else { continue }
      let seen = Set(was.variant?.visible.indices ?? [])
      let sees = Set(becomes.variant?.visible.indices ?? [])
      let change = Change(
        reader: reader.id, before: Self.outcome(was), after: Self.outcome(becomes),
        gained: sees.subtracting(seen).sorted(), lost: seen.subtracting(sees).sorted())
      // Other reasons for getting nothing are no change of what is got.
      if change.before != change.after || !change.gained.isEmpty || !change.lost.isEmpty { changes.append(change) }
    }
  }

  private static func outcome(_ decision: Decision) -> Outcome {
    switch decision {
    case .full(let key): key.cut ? .cut : .full
    case .notice: .notice
    case .withheld: .withheld
    }
  }
}
