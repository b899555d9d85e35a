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
    /// As `FeedView.run`.
    var run: Int
  }

  /// The version that is shown, or whose end is told: the newest that the caller may see.
  var release: Int64
  var standing: FeedItem.Standing
  var shown: Shown
  var labels: [String]
  /// As `FeedItem.run`.
  var run: Int
  /// Oldest first.
  var earlier: [Earlier]
  /// Of the version that is shown, never of a newer one.
  var series: String
  /// Of its audience, those that the caller is of.
  var sectors: [String]
  /// When it became what it is for this caller.
  var changedAt: Instant
  /// Its place among all changes, made of what this caller is told alone: of the newest change, or of the start of the
  /// version that took it away.
  var position: Int64
  /// Of the bulletin's first version.
  var firstSerial: String
  var publishedAt: Instant

  func stands(in feed: FeedName) -> Bool {
    switch feed.scope {
    case .all: true
    case .series: series == feed.slug
    case .sector: sectors.contains(feed.slug)
    }
  }
}

/// One bulletin for one caller, in every feed.
struct FeedSight: Hashable, Sendable {
  var view: FeedView
  /// The last version of each feed that a later version left, newest first: it stands there withdrawn, at the time when
  /// it left, and nothing that came later moves it. Empty where no version has another series or other sectors.
  var left: [FeedView] = []

  /// - Returns: nil: for this caller it was never there.
  func view(in feed: FeedName) -> FeedView? {
    view.stands(in: feed) ? view : left.first { $0.stands(in: feed) }
  }
}

/// A bulletin between two of its changes: its versions, and who sees what of them.
final class FeedLine: Sendable {
  private struct Version {
    var record: ReleaseRecord
    /// Its position when it began.
    var start: Int64
  }
  /// One that a caller sees, the end of its window left aside.
  private struct Seen {
    /// Among `versions`.
    var place: Int
    var release: FeedRelease
    var sight: FeedRelease.Sight
    var labels: [String]
    var sectors: [String]
    var run = 0
    var series: String { release.record.series }
  }
  /// Those that readers were shown, oldest first; never empty.
  private let versions: [Version]
  private let entry: FeedEntry
  /// It was ended by a person's order; a lifetime that ran out is for the window to say.
  private let isEnded: Bool
  private let decided: Mutex<Decided>

  /// Few callers' sights differ: each is kept once, and a caller is a number.
  private struct Decided {
    var sights: [FeedSight?] = []
    var places: [FeedSight?: UInt16] = [:]
    /// By the caller's number: its place in `sights` and 1; 0: not decided yet.
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
  func sight(
    of reader: Reader, number: Int, at now: Instant, open: (ReleaseRecord) throws -> FeedRelease?
  ) throws -> (sight: FeedSight?, until: Instant) {
    let known = decided.withLock { decided -> (sight: FeedSight?, until: Instant)? in
      guard now < decided.until, decided.since <= now, decided.byCaller.indices.contains(number),
        case let place = decided.byCaller[number], place > 0
      else { return nil }
      return (decided.sights[Int(place) - 1], decided.until)
    }
    if let known { return known }
    var until = Instant(seconds: .max)
    let sight = try decide(reader, at: now) { record in
      guard let release = try open(record) else { return nil }
      until = min(until, release.until(now))
      return release
    }
    keep(sight, number, until: until, at: now)
    return (sight, until)
  }

  private func keep(_ sight: FeedSight?, _ number: Int, until: Instant, at now: Instant) {
    decided.withLock { decided in
      if now >= decided.until || now < decided.since { decided = Decided() }
      if decided.sights.isEmpty { (decided.until, decided.since) = (until, now) }
      decided.until = min(decided.until, until)
      decided.since = max(decided.since, now)
      let place = decided.places[sight] ?? UInt16(clamping: decided.sights.count + 1)
      guard place < .max else { return }
      if decided.places[sight] == nil {
        decided.sights.append(sight)
        decided.places[sight] = place
      }
      while decided.byCaller.count <= number { decided.byCaller.append(0) }
      decided.byCaller[number] = place
    }
  }

  // MARK: Deciding

  private func decide(
    _ reader: Reader, at now: Instant, open: (ReleaseRecord) throws -> FeedRelease?
  ) throws -> FeedSight? {
    var seen: [Seen] = []
    for (place, version) in versions.enumerated() {
      guard let release = try open(version.record), let sight = release.sight(reader, at: now) else { continue }
      seen.append(
        Seen(
          place: place, release: release, sight: sight, labels: labels(release, sight),
          sectors: sight.meetsShortTitle ? release.sectors(of: reader) : []))
    }
    number(&seen)
    guard let newest = seen.last, let view = view(newest, after: seen.dropLast(), of: reader, at: now) else {
      return nil
    }
    var sight = FeedSight(view: view)
    for (count, one) in seen.enumerated().dropLast().reversed() {
      let later = [sight.view] + sight.left
      let isNew =
        !later.contains { $0.series == one.series }
        || one.sectors.contains { sector in !later.contains { $0.sectors.contains(sector) } }
      if isNew, let left = self.view(one, after: seen[..<count], of: reader, at: now) { sight.left.append(left) }
    }
    return sight
  }

  /// Which versions are one report of STIX. A report that ended, in any collection, never comes back: what follows a
  /// break is another one.
  private func number(_ seen: inout [Seen]) {
    for place in seen.indices.dropFirst() {
      let one = seen[place]
      let last = seen[place - 1]
      let startsAt = Instant(seconds: one.release.record.startsAt.seconds)
      let goesOn =
        last.place + 1 == one.place && last.labels == one.labels && last.series == one.series
        && last.sectors == one.sectors && last.release.expires.map { $0 > startsAt } ?? true
      if goesOn {
        seen[place].run = last.run
      } else if seen[..<place].contains(where: { $0.labels == one.labels }) {
        seen[place].run = one.release.record.version
      }
    }
  }

  private func view(
    _ one: Seen, after earlier: ArraySlice<Seen>, of reader: Reader, at now: Instant
  ) -> FeedView? {
    let record = one.release.record
    // Whatever became of the bulletin after that version was taken away, from the caller or from a feed, is not told.
    let next = one.place == versions.count - 1 ? nil : versions[one.place + 1]
    let standing = next == nil ? standing(one.release, at: now) : .withdrawn
    guard let shown = shown(standing, one.release, one.sight, reader, at: now) else { return nil }
    return FeedView(
      release: record.id, standing: standing, shown: shown, labels: one.labels, run: one.run,
      earlier: earlier.map { FeedView.Earlier(release: $0.release.record.id, labels: $0.labels, run: $0.run) },
      series: record.series, sectors: one.sectors,
      changedAt: next.map { Instant(seconds: $0.record.startsAt.seconds) } ?? changedAt(one.release, standing),
      position: next?.start ?? entry.position, firstSerial: entry.firstSerial,
      publishedAt: Instant(seconds: entry.firstReleasedAt.seconds))
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
