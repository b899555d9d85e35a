// What one caller sees of one bulletin, decided: the one place where feeds ask who may see what. Every listing, page,
// address and count is made of views; what has none does not exist for that caller.

import Bulletins
import Distribution
import Feeds
import Markings
import Outbox
import Store
import Synchronization

/// Callers who see the same have equal views, whoever they are.
struct FeedView: Hashable, Sendable {
  enum Shown: Hashable, Sendable {
    case variant(VariantKey, hasPortal: Bool)
    /// - Parameter ended: when it expired before its time.
    case notice(NoticeContent, hasPortal: Bool, ended: Instant?)
  }
  struct Earlier: Hashable, Sendable {
    var release: Int64
    var labels: [String]
  }

  /// The version that is shown, or whose end is told: the newest that the caller may see.
  var release: Int64
  var standing: FeedItem.Standing
  var shown: Shown
  var labels: [String]
  /// Oldest first.
  var earlier: [Earlier]
  /// Of the audience, those that the caller is of.
  var sectors: [String]
  /// When it became what it is for this caller.
  var changedAt: Instant
  /// Its place among all changes, made of what this caller is told alone: of the newest change, or of the start of the
  /// version that took it away.
  var position: Int64
  /// Of the bulletin's first version.
  var firstSerial: String
  var publishedAt: Instant
}

/// A bulletin between two of its changes: its versions, and who sees what of them.
final class FeedLine: Sendable {
  private struct Version {
    var record: ReleaseRecord
    /// Its position when it began.
    var start: Int64
  }
  /// Those that readers were shown, oldest first; never empty.
  private let versions: [Version]
  private let entry: FeedEntry
  /// It was ended by a person's order; a lifetime that ran out is for the window to say.
  private let isEnded: Bool
  private let decided: Mutex<Decided>

  /// Few callers' views differ: each is kept once, and a caller is a number.
  private struct Decided {
    var views: [FeedView?] = []
    var places: [FeedView?: UInt16] = [:]
    /// By the caller's number: its place in `views` and 1; 0: not decided yet.
    var byCaller: [UInt16] = []
    var until = Instant(seconds: .min)
    var since = Instant(seconds: .max)
  }

  init?(_ entry: FeedEntry, _ session: any StoreSession) throws {
    self.entry = entry
    let all = try session.releases(bulletin: entry.bulletin)
    let starts = try session.feedStarts(bulletin: entry.bulletin)
    // One that began since the entry was read comes with the next entry.
    versions = all.filter { $0.id <= entry.release }.compactMap { record in
      starts[record.id].map { Version(record: record, start: $0) }
    }
    guard versions.last?.record.id == entry.release else { return nil }
    isEnded = entry.standing == .expired && all.contains { $0.kind == .expiry }
    decided = Mutex(Decided())
  }

  /// - Parameters:
  ///   - number: the caller's.
  ///   - open: a version ready for decisions; nil: nothing can be made of its files, and nobody sees it.
  /// - Returns: nil: the bulletin does not exist for this caller; and until when that holds.
  func view(
    of reader: Reader, number: Int, at now: Instant, open: (ReleaseRecord) throws -> FeedRelease?
  ) throws -> (view: FeedView?, until: Instant) {
    let known = decided.withLock { decided -> (view: FeedView?, until: Instant)? in
      guard now < decided.until, decided.since <= now, decided.byCaller.indices.contains(number),
        case let place = decided.byCaller[number], place > 0
      else { return nil }
      return (decided.views[Int(place) - 1], decided.until)
    }
    if let known { return known }
    var until = Instant(seconds: .max)
    let view = try decide(reader, at: now) { record in
      guard let release = try open(record) else { return nil }
      until = min(until, release.until(now))
      return release
    }
    keep(view, number, until: until, at: now)
    return (view, until)
  }

  private func keep(_ view: FeedView?, _ number: Int, until: Instant, at now: Instant) {
    decided.withLock { decided in
      if now >= decided.until || now < decided.since { decided = Decided() }
      if decided.views.isEmpty { (decided.until, decided.since) = (until, now) }
      decided.until = min(decided.until, until)
      decided.since = max(decided.since, now)
      let place = decided.places[view] ?? UInt16(clamping: decided.views.count + 1)
      guard place < .max else { return }
      if decided.places[view] == nil {
        decided.views.append(view)
        decided.places[view] = place
      }
      while decided.byCaller.count <= number { decided.byCaller.append(0) }
      decided.byCaller[number] = place
    }
  }

  // MARK: Deciding

  private func decide(
    _ reader: Reader, at now: Instant, open: (ReleaseRecord) throws -> FeedRelease?
  ) throws -> FeedView? {
    for (place, version) in versions.enumerated().reversed() {
      let record = version.record
      guard let release = try open(record), let sight = release.sight(reader, at: now) else { continue }
      // Whatever became of the bulletin after that version took it away is nothing to this caller.
      let next = place == versions.count - 1 ? nil : versions[place + 1]
      let standing = next == nil ? standing(release, at: now) : .withdrawn
      guard let shown = shown(standing, release, sight, reader, at: now) else { return nil }
      var view = FeedView(
        release: record.id, standing: standing, shown: shown, labels: labels(release, sight), earlier: [],
        sectors: sight.meetsShortTitle ? release.sectors(of: reader) : [],
        changedAt: next.map { Instant(seconds: $0.record.startsAt.seconds) } ?? changedAt(release, standing),
        position: next?.start ?? entry.position, firstSerial: entry.firstSerial,
        publishedAt: Instant(seconds: entry.firstReleasedAt.seconds))
      for earlier in versions[..<place] {
        guard let release = try open(earlier.record), let sight = release.sight(reader, at: now) else { continue }
        view.earlier.append(FeedView.Earlier(release: earlier.record.id, labels: labels(release, sight)))
      }
      return view
    }
    return nil
  }

  private func standing(_ release: FeedRelease, at now: Instant) -> FeedItem.Standing {
    switch entry.standing {
    case .recalled: return .recalled
    case .replaced: return .withdrawn
    case .expired where isEnded: return .expired
    case .live, .expired: return release.expires.map { now >= $0 } == true ? .expired : .live
    }
  }

  private func shown(
    _ standing: FeedItem.Standing, _ release: FeedRelease, _ sight: FeedRelease.Sight, _ reader: Reader,
    at now: Instant
  ) -> FeedView.Shown? {
    let why: NoticeWhy
    switch standing {
    case .live:
      // Only a product that the feed cut, or kept back, names the portal.
      let hasPortal = reader.stakeholder.channels.contains(.portal)
      if let key = sight.key { return .variant(key, hasPortal: key.cut && hasPortal) }
      return release.notice(.cut, to: reader, at: now).map { .notice($0, hasPortal: hasPortal, ended: nil) }
    case .recalled: why = .recalled
    case .expired: why = .expired
    case .withdrawn: why = .withdrawn
    }
    let ended = standing == .expired && isEnded ? Instant(seconds: entry.changedAt.seconds) : nil
    return release.notice(why, to: reader, at: now).map { .notice($0, hasPortal: false, ended: ended) }
  }

  private func labels(_ release: FeedRelease, _ sight: FeedRelease.Sight) -> [String] {
    sight.key.map { release.labels($0.visible) } ?? []
  }

  /// Of the newest version.
  private func changedAt(_ release: FeedRelease, _ standing: FeedItem.Standing) -> Instant {
    let changed = Instant(seconds: entry.changedAt.seconds)
    // Its time ran out, and the ledger has not been told yet.
    if standing == .expired, !isEnded, let expires = release.expires { return max(expires, changed) }
    return changed
  }
}
