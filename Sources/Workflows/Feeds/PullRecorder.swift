// What each partner pulled: the first time that a version, a notice or an end goes to it by a feed is in the store before
// the answer goes out; what it pulls again is counted in memory and written each second. Also the numbers that a partner is given, one
// for each answer, rising over restarts, so that it can see that it missed one.
//
// A document that was recorded before is known by the array of its contents, which stays in one place as long as it is
// kept: 50 entries cost as much as one. The lock of the state is never held over the store.

package import Outbox
package import Store
import Synchronization

package final class PullRecorder: Sendable {
  private let store: any UnitOfWork
  private let state = Mutex(State())
  /// Of whatever writes; what is known to the state does not wait for it.
  private let writing = Mutex(())

  private struct State {
    var partners: [String: Partner] = [:]
    /// Rows that are known to be there, of all partners and feeds together.
    var known = 0
  }

  fileprivate struct Partner {
    var block: ClosedRange<Int64>?
    var next: Int64 = 0
    var size = PullRecorder.smallestBlock
    var lastPullAt = Moment(milliseconds: 0)
    /// Since the last flush.
    var isTouched = false
    var feeds: [String: Feed] = [:]

    mutating func number(now: Moment) -> Int64? {
      guard let block, next <= block.upperBound else { return nil }
      defer { next += 1 }
      lastPullAt = max(lastPullAt, now)
      isTouched = true
      return next
    }
  }

  fileprivate struct BlockOrder {
    var size: Int64
    /// The last number of the block before; nil: there was none.
    var given: Int64?
  }

  fileprivate struct Feed {
    /// By the place of their contents in memory.
    var documents: [UInt: Document] = [:]
    /// What has a row.
    var known: Set<PulledVersion> = []
    /// Pulls again, of single versions.
    var again: [PulledVersion: Again] = [:]
  }

  fileprivate struct Document {
    /// Kept, so that nothing else can come to lie there.
    var contents: [PulledVersion]
    var again = Again()
  }

  fileprivate struct Again {
    var count: Int64 = 0
    var lastAt = Moment(milliseconds: 0)
    mutating func add(_ count: Int64 = 1, at: Moment) {
      self.count += count
      lastAt = max(lastAt, at)
    }
  }

  fileprivate static let smallestBlock: Int64 = 256
  fileprivate static let largestBlock: Int64 = 65_536
  /// Of one partner and feed: current documents and what was pulled in this second.
  fileprivate static let mostDocuments = 8
  /// What is forgotten is only written once more.
  private static let mostKnown = 500_000

  package init(store: any UnitOfWork) { self.store = store }

  /// Call it before the answer goes out, for 200 and for 304.
  /// - Parameters:
  ///   - feed: slug, or `cap`.
  ///   - contents: what the answer carries; the document's own array, not a copy of its elements.
  ///   - mayWait: false: nil instead of writing; ask again where that may take its time.
  /// - Returns: the partner's next number.
  /// - Throws: it could not be recorded; then the answer must not go out.
  package func record(
    _ caller: FeedCaller, feed: String, contents: [PulledVersion], now: Moment, mayWait: Bool = true
  ) throws -> Int64? {
    let place = Self.place(of: contents)
    let number = state.withLock { state -> Int64? in
      state.partners[caller.partner]?.recordAgain(feed, place, isEmpty: contents.isEmpty, now: now)
    }
    if let number { return number }
    guard mayWait else { return nil }
    return try writing.withLock { _ in try write(caller.partner, feed, contents, place, now: now) }
  }

  private static func place(of contents: [PulledVersion]) -> UInt {
    contents.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
  }

  private func write(
    _ partner: String, _ feed: String, _ contents: [PulledVersion], _ place: UInt, now: Moment
  ) throws -> Int64 {
    let (fresh, order) = state.withLock { state in
      let known = state.partners[partner, default: Partner()]
      let seen = known.feeds[feed]?.known ?? []
      return (contents.filter { !seen.contains($0) }, known.blockOrder)
    }
    var block: ClosedRange<Int64>?
    if !fresh.isEmpty || order != nil {
      block = try store.write { session in
        try session.insert(
          pulls: fresh.map { PullRecord($0, partner: partner, feed: feed, firstAt: now, lastAt: now, count: 1) })
        return try order.map { try Self.reserve($0, partner, session, now: now) }
      }
    }
    var number = state.withLock { state in
      state.known += fresh.count
      state.partners[partner, default: Partner()].note(feed, contents, place, fresh: fresh, now: now)
      return state.partners[partner]?.number(of: block, now: now)
    }
    // Those who need not wait may have taken what was left of the block meanwhile.
    while true {
      if let number { return number }
      let order = state.withLock { $0.partners[partner]?.blockOrder }
      let block = try order.map { order in try store.write { try Self.reserve(order, partner, $0, now: now) } }
      number = state.withLock { $0.partners[partner]?.number(of: block, now: now) }
    }
  }

  private static func reserve(
    _ order: BlockOrder, _ partner: String, _ session: any StoreSession, now: Moment
  ) throws -> ClosedRange<Int64> {
    try session.reserveSequence(partner: partner, count: order.size, given: order.given, at: now)
  }

  /// Each second. What cannot be written is kept for the next time.
  package func flush() throws {
    try writing.withLock { _ in try write(closing: false) }
  }

  /// The numbers of the open blocks are given back: the next server goes on with them.
  package func close() throws {
    try writing.withLock { _ in try write(closing: true) }
  }

  private func write(closing: Bool) throws {
    let (pulls, notes) = state.withLock { state in
      var pulls: [PullRecord] = []
      var notes: [(partner: String, given: Int64, block: ClosedRange<Int64>, at: Moment)] = []
      for name in state.partners.keys.sorted() {
        guard let block = state.partners[name]?.block, closing || state.partners[name]?.isTouched == true else {
          continue
        }
        pulls += state.partners[name]?.takeAgain(as: name) ?? []
        if let partner = state.partners[name] { notes.append((name, partner.next - 1, block, partner.lastPullAt)) }
      }
      if state.known > Self.mostKnown {
        state.known = 0
        for name in state.partners.keys { state.partners[name]?.feeds = [:] }
      }
      return (pulls, notes)
    }
    if notes.isEmpty { return }
    do {
      try store.write { session in
        try session.insert(pulls: pulls)
        for note in notes {
          try session.note(
            sequence: note.given, of: note.block, partner: note.partner, lastPullAt: note.at, closing: closing)
        }
      }
      if closing { state.withLock { state in for note in notes { state.partners[note.partner]?.block = nil } } }
    } catch {
      state.withLock { state in
        for pull in pulls { state.partners[pull.partner]?.putBack(pull) }
        for note in notes { state.partners[note.partner]?.isTouched = true }
      }
      throw error
    }
  }
}

extension PullRecorder.Partner {
  /// - Returns: nil: something of it has to be written first.
  fileprivate mutating func recordAgain(_ feed: String, _ place: UInt, isEmpty: Bool, now: Moment) -> Int64? {
    guard let block, next <= block.upperBound else { return nil }
    if !isEmpty {
      guard feeds[feed]?.documents[place]?.again.add(at: now) != nil else { return nil }
    }
    return number(now: now)
  }

  /// What the store is to be asked for; nil: there are numbers left.
  fileprivate var blockOrder: PullRecorder.BlockOrder? {
    if let block, next <= block.upperBound { return nil }
    return PullRecorder.BlockOrder(size: size, given: block?.upperBound)
  }

  /// The first of a new block, or the next.
  fileprivate mutating func number(of new: ClosedRange<Int64>?, now: Moment) -> Int64? {
    if let new {
      block = new
      next = new.lowerBound
      size = min(size * 2, PullRecorder.largestBlock)
    }
    return number(now: now)
  }

  fileprivate mutating func note(
    _ feed: String, _ contents: [PulledVersion], _ place: UInt, fresh: [PulledVersion], now: Moment
  ) {
    guard !contents.isEmpty else { return }
    let written = Set(fresh)
    for version in contents where !written.contains(version) {
      feeds[feed, default: PullRecorder.Feed()].again[version, default: PullRecorder.Again()].add(at: now)
    }
    feeds[feed, default: PullRecorder.Feed()].known.formUnion(fresh)
    // What is there already has counts that are not written yet.
    if feeds[feed]?.documents[place] == nil {
      feeds[feed, default: PullRecorder.Feed()].documents[place] = PullRecorder.Document(contents: contents)
    }
  }

  /// What was pulled again since the last time; where there are many, documents that nobody asked for are let go.
  fileprivate mutating func takeAgain(as name: String) -> [PullRecord] {
    isTouched = false
    var pulls: [PullRecord] = []
    for slug in feeds.keys.sorted() {
      guard var feed = feeds.removeValue(forKey: slug) else { continue }
      for document in feed.documents.values where document.again.count > 0 {
        for version in document.contents {
          feed.again[version, default: PullRecorder.Again()].add(document.again.count, at: document.again.lastAt)
        }
      }
      pulls += feed.again.sorted { $0.key.release < $1.key.release }.map { version, again in
        PullRecord(
          version, partner: name, feed: slug, firstAt: again.lastAt, lastAt: again.lastAt, count: again.count)
      }
      feed.again = [:]
      if feed.documents.count > PullRecorder.mostDocuments {
        feed.documents = feed.documents.filter { $0.value.again.count > 0 }
      }
      for place in feed.documents.keys { feed.documents[place]?.again = PullRecorder.Again() }
      feeds[slug] = feed
    }
    return pulls
  }

  fileprivate mutating func putBack(_ pull: PullRecord) {
    feeds[pull.feed, default: PullRecorder.Feed()]
      .again[PulledVersion(pull), default: PullRecorder.Again()]
      .add(pull.count, at: pull.lastAt)
  }
}

extension PullRecord {
  fileprivate init(
    _ version: PulledVersion, partner: String, feed: String, firstAt: Moment, lastAt: Moment, count: Int64
  ) {
    self.init(
      partner: partner, release: version.release, version: version.version, feed: feed, kind: version.kind,
      variant: version.variant, banner: version.banner, firstAt: firstAt, lastAt: lastAt, count: count)
  }
}

extension PulledVersion {
  fileprivate init(_ pull: PullRecord) {
    self.init(
      release: pull.release, version: pull.version, kind: pull.kind, variant: pull.variant, banner: pull.banner)
  }
}
