// A TAXII 2.1 request as values: what is asked for (sections 4 and 5) and what its filters are (section 3.4). A filter
// that cannot be read is an answer of its own, 400; what the standard does not know is ignored.

import Foundation

package struct TaxiiRequest: Hashable, Sendable {
  /// `GET`, in capitals.
  package var method: String
  /// As it came, without the query: `/taxii2/bulletins/collections/`.
  package var path: String
  /// As it came, without the `?`; nil without one.
  package var query: String?
  /// All Accept headers joined by commas; nil without one.
  package var accept: String?

  package init(method: String = "GET", path: String, query: String? = nil, accept: String? = nil) {
    self.method = method
    self.path = path
    self.query = query
    self.accept = accept
  }
}

/// What a path names.
enum TaxiiResource: Hashable {
  case discovery, root, collections
  case collection(String)
  case manifest(collection: String)
  case objects(collection: String)
  case object(collection: String, id: String)
  case versions(collection: String, id: String)

  /// nil: nothing that exists. A slash is missing at the end of many a client's address, and does not matter.
  init?(path: String) {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.first == "" else { return nil }
    parts.removeFirst()
    if parts.last == "" { parts.removeLast() }
    guard parts.first == "taxii2" else { return nil }
    switch Array(parts.dropFirst()) {
    case []: self = .discovery
    case ["bulletins"]: self = .root
    case ["bulletins", "collections"]: self = .collections
    case let rest where rest.count >= 3 && rest[0] == "bulletins" && rest[1] == "collections" && !rest.contains(""):
      switch Array(rest.dropFirst(3)) {
      case []: self = .collection(rest[2])
      case ["manifest"]: self = .manifest(collection: rest[2])
      case ["objects"]: self = .objects(collection: rest[2])
      case let end where end.count == 2 && end[0] == "objects": self = .object(collection: rest[2], id: end[1])
      case let end where end.count == 3 && end[0] == "objects" && end[2] == "versions":
        self = .versions(collection: rest[2], id: end[1])
      default: return nil
      }
    default: return nil
    }
  }
}

/// The filters of one request. All must hold; of a list one.
struct TaxiiFilter: Hashable {
  static let defaultLimit = 100
  static let largestLimit = 1_000
  /// Of ids in one request: each is looked up.
  static let mostIDs = 200

  /// Only what has a greater position: the later of `added_after` and `next`, since clients send the time of the page
  /// before, that of their whole walk, or none beside `next`.
  var after: Int64 = 0
  var limit = defaultLimit
  var ids: [String]?
  var types: Set<String>?
  var specVersions: Set<String>?
  /// nil: `last`. An object has one version here, so that `first` and `all` mean the same.
  var versions: Set<String>?

  struct Malformed: Error, Hashable {
    /// For people: which parameter, and what it must be.
    var reason: String
  }

  init() {}

  init(query: String?) throws(Malformed) {
    var seen: Set<String> = []
    for pair in (query ?? "").split(separator: "&") {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = String(halves[0]).removingPercentEncoding,
        let value = String(halves.count > 1 ? halves[1] : "").removingPercentEncoding
      else { throw Malformed(reason: "the query is not percent-encoded UTF-8") }
      guard Self.known.contains(name) else { continue }
      guard seen.insert(name).inserted else { throw Malformed(reason: "\(name) stands more than once") }
      try read(name, value)
    }
  }

  private static let known: Set<String> = [
    "added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]",
  ]

  private mutating func read(_ name: String, _ value: String) throws(Malformed) {
    switch name {
    case "added_after":
      guard let time = StixTime.read(value) else {
        throw Malformed(reason: "added_after is no time like 2026-11-22T17:00:00.000000Z")
      }
      after = max(after, time)
    case "next":
      guard let position = TaxiiCursor.read(value) else {
        throw Malformed(reason: "next is not what an answer of this server gave")
      }
      after = max(after, position)
    case "limit":
      guard !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), value.contains(where: { $0 != "0" })
      else { throw Malformed(reason: "limit is no whole number above 0") }
      limit = min(Int(value) ?? Self.largestLimit, Self.largestLimit)
    default:
      let values = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard !values.contains("") else { throw Malformed(reason: "\(name) has an empty value") }
      try match(name, values)
    }
  }

  private mutating func match(_ name: String, _ values: [String]) throws(Malformed) {
    switch name {
    case "match[id]":
      guard values.count <= Self.mostIDs else {
        throw Malformed(reason: "match[id] has more than \(Self.mostIDs) ids: ask for them in several requests")
      }
      ids = values
    case "match[type]": types = Set(values)
    case "match[spec_version]": specVersions = Set(values)
    default:
      guard Set(values).count == values.count else { throw Malformed(reason: "match[version] repeats a value") }
      guard !values.contains("all") || values.count == 1 else {
        throw Malformed(reason: "match[version] has something beside all")
      }
      var times: Set<String> = []
      for value in values where !["all", "first", "last"].contains(value) {
        guard let time = StixTime.read(value) else {
          throw Malformed(reason: "match[version] is neither all, first or last nor a time")
        }
        times.insert(StixTime.milliseconds(time))
      }
      versions = times.count == values.count ? times : nil
    }
  }

  /// Position and id left aside.
  func matches(_ object: StixObject) -> Bool {
    if let types, !types.contains(object.type) { return false }
    if let specVersions, !specVersions.contains("2.1") { return false }
    if let versions, !versions.contains(object.version) { return false }
    return true
  }

  /// Whether a report can match at all.
  var mayBeReport: Bool { (types?.contains("report") ?? true) && (specVersions?.contains("2.1") ?? true) }
}

/// `next`: the position of the last object of a page, which its client has been told as `date_added`. Nothing else is
/// in it, so that it holds for any limit, at any time, as often as somebody asks.
enum TaxiiCursor {
  static func text(_ position: Int64) -> String { String(position) }
  static func read(_ text: String) -> Int64? {
    guard (1...19).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int64(text)
  }
}
