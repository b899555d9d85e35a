// Feeds between two changes of anything that they depend on: the ledger's entries as they stand, and the documents made
// of them. Nothing in it is wrong before its time is over; then all of it is dropped.

import Distribution
import Feeds
import Markings
import Outbox
import Store
import Synchronization

final class FeedEpoch: Sendable {
  /// How many items a current document has.
  static let pageLength = 50

  let shelf: FeedShelf
  let mark: FeedMark
  private let since: Instant
  /// When the day began at the center.
  private let day: Instant
  /// Feeds were founded then.
  private let foundedAt: Instant
  private let store: any UnitOfWork
  private let forms: FeedForms
  private let state: Mutex<State>

  private struct State {
    /// Until then no test of a date changes anything that was decided here.
    var until: Instant
    /// From the newest on, as far as somebody has looked.
    var newest: [FeedPlace] = []
    var hasAll = false
    var months: [String]?
    var entries: [String: [FeedEntry]] = [:]
    var answers: [Asked: Answer] = [:]
  }
  /// The shelf's documents are bounded; whoever asks for one that went is decided about again.
  private struct Answer {
    weak var representation: FeedRepresentation?
  }
  private struct Asked: Hashable {
    var address: FeedAddress
    var reader: String
  }
  init(_ shelf: FeedShelf, _ mark: FeedMark, forms: FeedForms, store: any UnitOfWork, now: Instant) throws {
    self.shelf = shelf
    self.mark = mark
    self.store = store
    self.forms = forms
    since = now
    day = shelf.site.day(of: now)
    foundedAt = Instant(seconds: try store.read { try $0.feedFoundedAt() }.seconds)
    state = Mutex(State(until: shelf.site.dayAfter(now)))
  }

  /// Decisions made in it still hold.
  func lasts(at now: Instant) -> Bool { since <= now && state.withLock { now < $0.until } }

  // MARK: Answers

  func representation(_ address: FeedAddress, for reader: Reader, now: Instant) throws -> FeedRepresentation? {
    let asked = Asked(address: address, reader: reader.id)
    if let known = state.withLock({ $0.answers[asked]?.representation }) { return known }
    guard let made = try document(address, for: reader, now: now) else { return nil }
    state.withLock { state in
      // Addresses that answer are as many as bulletins: more callers than this ask for the newest alone.
      if state.answers.count >= 100_000 { state.answers = [:] }
      state.answers[asked] = Answer(representation: made)
    }
    return made
  }

  /// What is there already and lasts. Whoever makes something may hold the lock over a look into the store: this waits
  /// for nobody.
  func kept(_ address: FeedAddress, for reader: String, at now: Instant) -> FeedRepresentation? {
    guard since <= now else { return nil }
    let found = state.withLockIfAvailable { state in
      now < state.until ? state.answers[Asked(address: address, reader: reader)]?.representation : nil
    }
    return found ?? nil
  }

  private func document(_ address: FeedAddress, for reader: Reader, now: Instant) throws -> FeedRepresentation? {
    switch address {
    case .page(let slug, let month, let form):
      guard let feed = shelf.site.feeds[slug],
        let name = try page(feed, month, address, for: reader, at: now)
      else { return nil }
      return try document(name, now) { items in
        let page = self.page(feed, name, month: month, items)
        return (try self.forms.page(page, form), form.mediaType)
      }
    case .capFeed:
      guard let feed = shelf.site.feeds[FeedSite.allSlug],
        let name = try page(feed, nil, address, for: reader, at: now)
      else { return nil }
      // It lists the words' addresses: of what is not over it shows the title alone.
      return try document(name, now, listed: true) { items in
        (try self.forms.capFeed(self.page(feed, name, month: nil, items)), FeedForm.atom.mediaType)
      }
    case .cap(let serial, let version, let standing):
      guard let seen = try newest(serial, version, for: reader, at: now), seen.standing == standing
      else { return nil }
      let name = DocumentName(address: address, day: day, seen: [seen])
      return try document(name, now) { items in
        guard let item = items.items.first else { throw StoreError(.corrupt, detail: "\(serial) has no item") }
        return (try self.forms.alert(item, self.shelf.site.publisher), "application/cap+xml; charset=utf-8")
      }
    }
  }

  /// What a document is made of.
  private struct Items {
    var items: [FeedItem] = []
    var contents: [PulledVersion] = []
    var updatedAt: Instant?
  }

  /// Made once for all who see the same.
  private func document(
    _ name: DocumentName, _ now: Instant, listed: Bool = false,
    _ make: (Items) throws -> (bytes: [UInt8], mediaType: String)
  ) throws -> FeedRepresentation {
    try shelf.documents.value(name) {
      var items = Items()
      for view in name.seen {
        let made = try shelf.item(view)
        items.items.append(made.item)
        items.updatedAt = [items.updatedAt, made.item.updatedAt].compactMap { $0 }.max()
        var pulled = made.pulled
        if listed, pulled.kind == .text { pulled.kind = .title }
        items.contents.append(pulled)
      }
      let (bytes, mediaType) = try make(items)
      let made = FeedRepresentation(
        bytes, mediaType: mediaType, lastModified: now,
        isSensitive: items.items.contains(where: \.isSensitive), contents: items.contents)
      return (made, made.weight)
    }
  }

  private func page(_ feed: FeedName, _ name: DocumentName, month: String?, _ items: Items) -> FeedPage {
    FeedPage(
      publisher: shelf.site.publisher, feed: feed, month: month, items: items.items,
      previousMonth: name.previousMonth, nextMonth: name.nextMonth, updatedAt: items.updatedAt ?? foundedAt)
  }

  // MARK: What a caller sees

  /// - Returns: nil: in that feed the bulletin does not exist for this caller.
  func seen(_ entry: FeedEntry, in feed: FeedName, by reader: Reader, at now: Instant) throws -> FeedView? {
    if feed.scope == .series, try !shelf.had(entry, series: feed.slug, by: mark.position) { return nil }
    let (view, until) = try shelf.view(entry, in: feed, of: reader, at: now)
    state.withLock { $0.until = min($0.until, until) }
    return view
  }

  /// The same in the feed of all bulletins.
  func seen(_ entry: FeedEntry, by reader: Reader, at now: Instant) throws -> FeedView? {
    guard let all = shelf.site.feeds[FeedSite.allSlug] else { return nil }
    return try seen(entry, in: all, by: reader, at: now)
  }

  /// The same at one of the bulletin's places: only at that where it stands for this caller.
  func seen(_ place: FeedPlace, in feed: FeedName, by reader: Reader, at now: Instant) throws -> FeedView? {
    let view = try seen(place.entry, in: feed, by: reader, at: now)
    return view?.position == place.position ? view : nil
  }

  /// The bulletin of that serial, if that is the version that the caller has to know.
  private func newest(_ serial: String, _ version: Int, for reader: Reader, at now: Instant) throws -> FeedView? {
    guard let entry = try store.read({ try $0.feedEntry(serial: serial) }),
      let view = try seen(entry, by: reader, at: now), let known = try shelf.version(view.release),
      known.serial == serial, known.version == version
    else { return nil }
    return view
  }

  private func page(
    _ feed: FeedName, _ month: String?, _ address: FeedAddress, for reader: Reader, at now: Instant
  ) throws -> DocumentName? {
    var name = DocumentName(address: address, day: day, seen: [])
    let months = try months()
    if let month {
      // Nothing is looked up, or kept, for a month that somebody made up.
      guard months.contains(month) else { return nil }
      name.seen = try entries(of: month).compactMap { try seen($0, in: feed, by: reader, at: now) }
        .sorted { $0.position > $1.position }
      // An archive that holds nothing for this caller is not there.
      if name.seen.isEmpty { return nil }
      name.nextMonth = try months.last { try $0 > month && has($0, feed, reader, now) }
    } else {
      var place = 0
      while name.seen.count < Self.pageLength, let found = try newest(place) {
        place += 1
        if let view = try seen(found, in: feed, by: reader, at: now) { name.seen.append(view) }
      }
    }
    name.previousMonth = try months.first { try $0 < month ?? "~" && has($0, feed, reader, now) }
    return name
  }

  private func has(_ month: String, _ feed: FeedName, _ reader: Reader, _ now: Instant) throws -> Bool {
    try entries(of: month).contains { try seen($0, in: feed, by: reader, at: now) != nil }
  }

  // MARK: The ledger

  /// A place counted from the newest.
  private func newest(_ place: Int) throws -> FeedPlace? {
    try state.withLock { state in
      while !state.hasAll, place >= state.newest.count {
        let last = state.newest.last?.position
        let more = try store.read { try $0.feedPlaces(before: last, limit: 200) }
        state.newest += more
        state.hasAll = more.count < 200
      }
      return place < state.newest.count ? state.newest[place] : nil
    }
  }

  /// Newest first.
  private func months() throws -> [String] {
    try state.withLock { state in
      if let known = state.months { return known }
      let months = try store.read { try $0.feedMonths() }.sorted(by: >)
      state.months = months
      return months
    }
  }

  private func entries(of month: String) throws -> [FeedEntry] {
    try state.withLock { state in
      if let known = state.entries[month] { return known }
      let entries = try store.read { try $0.feedEntries(month: month) }
      state.entries[month] = entries
      return entries
    }
  }
}
