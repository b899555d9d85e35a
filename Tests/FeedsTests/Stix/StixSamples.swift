// Bulletins as callers see them, small, for the tests of STIX and TAXII.

import Bulletins
import Crypto
import Feeds
import Foundation
import Markings

enum StixSamples {
  /// 2026-11-22T17:00:00Z.
  static let noon = Int64(1_795_366_800_000_000)
  static let founded = noon - 86_400_000_000
  static let key = StixIdentifiers.Key(SymmetricKey(data: Data(repeating: 7, count: 32)))
  static let publisher = FeedPublisher(
    id: "cfc", name: "Commonwealth Fusion Center", email: "watch@cfc.example.gov", phone: "617-555-0100",
    address: "https://feeds.example.gov", zone: .gmt)
  static let all = FeedName(.all, slug: "all", title: "All bulletins")
  static let officerSafety = FeedName(.series, slug: "officer-safety", title: "Officer safety")
  static let support = StixSupport(
    publisher: publisher, foundedAt: founded, categories: ["LEI", "INV", "SP-CHRI"], limits: ["NOFORN", "NOCON"],
    regions: [
      FeedItem.Region(slug: "statewide", name: "Statewide"),
      FeedItem.Region(slug: "metro-boston", name: "Metro Boston"),
      FeedItem.Region(slug: "suffolk-county", name: "Suffolk County", county: "025025"),
    ])
  static let reports = StixReports(support: support, key: key)
  static let service = TaxiiService(publisher: publisher, reports: reports)

  static let fouo = PortionMark(mark: Mark(controls: ["FOUO"]))
  static let les = PortionMark(mark: Mark(controls: ["LES", "NF"]), trafficLight: .amber)
  static let cui = PortionMark(
    mark: Mark(family: .cui, categories: ["LEI", "SP-CHRI"], disseminationControls: ["NOCON", "NOFORN"]))

  /// A UUID for a number.
  static func uuid(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  static func item(
    _ number: Int, version: Int = 1, standing: FeedItem.Standing = .live, at position: Int64 = noon,
    marks: [PortionMark] = [fouo], labels: [String] = ["FOUO"], scheme: Scheme = .legacy,
    regions: [FeedItem.Region] = [], earlier: [FeedItem.Version] = []
  ) -> FeedItem {
    let serial = "CFC-OS-2026-\(number)" + (version > 1 ? "-U\(version - 1)" : "")
    return FeedItem(
      id: uuid(number), serial: serial, version: version, change: version > 1 ? .updated : .released,
      standing: standing, publishedAt: Instant(seconds: noon / 1_000_000 - 60),
      releasedAt: Instant(seconds: position / 1_000_000), updatedAt: Instant(seconds: position / 1_000_000),
      position: position, expires: nil, title: MarkedText(mark: fouo, text: "Conversion devices \(number)"),
      banner: Banner(text: "UNCLASSIFIED//FOUO", trafficLight: nil, colour: .unclassified), marks: marks,
      labels: labels, scheme: scheme, series: FeedItem.Term(slug: "officer-safety", name: "Officer Safety"),
      urgency: .priority, sectors: [FeedItem.Term(slug: "energy", name: "Energy")],
      needs: [FeedItem.Term(slug: "9", name: "Weapons")], regions: regions,
      html: "<p>Text \(number)</p>", text: "UNCLASSIFIED//FOUO\n\nText \(number).\n",
      isSensitive: marks != [fouo], earlier: earlier)
  }

  static func earlier(_ serial: String, _ version: Int, labels: [String]) -> FeedItem.Version {
    FeedItem.Version(
      serial: serial, version: version, releasedAt: Instant(seconds: noon / 1_000_000), labels: labels)
  }

  /// One of each kind of thing that STIX has to say.
  static let variety: [FeedItem] = [
    item(
      1, at: noon,
      regions: [
        FeedItem.Region(slug: "boston", name: "Boston", county: "025025"),
        FeedItem.Region(slug: "metro-boston", name: "Metro Boston"),
      ]),
    item(
      2, version: 3, at: noon + 1_234_567, marks: [fouo, les], labels: ["FOUO", "LES"],
      earlier: [
        earlier("CFC-OS-2026-2", 1, labels: ["FOUO"]), earlier("CFC-OS-2026-2-U1", 2, labels: ["LES", "FOUO"]),
      ]),
    item(3, at: noon + 2_000_000, marks: [cui], labels: ["CUI"], scheme: .cui),
    item(4, at: noon + 3_000_000, marks: [PortionMark(trafficLight: .green)], labels: ["GREEN"], scheme: .tlp),
    item(5, version: 2, standing: .recalled, at: noon + 4_000_000),
    item(
      6, at: noon + 5_000_000,
      marks: [PortionMark(mark: Mark(releasableTo: ["USA", "CAN"])), PortionMark(mark: Mark(controls: ["DSEN"]))],
      labels: ["REL"]),
  ]
}

/// A collection in memory.
final class SampleSource: TaxiiSource {
  /// In order of position.
  var items: [FeedItem]
  /// What was asked for.
  private(set) var asked: [(after: Int64, limit: Int)] = []

  init(_ items: [FeedItem]) { self.items = items.sorted { $0.position < $1.position } }

  func items(after position: Int64, limit: Int) -> [FeedItem] {
    asked.append((position, limit))
    return Array(items.drop { $0.position <= position }.prefix(limit))
  }

  func item(report id: String) -> FeedItem? {
    items.first { StixSamples.reports.entries($0).contains { $0.object.id == id } }
  }

  /// What the service says of this collection.
  func answer(
    _ path: String, _ query: String? = nil, accept: String? = nil, method: String = "GET"
  ) throws -> TaxiiAnswer {
    try StixSamples.service.answer(
      TaxiiRequest(method: method, path: path, query: query, accept: accept), feeds: [StixSamples.all]
    ) { _ in self }
  }

  func objects(_ query: String? = nil) throws -> ClientPage {
    try ClientPage(answer("/taxii2/bulletins/collections/all/objects/", query))
  }
}

/// A page as a client reads it.
struct ClientPage {
  struct Object: Decodable, Hashable {
    var type: String?
    var id: String
    var created: String?
    var modified: String?
    var name: String?
    var revoked: Bool?
    var added: String?
    var version: String?
    enum CodingKeys: String, CodingKey {
      case type, id, created, modified, name, revoked, version
      case added = "date_added"
    }
  }
  private struct Body: Decodable {
    var more: Bool?
    var next: String?
    var objects: [Object]?
    var versions: [String]?
  }

  let answer: TaxiiAnswer
  var more = false
  var next: String?
  var objects: [Object] = []
  var versions: [String] = []
  var first: String? { answer.header("X-TAXII-Date-Added-First") }
  var last: String? { answer.header("X-TAXII-Date-Added-Last") }

  init(_ answer: TaxiiAnswer) throws {
    self.answer = answer
    guard answer.status == 200 else { return }
    let body = try JSONDecoder().decode(Body.self, from: answer.body)
    more = body.more ?? false
    next = body.next
    objects = body.objects ?? []
    versions = body.versions ?? []
  }

  var reports: [Object] { objects.filter { $0.type == "report" } }
}
