// `revere audience FILE --against POLICY`: who gets more or less of a bulletin by the policy that holds than by another
// one, by class of channel, and why (release-policy.md section 8). Decides and stores nothing.

import Bulletins
package import Distribution
package import Markings

/// What changes for one reader by one class of channel (Documentation/audience-json.md).
package struct AudienceChange: Hashable, Sendable, Encodable {
  package enum Direction: String, Hashable, Sendable, Encodable, CaseIterable {
    case gains, loses
    /// Neither more nor less: other portions, another title, a cut that is told.
    case changes
  }
  package var reader: String
  package var channel: String
  package var change: Direction
  /// Machine codes, sorted: what stands in the way of the rest on the side where the reader gets less.
  package var reasons: [String]
  package var before: AudienceRecord
  package var after: AudienceRecord
}

package struct AudienceChanges {
  /// `email-smime` is decided as `email-tls` and would say everything twice.
  package static let channels = ChannelClass.allCases.filter { $0.served == $0 }

  private typealias Look = (decision: Decision, record: AudienceRecord)
  private var before: PreviewAudience
  private var after: PreviewAudience

  /// - Parameters:
  ///   - decider: with the policy that holds.
  ///   - policy: the one that it is compared with.
  package init(_ decider: Decider, against policy: ReleasePolicy, readers: [Reader], now: Instant) {
    let other = Decider(
      revision: decider.revision, policy: policy, site: decider.site, vocabulary: decider.vocabulary)
    before = PreviewAudience(other, readers: readers, now: now)
    after = PreviewAudience(decider, readers: readers, now: now)
  }

  /// By reader, then channel; whether or not a list would push to them.
  package mutating func each(_ visit: (AudienceChange) -> Void) {
    for reader in after.readers {
      for channel in Self.channels {
        let (old, new) = (before.look(reader, channel), after.look(reader, channel))
        guard let change = direction(reader, channel, old, new) else { continue }
        var reasons: Set<String> = []
        if change != .loses { reasons.formUnion(Self.reasons(before, reader, channel, old, other: new)) }
        if change != .gains { reasons.formUnion(Self.reasons(after, reader, channel, new, other: old)) }
        visit(
          AudienceChange(
            reader: reader.id, channel: channel.rawValue, change: change, reasons: reasons.sorted(),
            before: old.record, after: new.record))
      }
    }
  }

  private func direction(
    _ reader: Reader, _ channel: ChannelClass, _ old: Look, _ new: Look
  ) -> AudienceChange.Direction? {
    guard case .full(let one) = old.decision, case .full(let other) = new.decision else {
      let (before, after) = (Self.rank(old.decision), Self.rank(new.decision))
      if before != after { return before < after ? .gains : .loses }
      // Why nothing is got may differ; nobody gets more or less by it.
      return before == 0 || old.record == new.record ? nil : .changes
    }
    guard old.record != new.record else { return nil }
    // By what may be seen: a tear line is printed only where what it stands in for is not.
    let (hid, hides) =
      one.visible == other.visible ? ([], []) : (hidden(before, reader, channel), hidden(after, reader, channel))
    let more = !hid.isSubset(of: hides) || (old.record.thin && !new.record.thin)
    let less = !hides.isSubset(of: hid) || (!old.record.thin && new.record.thin)
    switch (more, less) {
    case (true, false): return .gains
    case (false, true): return .loses
    case (true, true), (false, false): return .changes
    }
  }

  private func hidden(_ audience: PreviewAudience, _ reader: Reader, _ channel: ChannelClass) -> Set<Int> {
    Set(audience.explain(reader, Endpoint(channel.served), listCeiling: nil).hidden.map(\.portion))
  }

  private static func rank(_ decision: Decision) -> Int {
    switch decision {
    case .withheld: 0
    case .notice: 1
    case .full: 2
    }
  }

  private static func reasons(
    _ audience: PreviewAudience, _ reader: Reader, _ channel: ChannelClass, _ look: Look, other: Look
  ) -> [String] {
    guard case .full = look.decision, case .full(let whole) = other.decision else { return look.record.reasons }
    return audience.explain(reader, Endpoint(channel.served), listCeiling: nil).hidden
      .filter { whole.visible.contains($0.portion) }.flatMap(\.reasons).map(\.machine)
  }
}
