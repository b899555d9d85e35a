// Random histories of a ledger in two parts: orders that a caller is told of, and orders that they must learn nothing
// of. Two histories with the same first part are the same to that caller, whatever the second parts are.
//
// Seconds of orders that are told end in 3, of hidden ones in 7, and lifetimes end at midnight, so that no two parts
// meet in one second: changes of one second are placed one after another (threat-model.md).

import Bulletins
import Distribution
import Feeds
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Testing
import Workflows

/// One order of the center.
struct HistoryOrder {
  var at: Moment
  /// A number, which is in the serial too.
  var bulletin: Int
  var kind = ReleaseKind.release
  var version = 1
  /// Its words are FOUO, which the caller may read; else LES.
  var isOpen = true
  var startsAt: Moment
  /// The last day of its lifetime.
  var expires = SmallDay(0)
  var replaces: Int?
  /// Of an open version. In some worlds hidden ones are of another series than in others.
  var series = "brief"
}

/// A day of the history; the first is that of `SmallSite.noon`.
struct SmallDay {
  var number: Int
  init(_ number: Int) { self.number = number }

  static let zone = TimeZone(identifier: "America/New_York") ?? .gmt
  /// `2026-11-25`; histories are of November's end and December.
  var text: String {
    let day = 22 + number
    return day <= 30 ? "2026-11-\(day)" : "2026-12-" + (day < 40 ? "0" : "") + "\(day - 30)"
  }
  var end: Moment { Moment(seconds: CivilDate(text)?.end(in: Self.zone).seconds ?? 0) }
  static func of(_ at: Moment) -> SmallDay { SmallDay(Int((at.seconds - SmallSite.noon.seconds + 43_200) / 86_400)) }
}

struct History {
  /// What the caller is told of: open versions and whatever happens to them, and the first hidden version or the hidden
  /// bulletin that takes one away.
  private(set) var told: [HistoryOrder] = []
  /// Of these, bulletins that are hidden from then on: whatever happens to them later is nothing to the caller.
  private(set) var gone: [Gone] = []
  let numbers = 1...7
  struct Gone {
    var bulletin: Int
    var version: Int
    var at: Moment
    /// It was hidden from its beginning.
    var isWhole = false
  }

  init(_ dice: inout Dice) {
    struct Line {
      var version = 1
      var startsAt: Moment
      var end: Moment
      var isOver = false
    }
    var lines: [Int: Line] = [:]
    var at = Moment(seconds: SmallSite.noon.seconds / 10 * 10 + 3)
    for _ in 0..<16 {
      at = at + .seconds(10 * Int64.random(in: 30...4_000, using: &dice))
      let expires = SmallDay(SmallDay.of(at).number + Int.random(in: 2...6, using: &dice))
      let waits = Int.random(in: 0..<3, using: &dice) == 0
      let startsAt = waits ? at + .seconds(10 * Int64.random(in: 1...3_000, using: &dice)) : at
      let new = (lines.keys.max() ?? 0) + 1
      let open = lines.filter { !$0.value.isOver && $0.value.end > startsAt }.keys.sorted()
      var order = HistoryOrder(at: at, bulletin: new, startsAt: startsAt, expires: expires)
      guard let number = open.randomElement(using: &dice), let line = lines[number],
        case let choice = Int.random(in: 0..<10, using: &dice), choice >= 3
      else {
        if numbers.contains(new) {
          lines[new] = Line(startsAt: startsAt, end: expires.end)
          told.append(order)
        }
        continue
      }
      switch choice {
      case 3...6:
        order.bulletin = number
        order.kind = .update
        order.version = line.version + 1
        order.isOpen = choice == 3
        if order.isOpen { order.series = Bool.random(using: &dice) ? "brief" : "alarm" }
        lines[number] = Line(version: order.version, startsAt: startsAt, end: expires.end, isOver: !order.isOpen)
        if !order.isOpen { gone.append(Gone(bulletin: number, version: order.version, at: startsAt)) }
      case 7...8:
        order.bulletin = number
        order.kind = choice == 7 ? .recall : .expiry
        order.version = line.version
        order.startsAt = at
        lines[number]?.isOver = true
      default:
        guard numbers.contains(new) else { continue }
        order.replaces = number
        order.isOpen = Bool.random(using: &dice)
        lines[number]?.isOver = true
        lines[new] = Line(startsAt: startsAt, end: expires.end, isOver: !order.isOpen)
        if !order.isOpen { gone.append(Gone(bulletin: new, version: 1, at: startsAt, isWhole: true)) }
      }
      told.append(order)
    }
  }

  /// Until when something may happen.
  var end: Moment { (told.last?.at ?? Moment(seconds: 0)) + .hours(24 * 8) }

  /// Orders of bulletins that the caller does not know, and of versions that were taken away from them. Lifetimes of
  /// hidden versions are among what is hidden.
  func overlay(_ dice: inout Dice) -> [HistoryOrder] {
    var lines: [Int: (version: Int, from: Moment, isOver: Bool)] = [:]
    for one in gone { lines[one.bulletin] = (one.version, one.at, false) }
    var orders: [HistoryOrder] = []
    var at = Moment(seconds: SmallSite.noon.seconds / 10 * 10 + 7)
    var new = 100
    while true {
      at = at + .seconds(10 * Int64.random(in: 30...3_000, using: &dice))
      guard at < end else { return orders }
      let expires = SmallDay(SmallDay.of(at).number + Int.random(in: 2...6, using: &dice))
      let isAtOnce = Bool.random(using: &dice)
      let startsAt = isAtOnce ? at : at + .seconds(10 * Int64.random(in: 1...3_000, using: &dice))
      var order = HistoryOrder(at: at, bulletin: new, isOpen: false, startsAt: startsAt, expires: expires)
      let known = lines.filter { !$0.value.isOver && $0.value.from < at }.keys.sorted()
      let choice = Int.random(in: 0..<10, using: &dice)
      if choice >= 2, let number = known.randomElement(using: &dice), let line = lines[number] {
        switch choice {
        case 2...5:
          order.bulletin = number
          order.kind = .update
          order.version = line.version + 1
          lines[number] = (order.version, startsAt, false)
        case 6...8:
          order.bulletin = number
          order.kind = choice == 6 ? .expiry : .recall
          order.version = line.version
          order.startsAt = at
          lines[number]?.isOver = true
        default:
          order.replaces = number
          lines[number]?.isOver = true
        }
      }
      if order.bulletin == new {
        lines[new] = (1, startsAt, false)
        new += 1
      }
      orders.append(order)
    }
  }
}

/// A ledger with a desk over it, to which a history happens.
final class HistoryWorld {
  let desk: FeedDesk
  let taxii: TaxiiDesk
  private let store: SQLStore
  private let scratch = try? ScratchFolder()
  private let salt: String
  private var last: [Int: Int64] = [:]

  /// - Parameter salt: hidden words have it, and hidden lifetimes are longer by its length in days.
  init(_ site: SmallSite, salt: String) throws {
    self.salt = salt
    let folder = try #require(scratch).path
    let workspace = try site.workspace()
    store = try SQLStore(
      driver: try SQLiteDriver(path: folder + "/ledger.db"), at: SmallSite.noon.seconds * 1_000)
    desk = try FeedDesk(
      workspace, readers: workspace.lists.readers(), store: store, address: "https://feeds.example.gov")
    taxii = TaxiiDesk(desk, store: store, secret: try site.secret())
    // Feeds are founded before anything happens, as by a server that has begun.
    _ = try store.write { try $0.settleFeeds(now: Moment(seconds: SmallSite.noon.seconds)) { _ in "2026-11" } }
  }

  func carryOut(_ order: HistoryOrder) throws {
    var expires = order.expires
    if !order.isOpen { expires.number += salt.count }
    let series = order.isOpen ? order.series : salt == "x" ? "alarm" : "brief"
    let text = BulletinText {
      $0.series = series
      guard !order.isOpen else {
        $0.bottomLine = "(U//FOUO) Canaryopen \(order.bulletin) \(order.version).[^s1]"
        return
      }
      $0.bottomLine = "(U//LES) Canaryhidden \(self.salt) \(order.bulletin) \(order.version).[^s1]"
      $0.detail = nil
    }
    let bytes = Array(text.text.replacing("expires: 2026-12-20", with: "expires: \(expires.text)").utf8)
    let name = "event-\(order.bulletin).md"
    let marked = order.kind.bringsRevision ? bytes : bytes + Array(order.kind.rawValue.utf8)
    let release = NewRelease(
      bulletin: "event-\(order.bulletin)", series: series, revisionHash: RevisionHash.of(name, marked, files: []),
      files: [StoredFile(name: name, hash: RevisionHash.sha256(bytes), bytes: bytes)],
      serial: Serial(
        prefix: "CFC", code: "BR", year: 2026, number: order.bulletin,
        suffix: order.version > 1 ? .update(order.version - 1) : nil),
      version: order.version, kind: order.kind, predecessor: last[order.bulletin],
      replaces: order.replaces.map { "event-\($0)" }, by: "boss", at: order.at, title: "", banner: "",
      lane: .routine, onUncertain: .hold, startsAt: order.startsAt, lifetimeEnd: expires.end, policyName: "cfc",
      policyVersion: "1", policyHash: "x")
    last[order.bulletin] = try store.write { try $0.insert(release: release) }
  }

  /// Everything that a caller may be answered, by what was asked.
  /// - Parameter cursor: of an earlier page of TAXII.
  func answers(_ reader: String, numbers: ClosedRange<Int>, cursor: String, now: Moment) throws -> [String: String] {
    var answers: [String: String] = [:]
    var addresses: [FeedAddress] = [.capFeed]
    for slug in ["all", "brief", "alarm"] {
      for month in [nil, "2026-11", "2026-12"] {
        addresses += FeedForm.allCases.map { .page(slug: slug, month: month, $0) }
      }
    }
    for number in numbers {
      for version in 1...5 {
        let serial = Serial(
          prefix: "CFC", code: "BR", year: 2026, number: number, suffix: version > 1 ? .update(version - 1) : nil)
        addresses += FeedItem.Standing.allCases.map { .cap(serial: serial.description, version: version, $0) }
      }
    }
    for address in addresses {
      guard let made = try desk.representation(address, for: reader, now: now) else { continue }
      answers["\(address)"] = """
        \(made.etag) \(made.lastModified.seconds) \(made.mediaType) \(made.isSensitive) \(made.contents.map(\.version)) \
        \(made.compressed.count)
        \(String(decoding: made.bytes, as: UTF8.self))
        """
    }
    for query in [
      "all/objects/?limit=1000", "all/objects/?limit=2&match[type]=report", "all/manifest/?limit=1000",
      "all/objects/?limit=3&next=\(cursor)", "all/manifest/?added_after=\(Self.time(cursor))",
      "brief/objects/?limit=1000", "alarm/objects/?limit=1000",
    ] {
      let served = try ask("collections/" + query, reader, now: now).answer
      answers[query] = """
        \(served.status) \(served.headers.map { "\($0.name): \($0.value)" })
        \(String(decoding: served.body, as: UTF8.self))
        """
    }
    return answers
  }

  /// A cursor, microseconds since 1970, as a time to the second.
  private static func time(_ cursor: String) -> String {
    Instant(seconds: (Int64(cursor) ?? 0) / 1_000_000).rfc3339(in: TimeZone.gmt).replacing("+00:00", with: "Z")
  }

  func ask(_ path: String, _ reader: String, now: Moment) throws -> TaxiiDesk.Served {
    let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
    return try taxii.answer(
      TaxiiRequest(path: "/taxii2/bulletins/" + parts[0], query: parts.count > 1 ? parts[1] : nil), for: reader,
      allows: { _ in true }, now: now)
  }
}
