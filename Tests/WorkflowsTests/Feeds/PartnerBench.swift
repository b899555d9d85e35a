// A store with a partner, for the tests of those who pull.

import Foundation
import Outbox
import Store
import StoreSQLite
import Testing

@testable import Workflows

struct PartnerBench {
  static let start = Moment(seconds: 1_795_366_800)
  let scratch: ScratchFolder
  let store: SQLStore

  init(_ partners: String...) throws {
    scratch = try ScratchFolder()
    store = try Self.open(scratch)
    try store.write { session in
      for partner in partners.isEmpty ? ["tipline"] : partners {
        _ = try session.add(partner: partner, requestsPerMinute: 6_000, by: "boss", at: Self.start)
      }
    }
  }

  private static func open(_ scratch: ScratchFolder) throws -> SQLStore {
    try SQLStore(driver: try SQLiteDriver(path: scratch.path + "/revere.db"), at: start.milliseconds)
  }

  /// As another process has it.
  func another() throws -> SQLStore { try Self.open(scratch) }

  @discardableResult
  func credential(
    _ partner: String = "tipline", feeds: [String]? = nil, hours: Int64 = 24
  ) throws -> PartnerCredential {
    let made = PartnerCredential.random()
    let record = try made.record(
      partner: partner, feeds: feeds, allowsTaxii: feeds == nil, by: "boss", at: Self.start,
      expiresAt: Self.start + .hours(hours))
    try store.write { try $0.insert(credential: record) }
    return made
  }

  func audited() throws -> [String] {
    var lines: [String] = []
    try store.read { session in
      try session.auditEntries(after: 0) {
        lines.append("\($0.action) \($0.subject) \($0.detail)")
        return true
      }
    }
    return lines
  }

  /// Releases for pulls to name; ids from 1.
  func releases(_ count: Int) throws -> [PulledVersion] {
    try store.write { session in
      try (1...count).map { number in
        let id = try session.insert(
          release: NewRelease(
            bulletin: "bulletin-\(number)", series: "brief", revisionHash: "sha256:\(number)", files: [],
            serial: Serial(prefix: "CFC", code: "BR", year: 2026, number: number), by: "boss", at: Self.start,
            title: "t", banner: "b", lane: .routine, onUncertain: .hold, startsAt: Self.start,
            lifetimeEnd: Self.start + .hours(1), policyName: "p", policyVersion: "1", policyHash: "h"))
        return PulledVersion(release: id, version: 1)
      }
    }
  }
}

extension PartnerCredential {
  var basic: String { "Basic " + Data("\(id):\(secret)".utf8).base64EncodedString() }
  var bearer: String { "Bearer \(id).\(secret)" }
}
