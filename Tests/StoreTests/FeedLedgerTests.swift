// The ledger of feeds against an account of its own of what readers may see when: random releases, updates, recalls,
// early ends, bulletins that take another's place, holds, and time that passes.

import Outbox
import Store
import Testing

@Suite struct FeedLedgerTests {
  static func month(_ at: Moment) -> String { "month-\(at.milliseconds / 86_400_000 / 2)" }

  /// Every bulletin at its newest change, newest first.
  static func entries(_ session: any StoreSession) throws -> [FeedEntry] {
    try session.feedPlaces(before: nil, limit: 10_000).filter { $0.position == $0.entry.position }.map(\.entry)
  }

  static func release(
    _ bulletin: Int, _ kind: ReleaseKind = .release, version: Int = 1, predecessor: Int64? = nil,
    replaces: Int? = nil, at: Moment, startsAt: Moment? = nil, lifetimeEnd: Moment? = nil
  ) -> NewRelease {
    var new = Samples.release(bulletin, kind: kind, predecessor: predecessor, at: at)
    new.revisionHash = "sha256:\(bulletin)-\(version)"
    new.files = []
    new.version = version
    new.serial.suffix = version > 1 && kind.bringsRevision ? .update(version - 1) : nil
    new.replaces = replaces.map { "bulletin-\($0)" }
    new.startsAt = startsAt ?? at
    new.lifetimeEnd = lifetimeEnd ?? at + .hours(72)
    return new
  }

  @Test(arguments: TestedDriver.allCases)
  func aRelease(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let now = bench.now
    #expect(try bench.store.feedMark() == FeedMark(position: 0, dueAt: Moment(milliseconds: 0)))
    #expect(throws: StoreError.self) { try bench.store.read { try $0.feedFoundedAt() } }
    let first = try bench.store.write { try $0.insert(release: Self.release(1, at: now)) }
    #expect(try bench.store.feedMark().dueAt == Moment(milliseconds: 0), "its month is not known yet")
    #expect(try bench.store.write { try $0.settleFeeds(now: now, month: Self.month) } == 1)
    let position = now.milliseconds * 1_000
    #expect(
      try bench.store.read { try Self.entries($0) } == [
        FeedEntry(
          bulletin: "bulletin-1", series: "officer-safety", release: first, standing: .live, position: position,
          firstReleasedAt: now, month: Self.month(now), changedAt: now, firstSerial: "CFC-OS-2026-0001")
      ])
    #expect(try bench.store.feedMark() == FeedMark(position: position, dueAt: now + .hours(72)))
    #expect(try bench.store.read { try $0.feedFoundedAt() } == now - .seconds(1))
    // An update that waits leaves the version before it; then it takes its place, and the clock was set back.
    let later = now + .hours(1)
    let second = try bench.store.write {
      try $0.insert(
        release: Self.release(1, .update, version: 2, predecessor: first, at: now, startsAt: later))
    }
    #expect(try bench.store.read { try $0.feedEntry(serial: "CFC-OS-2026-0001-U1") }?.release == first)
    #expect(try bench.store.feedMark().dueAt == later)
    #expect(try bench.store.write { try $0.settleFeeds(now: later, month: Self.month) } == 1)
    let entry = try #require(try bench.store.read { try $0.feedEntry(serial: "CFC-OS-2026-0001") })
    let start = entry.position
    #expect(entry.release == second && entry.changedAt == later)
    #expect((0..<1_000_000).contains(start - later.milliseconds * 1_000), "within the second after its time")
    _ = try bench.store.write {
      try $0.insert(release: Self.release(1, .recall, version: 2, predecessor: second, at: now))
    }
    let recalled = try #require(try bench.store.read { try $0.feedPlaces(after: start, limit: 9) }.first?.entry)
    #expect(recalled.standing == .recalled && recalled.position == start + 1_000 && recalled.release == second)
    // Who may not see the second version has the bulletin where that began.
    try bench.store.read { (session) throws in
      #expect(try session.feedStarts(bulletin: "bulletin-1") == [first: position, second: start])
      #expect(try session.feedSeriesLeft(after: 0).isEmpty)
      let places = [FeedPlace(position: start, entry: recalled), FeedPlace(position: start + 1_000, entry: recalled)]
      #expect(try session.feedPlaces(after: 0, limit: 9) == places)
      #expect(try session.feedPlaces(before: nil, limit: 1) == [places[1]])
      #expect(try session.feedPlaces(before: start + 1_000, limit: 9) == [places[0]])
    }
    #expect(try bench.store.feedMark().dueAt == nil)
  }

  /// Recalled in its hold: nobody ever saw it, so there is nothing to take back.
  @Test(arguments: TestedDriver.allCases)
  func whatNeverBegan(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write { session in
      let id = try session.insert(release: Self.release(1, at: bench.now, startsAt: bench.now + .minutes(5)))
      #expect(try session.feedEntry(serial: "CFC-OS-2026-0001") == nil)
      _ = try session.insert(release: Self.release(1, .recall, predecessor: id, at: bench.now + .minutes(1)))
      _ = try session.settleFeeds(now: bench.now + .hours(1_000), month: Self.month)
      #expect(try session.feedPlaces(before: nil, limit: 9).isEmpty && session.feedMonths().isEmpty)
    }
    #expect(try bench.store.feedMark() == FeedMark(position: 0))
  }

  @Test(arguments: TestedDriver.allCases)
  func theMarkMoves(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let other = try bench.another(driver)
    func mark(after change: (any StoreSession) throws -> Void, by store: SQLStore) throws -> FeedMark {
      try store.write(change)
      let mark = try bench.store.feedMark()
      #expect(try other.feedMark() == mark)
      return mark
    }
    let settled = try mark(
      after: { _ = try $0.settleFeeds(now: bench.now, month: Self.month) }, by: bench.store)
    #expect(settled == FeedMark(position: 0))
    for store in [other, bench.store] {
      let halt = Pause(scope: .halt, by: "d", at: bench.now)
      #expect(try mark(after: { try $0.set(pause: halt) }, by: store).isHalted)
      #expect(try !mark(after: { try $0.resume(scope: .halt, name: "") }, by: store).isHalted)
      #expect(try mark(after: { try $0.set(importFailure: "x", at: bench.now) }, by: store).importFailed)
      #expect(try !mark(after: { try $0.set(importFailure: nil, at: bench.now) }, by: store).importFailed)
    }
    let imported = try mark(
      after: {
        _ = try $0.insert(
          snapshotHash: "h", policyName: "p", policyVersion: "1", policyHash: "p", files: [], at: bench.now)
      }, by: other)
    #expect(imported.snapshot != nil)
    let partner = try mark(
      after: { _ = try $0.add(partner: "p", requestsPerMinute: 1, by: "d", at: bench.now) }, by: other)
    #expect(partner.access == imported.access + 1)
  }

  /// Most lifetimes end at midnight: the place of each end says nothing of the others, nor of when it was settled.
  @Test(arguments: TestedDriver.allCases)
  func whatEndsTogetherIsPlacedEachByItself(driver: TestedDriver) throws {
    var alone: Int64?
    for others in [0, 1, 40] {
      let bench = try Workbench(driver)
      let end = bench.now + .hours(5)
      try bench.store.write { session in
        _ = try session.settleFeeds(now: bench.now, month: Self.month)
        for number in [Int](2..<2 + others) + [1] {
          let at = bench.now + .minutes(Int64(number))
          _ = try session.insert(release: Self.release(number, at: at, lifetimeEnd: end))
        }
        // One order comes before anybody asks, and settles them.
        _ = try session.insert(release: Self.release(99, at: end + .seconds(Int64(others) + 2)))
      }
      let entries = try bench.store.read { try Self.entries($0) }
      let position = try #require(entries.first { $0.bulletin == "bulletin-1" }).position
      #expect((0..<1_000_000).contains(position - end.milliseconds * 1_000) && alone ?? position == position)
      #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.position - $1.position >= 16 })
      alone = position
    }
  }

  // MARK: Random lives

  private struct Bulletin {
    var number: Int
    var replaces: Int?
    var revisions: [(id: Int64, at: Moment, startsAt: Moment, lifetimeEnd: Moment)] = []
    var recalledAt: Moment?
    var endedAt: Moment?
  }

  /// What readers see, from the history alone.
  private struct Account {
    var bulletins: [Int: Bulletin] = [:]

    func replacing(_ number: Int) -> Bulletin? { bulletins.values.first { $0.replaces == number } }
    func shown(_ bulletin: Bulletin, by now: Moment) -> [(id: Int64, startsAt: Moment, lifetimeEnd: Moment)] {
      bulletin.revisions.enumerated().compactMap { index, revision in
        var overtaken = bulletin.revisions[(index + 1)...].map(\.at)
        overtaken += [bulletin.recalledAt, bulletin.endedAt].compactMap { $0 }
        if let other = replacing(bulletin.number)?.revisions.first { overtaken.append(other.at) }
        let isShown = revision.startsAt <= now && !overtaken.contains { $0 < revision.startsAt }
        return isShown ? (revision.id, revision.startsAt, revision.lifetimeEnd) : nil
      }
    }
    func isLive(_ bulletin: Bulletin, at time: Moment) -> Bool {
      guard let last = shown(bulletin, by: time).last else { return false }
      return last.lifetimeEnd > time
        && ![bulletin.recalledAt, bulletin.endedAt].contains { $0.map { $0 <= time } ?? false }
    }
    func expected(_ bulletin: Bulletin, now: Moment) -> (release: Int64, standing: FeedEntry.Standing)? {
      guard let last = shown(bulletin, by: now).last else { return nil }
      if bulletin.recalledAt != nil { return (last.id, .recalled) }
      if let other = replacing(bulletin.number) {
        let begins = shown(other, by: now).first?.startsAt
        let taken = [begins, other.recalledAt, other.endedAt].compactMap { $0 }.min()
        if let taken, isLive(bulletin, at: taken) { return (last.id, .replaced) }
      }
      return (last.id, bulletin.endedAt != nil || last.lifetimeEnd <= now ? .expired : .live)
    }
    /// Numbers of bulletins that may still be followed or ended.
    func open(_ now: Moment) -> [Int] {
      bulletins.values.filter {
        $0.recalledAt == nil && $0.endedAt == nil && replacing($0.number) == nil
          && ($0.revisions.last?.lifetimeEnd ?? now) > now
      }.map(\.number).sorted()
    }
  }

  private static func step(
    _ account: inout Account, _ dice: inout Dice, _ now: Moment, _ session: any StoreSession
  ) throws {
    let startsAt = Bool.random(using: &dice) ? now : now + .init(milliseconds: .random(in: 1...9_000_000, using: &dice))
    let lifetimeEnd = now + .init(milliseconds: .random(in: 1...40_000_000, using: &dice))
    let open = account.open(now)
    func insert(_ number: Int, _ kind: ReleaseKind, replaces: Int? = nil) throws {
      var bulletin = account.bulletins[number] ?? Bulletin(number: number, replaces: replaces)
      let last = bulletin.revisions.last
      let id = try session.insert(
        release: release(
          number, kind, version: bulletin.revisions.count + (kind.bringsRevision ? 1 : 0), predecessor: last?.id,
          replaces: replaces, at: now, startsAt: startsAt, lifetimeEnd: lifetimeEnd))
      switch kind {
      case .recall: bulletin.recalledAt = now
      case .expiry: bulletin.endedAt = now
      default: bulletin.revisions.append((id, now, startsAt, lifetimeEnd))
      }
      account.bulletins[number] = bulletin
    }
    switch Int.random(in: 0..<10, using: &dice) {
    case 0..<3: try insert(account.bulletins.count + 1, .release)
    case 3..<6: if let number = open.randomElement(using: &dice) { try insert(number, .update) }
    case 6:
      let left = account.bulletins.values.filter { $0.recalledAt == nil }.map(\.number).sorted()
      if let number = left.randomElement(using: &dice) { try insert(number, .recall) }
    case 7: if let number = open.randomElement(using: &dice) { try insert(number, .expiry) }
    case 8:
      let left = account.bulletins.keys.filter { account.replacing($0) == nil }.sorted()
      if let number = left.randomElement(using: &dice) {
        try insert(account.bulletins.count + 1, .release, replaces: number)
      }
    default: break
    }
  }

  @Test(arguments: TestedDriver.allCases, UInt64(1)...12)
  func randomLives(driver: TestedDriver, seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let bench = try Workbench(driver)
    var now = bench.now
    var account = Account()
    var before: [String: FeedEntry] = [:]
    for round in 0..<120 {
      now = now + .init(milliseconds: .random(in: 1...3_000_000, using: &dice))
      try bench.store.write { session in
        // A sweep late or not at all makes no difference to what a release finds.
        try Self.step(&account, &dice, now, session)
        _ = try session.settleFeeds(now: now, month: Self.month)
        #expect(try session.settleFeeds(now: now, month: Self.month) == 0)
      }
      let entries = try bench.store.read { try Self.entries($0) }
      let newest = before.values.map(\.position).max() ?? 0
      #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.position > $1.position }, "seed \(seed) \(round)")
      #expect(Set(entries.map(\.bulletin)).count == entries.count, "seed \(seed) round \(round)")
      for entry in entries {
        let old = before[entry.bulletin]
        let isSame = old?.release == entry.release && old?.standing == entry.standing
        #expect(isSame ? old == entry : entry.position > newest, "seed \(seed) round \(round): \(entry)")
        #expect(entry.month == Self.month(entry.firstReleasedAt) && entry.changedAt <= now)
      }
      let expected = account.bulletins.values.compactMap { bulletin in
        account.expected(bulletin, now: now).map { "bulletin-\(bulletin.number) \($0.release) \($0.standing)" }
      }
      #expect(
        Set(entries.map { "\($0.bulletin) \($0.release) \($0.standing)" }) == Set(expected),
        "seed \(seed) round \(round)")
      for (number, bulletin) in account.bulletins {
        let starts = try bench.store.read { try $0.feedStarts(bulletin: "bulletin-\(number)") }
        #expect(starts.keys.sorted() == account.shown(bulletin, by: now).map(\.id), "seed \(seed) round \(round)")
      }
      let mark = try bench.store.feedMark()
      #expect(mark.position == entries.first?.position ?? 0 && (mark.dueAt.map { $0 > now } ?? true))
      before = Dictionary(uniqueKeysWithValues: entries.map { ($0.bulletin, $0) })
    }
    try Self.checkReading(bench, seed: seed)
    let entries = try bench.store.read { try Self.entries($0) }
    try Self.checkFilling(bench, now, entries, seed: seed)
    // A ledger from before there were feeds comes to the same entries in the same order.
    try bench.run(
      """
      DELETE FROM feed_entries; DELETE FROM feed_starts;
      DELETE FROM settings WHERE key IN ('feeds-founded', 'feed-starts')
      """)
    _ = try bench.store.write { try $0.settleFeeds(now: now, month: Self.month) }
    let again = try bench.store.read { try Self.entries($0) }
    func facts(_ entry: FeedEntry) -> String {
      "\(entry.bulletin) \(entry.release) \(entry.standing) \(entry.changedAt)"
    }
    #expect(again.map(facts) == entries.map(facts), "seed \(seed)")
    #expect(try bench.store.read { try $0.feedFoundedAt() } < Moment(milliseconds: (again.last?.position ?? 0) / 1_000))
  }

  /// A ledger of feeds from before starts were kept gets them from its releases: the same versions, none at a later place
  /// than it had, and no entry moves.
  private static func checkFilling(_ bench: Workbench, _ now: Moment, _ entries: [FeedEntry], seed: UInt64) throws {
    func starts() throws -> [String: [Int64: Int64]] {
      try bench.store.read { session in
        try Dictionary(
          uniqueKeysWithValues: entries.map { ($0.bulletin, try session.feedStarts(bulletin: $0.bulletin)) })
      }
    }
    func overtakings() throws -> [String] {
      try bench.store.read { try $0.feedPlaces(after: 0, limit: 10_000) }.map(\.entry.bulletin).sorted()
    }
    let (before, places) = (try starts(), try overtakings())
    try bench.run(
      """
      DROP TABLE feed_starts; DELETE FROM settings WHERE key = 'feed-starts';
      ALTER TABLE data_imports DROP COLUMN under_age; ALTER TABLE data_imports DROP COLUMN no_substance;
      DELETE FROM schema_changes WHERE number >= 11
      """)
    try SchemaChange.apply(through: bench.driver, at: 5)
    #expect(try bench.store.feedMark().dueAt == Moment(milliseconds: 0), "they are still to be filled in")
    _ = try bench.store.write { try $0.settleFeeds(now: now, month: Self.month) }
    let after = try starts()
    #expect(try bench.store.read { try Self.entries($0) } == entries, "seed \(seed)")
    #expect(try overtakings() == places, "seed \(seed)")
    for entry in entries {
      let (old, new) = (before[entry.bulletin] ?? [:], after[entry.bulletin] ?? [:])
      #expect(old.keys.sorted() == new.keys.sorted(), "seed \(seed) \(entry)")
      for (release, position) in new {
        #expect(position <= old[release] ?? 0 && position > (old[release] ?? 0) - 1_000_100, "seed \(seed) \(entry)")
        if entry.standing == .live, entry.release == release { #expect(position == entry.position) }
      }
    }
    try Self.checkReading(bench, seed: seed)
  }

  /// Pages and months give the same entries, each once.
  private static func checkReading(_ bench: Workbench, seed: UInt64) throws {
    try bench.store.read { session in
      let places = try session.feedPlaces(before: nil, limit: 10_000)
      #expect(zip(places, places.dropFirst()).allSatisfy { $0.position - $1.position >= 16 }, "seed \(seed)")
      var down: [FeedPlace] = []
      while true {
        let page = try session.feedPlaces(before: down.last?.position, limit: 7)
        down += page
        if page.count < 7 { break }
      }
      var up: [FeedPlace] = []
      while true {
        let page = try session.feedPlaces(after: up.last?.position ?? 0, limit: 5)
        up += page
        if page.count < 5 { break }
      }
      #expect(down == places && up.reversed() == places, "seed \(seed)")
      let all = try entries(session)
      let months = try session.feedMonths()
      #expect(months == Set(all.map(\.month)).sorted().reversed(), "seed \(seed)")
      #expect(Set(try months.flatMap { try session.feedEntries(month: $0) }) == Set(all), "seed \(seed)")
      for entry in all { #expect(try session.feedEntry(serial: entry.firstSerial) == entry, "seed \(seed)") }
    }
  }
}
