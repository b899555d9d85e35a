// The port for feeds: where each bulletin stands among all changes, and a mark that moves when anything does that a
// feed depends on. What a caller sees of it is decided elsewhere; nothing here knows readers.

package import Outbox

/// One bulletin that was visible at some time.
package struct FeedEntry: Hashable, Sendable {
  package enum Standing: String, Hashable, Sendable, CaseIterable {
    case live, recalled
    /// Its lifetime ran out, or it was ended before.
    case expired
    /// Another bulletin took its place.
    case replaced
  }
  /// The file stem.
  package var bulletin: String
  /// Of the release below.
  package var series: String
  /// The newest release that brings a revision and has begun.
  package var release: Int64
  package var standing: Standing
  /// Of its newest change: microseconds since 1970; of no two bulletins within 16, and of a later change always larger.
  package var position: Int64
  /// Of the first version, whenever that began.
  package var firstReleasedAt: Moment
  /// `2026-11` of the center's zone, as that was when the entry came.
  package var month: String
  /// When it last changed for readers: the start of the release, or the end.
  package var changedAt: Moment
  package var firstSerial: String

  package init(
    bulletin: String, series: String, release: Int64, standing: Standing, position: Int64, firstReleasedAt: Moment,
    month: String, changedAt: Moment, firstSerial: String
  ) {
    self.bulletin = bulletin
    self.series = series
    self.release = release
    self.standing = standing
    self.position = position
    self.firstReleasedAt = firstReleasedAt
    self.month = month
    self.changedAt = changedAt
    self.firstSerial = firstSerial
  }
}

/// A bulletin at one of the places where it may stand. Its newest change is one of them. The others are the starts of
/// versions that took the place of an earlier one: whoever may not see such a version has the bulletin there, at the time
/// when the earlier one was taken away from them, and nothing that came later moves it; so has a feed that it left.
package struct FeedPlace: Hashable, Sendable {
  package var position: Int64
  package var entry: FeedEntry
  package init(position: Int64, entry: FeedEntry) {
    self.position = position
    self.entry = entry
  }
}

/// What representations are kept by: as long as it is equal, and `dueAt` has not come, every feed stays what it is.
package struct FeedMark: Hashable, Sendable {
  /// Of the newest entry; 0: there is none.
  package var position: Int64
  /// The current import of the site's files.
  package var snapshot: Int64?
  package var isHalted: Bool
  package var importFailed: Bool
  /// When `settleFeeds` next has something to do; in the past where it has now.
  package var dueAt: Moment?
  /// Moves when a partner or a credential changes.
  package var access: Int64

  package init(
    position: Int64, snapshot: Int64? = nil, isHalted: Bool = false, importFailed: Bool = false, dueAt: Moment? = nil,
    access: Int64 = 0
  ) {
    self.position = position
    self.snapshot = snapshot
    self.isHalted = isHalted
    self.importFailed = importFailed
    self.dueAt = dueAt
    self.access = access
  }
}

/// `insert(release:)` keeps the entries too: they change with the release's transaction or not at all. A release whose
/// start is ahead changes nothing before it; the version before it stays until then.
package protocol FeedStore {
  /// By a few searches of indexes: 6 microseconds. `UnitOfWork.feedMark` remembers it and takes 0.2.
  func feedMark() throws(StoreError) -> FeedMark
  /// Lets begin what begins and ends what ends by then; founds the feeds of a ledger that has none yet, or knows no
  /// starts, from all its releases. Whoever serves calls it when `dueAt` has come.
  /// - Parameter month: `2026-11` of a time, in the center's zone.
  /// - Returns: how many entries changed.
  func settleFeeds(now: Moment, month: (Moment) -> String) throws(StoreError) -> Int

  /// Every place, newest first; nil: from the newest. A bulletin may be there more than once.
  func feedPlaces(before position: Int64?, limit: Int) throws(StoreError) -> [FeedPlace]
  /// Oldest first.
  func feedPlaces(after position: Int64, limit: Int) throws(StoreError) -> [FeedPlace]
  /// Positions of a bulletin's versions when they began, by release: those alone that readers were shown.
  func feedStarts(bulletin: String) throws(StoreError) -> [Int64: Int64]
  /// Bulletins and the series that a version left, by the version that began after a position with another series.
  func feedSeriesLeft(after position: Int64) throws(StoreError) -> [(bulletin: String, series: String)]
  /// Newest change first.
  func feedEntries(month: String) throws(StoreError) -> [FeedEntry]
  /// Months with an entry, newest first.
  func feedMonths() throws(StoreError) -> [String]
  /// - Parameter serial: of any version, also of one that has not begun.
  func feedEntry(serial: String) throws(StoreError) -> FeedEntry?
  /// Before every position; never changes. `notFound` before the first `settleFeeds`.
  func feedFoundedAt() throws(StoreError) -> Moment
}
