// Decisions at one instant. Readers who meet the same requirements share everything after that, so that 100,000 readers
// cost little more than the evaluation of their facts. Not for sharing between tasks; make one for each.

package import Bulletins
import Crypto
import Markings

package final class DecisionRound {
  package let decider: Decider
  package let time: DecisionTime
  /// The digest's state after all that is the same for every reader.
  private(set) lazy var shared = decider.hasher(at: time)
  private var truth: [Bool]
  private var ceilings: [CeilingKey: Int] = [:]
  private var allowed: [(list: PortionSet?, both: PortionSet, compilationByList: Bool, compilationByBoth: Bool)] = []
  private var outcomes: [OutcomeKey: Outcome] = [:]
  private var wholes: [WholeKey: PortionSet] = [:]
  private var reduced: [PortionSet: PortionSet] = [:]

  private struct CeilingKey: Hashable {
    var channel: ChannelClass
    var list: Ceiling?
  }
  private struct OutcomeKey: Hashable {
    var met: PortionSet
    var ceiling: Int
  }
  /// A decision, and what a push compares channels by.
  struct Outcome {
    var decision: Decision
    /// The product shows all that the lists' ceiling would let a channel show that has none.
    var isWhole = false
    /// How many portions the reader may see, printed or not: more is better, while a tear line may print more portions
    /// than what it stands in for.
    var visible = 0
  }
  private struct WholeKey: Hashable {
    var met: PortionSet
    var list: Ceiling?
  }

  init(_ decider: Decider, _ time: DecisionTime) {
    self.decider = decider
    self.time = time
    truth = Array(repeating: false, count: decider.compiled.order.count)
  }

  /// `words: false` leaves the words of reasons empty: for counting.
  package func decide(
    _ reader: Reader, _ endpoint: Endpoint, listCeiling: Ceiling? = nil, words: Bool = true
  ) -> Decision {
    let decision = refusal(of: reader) ?? decide(met(by: reader), endpoint.channel, listCeiling)
    return words ? worded(decision, reader) : decision
  }

  /// The same decision with words in its reasons.
  package func worded(_ decision: Decision, _ reader: Reader) -> Decision {
    guard case .withheld(let reasons) = decision else { return decision }
    return .withheld(decider.explainer.worded(reasons, reader, self))
  }

  /// What stands alone, in this order of precedence, before any portion is looked at.
  func refusal(of reader: Reader) -> Decision? {
    let labels = decider.labels
    if labels.faults.contains(.spillage) { return .withheld([Reason(.spillage)]) }
    if labels.faults.contains(.invalid) { return .withheld([Reason(.invalid)]) }
    if reader.stakeholder.status != .active { return .withheld([Reason(.status)]) }
    if let notBefore = labels.window.notBefore, time.now < notBefore { return .withheld([Reason(.window)]) }
    return nil
  }

  /// For a reader who is not refused and meets these requirements.
  func decide(_ met: PortionSet, _ channel: ChannelClass, _ list: Ceiling?) -> Decision {
    candidate(met, channel, list).decision
  }

  /// The same, to be compared with other channels.
  func candidate(_ met: PortionSet, _ channel: ChannelClass, _ list: Ceiling?) -> Outcome {
    var outcome = known(met, channel, list)
    guard let expires = decider.labels.window.expires, time.now >= expires else { return outcome }
    if case .withheld = outcome.decision { return outcome }
    outcome.decision = .notice(.expired)
    return outcome
  }

  func met(by reader: Reader) -> PortionSet {
    decider.requirements.met(by: ReaderFacts(reader, time), policy: decider.compiled, truth: &truth)
  }

  /// Portions that the reader meets, channels and lists aside.
  package func met(_ reader: Reader) -> PortionSet { decider.requirements.visible(met(by: reader)) }

  /// What a reader may see who meets these requirements, within a list's ceiling, channels aside.
  func visible(_ met: PortionSet, within list: Ceiling?) -> PortionSet {
    let key = WholeKey(met: met, list: list)
    if let known = wholes[key] { return known }
    let all = decider.requirements.visible(met)
    let whole = list.map { all.intersection(decider.allowed($0)) } ?? all
    wholes[key] = whole
    return whole
  }

  /// What is decided, the window's end left aside.
  func outcome(_ met: PortionSet, _ channel: ChannelClass, _ list: Ceiling?) -> Decision {
    known(met, channel, list).decision
  }

  private func known(_ met: PortionSet, _ channel: ChannelClass, _ list: Ceiling?) -> Outcome {
    let key = OutcomeKey(met: met, ceiling: place(channel, list))
    if let known = outcomes[key] { return known }
    let outcome = compute(met, allowed[key.ceiling])
    outcomes[key] = outcome
    return outcome
  }

  private func printed(_ visible: PortionSet) -> PortionSet {
    if let known = reduced[visible] { return known }
    let found = decider.printed(visible)
    reduced[visible] = found
    return found
  }

  private func place(_ channel: ChannelClass, _ list: Ceiling?) -> Int {
    let key = CeilingKey(channel: channel, list: list)
    if let known = ceilings[key] { return known }
    let own = decider.policy.ceiling(channel)
    let both = list.map(own.intersection) ?? own
    let compilation = decider.labels.compilation?.atoms ?? []
    allowed.append(
      (
        list.map(decider.allowed), decider.allowed(both), list?.allows(compilation) ?? true,
        both.allows(compilation)
      ))
    ceilings[key] = allowed.count - 1
    return allowed.count - 1
  }

  private func compute(
    _ met: PortionSet,
    _ ceiling: (list: PortionSet?, both: PortionSet, compilationByList: Bool, compilationByBoth: Bool)
  ) -> Outcome {
    guard decider.requirements.meetsCompilation(met) else {
      return Outcome(decision: .withheld([Reason(.compilation)]))
    }
    let whole = decider.requirements.visible(met)
    let failures = Hollowness(whole, decider)
    if failures.isHollow { return Outcome(decision: .withheld(failures.reasons(met))) }
    if let list = ceiling.list,
      !ceiling.compilationByList || Hollowness(whole.intersection(list), decider).isHollow
    {
      return Outcome(decision: .withheld([Reason(.listCeiling)]))
    }
    let visible = whole.intersection(ceiling.both)
    guard ceiling.compilationByBoth, !Hollowness(visible, decider).isHollow else {
      return Outcome(decision: .notice(.cut))
    }
    let key = printed(visible)
    func isLess(than more: PortionSet) -> Bool {
      visible != more && decider.shown(key) != decider.shown(printed(more))
    }
    return Outcome(
      decision: .full(VariantKey(visible: key, cut: isLess(than: whole))),
      isWhole: !isLess(than: ceiling.list.map(whole.intersection) ?? whole), visible: visible.count)
  }
}

/// What a visible set leaves hollow: required sections, or both titles.
struct Hollowness {
  let sections: [GuardPlan.Requirement]
  let lacksTitle: Bool
  private let decider: Decider

  init(_ visible: PortionSet, _ decider: Decider) {
    self.decider = decider
    sections = decider.guardPlan.hollow(visible)
    lacksTitle = !visible.contains(Document.titlePortion) && !visible.contains(Document.shortTitlePortion)
  }

  var isHollow: Bool { lacksTitle || !sections.isEmpty }

  /// Every hollow section, and what the reader lacks of title, short title and those sections.
  func reasons(_ met: PortionSet) -> [Reason] {
    var reasons = Set(sections.map { Reason(.hollow, $0.slug) })
    if lacksTitle { reasons.insert(Reason(.hollow, "title")) }
    var portions = Set([Document.titlePortion, Document.shortTitlePortion])
    for section in sections { portions.formUnion(decider.guardPlan.portions(of: section)) }
    for portion in portions where decider.labels.portions.indices.contains(portion) {
      reasons.formUnion(decider.requirements.lacks(decider.labels.portions[portion].label, met))
    }
    return reasons.sorted()
  }
}
