// One released version while feeds are made of it: what each caller may see of it, and its products.

import Bulletins
import Distribution
import Feeds
import Markings
import Outbox
import Rendering
import Store
import Synchronization

final class FeedRelease: Sendable {
  let record: ReleaseRecord
  let assembly: ProductAssembly
  let urgency: Urgency
  /// About what it holds in memory, in bytes.
  let weight: Int
  private let zoneEnd: @Sendable (Instant) -> Instant
  private let judging = Mutex<Judging?>(nil)

  /// Decisions of one round, as long as no test of a date changes.
  private struct Judging {
    var round: DecisionRound
    var until: Instant
  }

  /// What one caller may see of this version, the end of its window left aside.
  struct Sight: Hashable, Sendable {
    /// The product; nil: only a notice, since the feed's ceiling leaves nothing whole.
    var key: VariantKey?
    var meetsShortTitle: Bool
  }

  init(_ stored: StoredRevision, _ released: ReleasedRevision, _ site: FeedSite) {
    record = stored.record
    urgency = released.urgency
    assembly = ProductAssembly(
      released.revision, pictures: released.pictures, workspace: site.workspace, layouts: site.layouts,
      serial: record.serial, releasedAt: Instant(seconds: record.at.seconds), relation: released.relation,
      isPulled: true)
    // Its tree is some times the text; pictures stay as they are.
    weight = stored.size * 8 + 20_000
    zoneEnd = { site.dayAfter($0) }
  }

  var decider: Decider { assembly.decider }
  var expires: Instant? { decider.labels.window.expires }

  private func judge<Answer: Sendable>(at now: Instant, _ body: (DecisionRound) -> Answer) -> Answer {
    judging.withLock { judging -> Answer in
      if let known = judging, now < known.until, known.round.time.now <= now { return body(known.round) }
      let round = decider.round(at: now)
      judging = Judging(round: round, until: until(now))
      return body(round)
    }
  }

  /// When a test of a date may next give another answer.
  func until(_ now: Instant) -> Instant {
    let window = decider.labels.window
    return [window.notBefore, window.expires].compactMap { $0 }.filter { $0 > now }.reduce(zoneEnd(now), min)
  }

  /// - Returns: nil: nothing; for this caller the version does not exist.
  func sight(_ reader: Reader, at now: Instant) -> Sight? {
    judge(at: now) { round in
      let decision = round.decideAsCurrent(reader, Endpoint(.feed))
      if case .withheld = decision { return nil }
      return Sight(
        key: decision.variant, meetsShortTitle: round.met(reader).contains(Document.shortTitlePortion))
    }
  }

  func notice(_ why: NoticeWhy, to reader: Reader, at now: Instant) -> NoticeContent? {
    judge(at: now) { round in
      why == .cut
        ? round.notice(why, to: reader, .feed) : round.lifeNotice(why, to: reader, .feed, lists: nil)
    }
  }

  /// Of the bulletin's audience, the sectors that a caller is of who meets the short title: facts of the front matter
  /// have its label (markings.md section 2).
  func sectors(of reader: Reader) -> [String] {
    let named = decider.revision.document.frontMatter.audience.filter { $0.axis == .sectors }
      .reduce(into: Set<String>()) { $0.formUnion($1.values) }
    return reader.stakeholder.sectors.filter { named.contains($0) && decider.vocabulary.sectors.contains($0) }.sorted()
  }

  /// What the labels and clauses of some portions demand, in words, each once.
  func labels(_ visible: PortionSet) -> [String] {
    let all = decider.labels.portions
    return Set(visible.indices.filter(all.indices.contains).map { all[$0].label.words }).sorted()
  }

  /// Something that the caller sees is LES or above, or TLP:RED. What is not known to be lower is held to be that.
  func isSensitive(_ visible: PortionSet) -> Bool {
    let all = decider.labels.portions
    let atoms = visible.indices.filter(all.indices.contains).reduce(into: decider.labels.compilation?.atoms ?? []) {
      $0.formUnion(all[$1].label.atoms)
    }
    return !atoms.isSubset(of: Self.ordinary)
  }

  /// All of it is under a recorded public release.
  /// - Parameter visible: nil: the whole, hidden portions too.
  func isPublic(_ visible: PortionSet?) -> Bool {
    let all = decider.labels.portions
    let portions = visible.map { $0.indices.filter(all.indices.contains) } ?? Array(all.indices)
    return portions.allSatisfy { all[$0].isPubliclyReleased }
  }

  /// Below LES, and no TLP:RED.
  private static let ordinary: Set<Atom> = Set(
    [.government, .partner, .fouo, .noforn, .cuiBasic, Atom("NOCON")]
      + [TrafficLight.clear, .green, .amber, .amberStrict].map(\.atom))
}

extension Label {
  fileprivate var words: String {
    var words = atoms.map(\.name).sorted()
    if case .only(let codes) = countries { words.append("countries=" + codes.sorted().joined(separator: ",")) }
    words += clauses.map { "\($0.axis.rawValue)=" + $0.values.sorted().joined(separator: ",") }.sorted()
    return words.joined(separator: " ")
  }
}
