// The outlets of feeds: every address that a caller can ask or guess, and what TAXII is made of. A new address joins by a
// line in `FeedOutlets.all`; the test needs no change.

import Feeds
import Foundation
import Outbox
import TestSupport
import Workflows

/// One caller at the desk, and all that there is to guess.
struct FeedVisit {
  var desk: FeedDesk
  var taxii: TaxiiDesk
  var reader: String
  var now: Moment
  /// Serials and versions that were released, the newest last.
  var released: [(serial: String, version: Int)]
  var months: [String]
  /// Ids of reports that somebody was given.
  var reports: [String]

  func ask(_ address: FeedAddress) throws -> FeedRepresentation? {
    try desk.representation(address, for: reader, now: now)
  }
  /// All strings of an answer, of its body and its fields; none when there is no such thing.
  func ask(_ path: String, _ query: String = "limit=1000") throws -> [String] {
    strings(of: try answer(path, query))
  }

  /// The same of every page, a few things at a time, by the cursors that the pages give.
  func walk(_ path: String) throws -> [String] {
    struct Envelope: Decodable { var next: String? }
    var texts: [String] = []
    var query = "limit=20"
    while true {
      let answer = try answer(path, query)
      texts += strings(of: answer)
      guard answer.status == 200,
        let next = try JSONDecoder().decode(Envelope.self, from: Data(answer.body)).next
      else { return texts }
      query = "limit=20&next=" + next
    }
  }

  private func strings(of answer: TaxiiAnswer) -> [String] {
    answer.status == 404 ? [] : Posts.strings(in: Array(answer.body)) + answer.headers.map(\.value)
  }

  private func answer(_ path: String, _ query: String) throws -> TaxiiAnswer {
    let request = TaxiiRequest(path: "/taxii2/" + path, query: query)
    return try taxii.answer(request, for: reader, allows: { _ in true }, now: now).answer
  }
}

struct FeedOutlet: Sendable {
  var name: String
  /// Documents: callers of one visible set are given the same.
  var addresses: @Sendable (FeedVisit) throws -> [FeedAddress] = { _ in [] }
  /// Whatever else it gives.
  var texts: @Sendable (FeedVisit) throws -> [String] = { _ in [] }
  /// It holds whatever this caller sees: what may be seen must be there.
  var isWhole = false
  /// It holds the bulletin, where the caller sees anything of it.
  var isListing = false
  /// A version that the caller saw may have stood there where the newest does not: it is withdrawn there, by its short
  /// title (decision 0068).
  var mayBeLeft = false
}

enum FeedOutlets {
  static let all: [FeedOutlet] =
    FeedForm.allCases.flatMap { form in
      [
        FeedOutlet(
          name: "current \(form)", addresses: { _ in [.page(slug: "all", month: nil, form)] }, isWhole: true,
          isListing: true),
        FeedOutlet(
          name: "series \(form)", addresses: { _ in [.page(slug: "officer-safety", month: nil, form)] }, isWhole: true,
          isListing: true),
        FeedOutlet(
          name: "archives \(form)",
          addresses: { visit in visit.months.map { .page(slug: "all", month: $0, form) } }, isWhole: true,
          isListing: true),
        FeedOutlet(
          name: "sectors and other series \(form)",
          addresses: { visit in try others(visit).map { .page(slug: $0, month: nil, form) } }, mayBeLeft: true),
      ]
    } + [
      FeedOutlet(name: "alerts", addresses: { _ in [.capFeed] }, isListing: true),
      FeedOutlet(
        name: "guessed alerts",
        addresses: { visit in
          visit.released.flatMap { guess in
            FeedItem.Standing.allCases.map { .cap(serial: guess.serial, version: guess.version, $0) }
          }
        }, isListing: true),
      FeedOutlet(name: "items", texts: { try items($0).map { "\($0)" } }, isWhole: true, isListing: true),
      FeedOutlet(name: "collections", texts: { try $0.ask("bulletins/collections/") }),
      FeedOutlet(name: "objects", texts: { try $0.walk("bulletins/collections/all/objects/") }, isListing: true),
      FeedOutlet(
        name: "objects of sectors and other series",
        // An eighth of them for each caller: together they ask for all.
        texts: { visit in
          let part = visit.reader.utf8.reduce(0) { ($0 + Int($1)) % 8 }
          return try others(visit).enumerated().filter { $0.offset % 8 == part }.flatMap {
            try visit.ask("bulletins/collections/\($0.element)/objects/")
          }
        },
        mayBeLeft: true),
      FeedOutlet(name: "manifest", texts: { try $0.walk("bulletins/collections/all/manifest/") }),
      FeedOutlet(
        name: "guessed objects",
        texts: { visit in try visit.reports.flatMap { try visit.ask("bulletins/collections/all/objects/\($0)/") } }),
      FeedOutlet(
        name: "guessed versions",
        texts: { visit in
          try visit.reports.flatMap { try visit.ask("bulletins/collections/all/objects/\($0)/versions/") }
        }),
      FeedOutlet(
        name: "objects asked for by id",
        texts: { visit in
          try visit.ask(
            "bulletins/collections/all/objects/", "limit=1000&match[id]=" + visit.reports.joined(separator: ","))
        }),
    ]

  /// Slugs of feeds in which the bulletin may stand for one caller and not for another, or no more.
  private static func others(_ visit: FeedVisit) throws -> [String] {
    try visit.desk.feeds(now: visit.now).filter {
      $0.scope == .sector || $0.scope == .series && $0.slug != "officer-safety"
    }.map(\.slug)
  }

  /// As TAXII takes them: page by page.
  static func items(_ visit: FeedVisit) throws -> [FeedItem] {
    var found: [FeedItem] = []
    while true {
      let more = try visit.desk.items(
        after: found.last?.position ?? 0, limit: 1, in: "all", for: visit.reader, now: visit.now)
      if more.isEmpty { return found }
      found += more
    }
  }
}
