// What the tests of the store work with: a driver to run over, a fresh database, a release with its rows.

import Foundation
import Outbox
import Store
import StoreSQLite
import Testing

/// Every test of meaning runs over each of these; a second driver joins here.
enum TestedDriver: String, CaseIterable, CustomTestStringConvertible, Sendable {
  case sqlite
  var testDescription: String { rawValue }

  func open(_ folder: ScratchFolder, name: String = "revere.db") throws -> any StoreDriver {
    switch self {
    case .sqlite: try SQLiteDriver(path: folder.path(name))
    }
  }
}

/// A folder that goes when the test ends; in memory where the system has such a place, because a slow disk makes
/// thousands of small commits take half a minute and no test here cuts the power.
final class ScratchFolder: Sendable {
  let url: URL
  init() throws {
    let memory = URL(filePath: "/dev/shm")
    let place =
      FileManager.default.isWritableFile(atPath: memory.path()) ? memory : FileManager.default.temporaryDirectory
    url = place.appending(path: "revere-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }
  func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }
}

/// A database with a clock that stands still.
struct Workbench {
  let folder: ScratchFolder
  let driver: any StoreDriver
  let store: SQLStore
  static let start = Moment(seconds: 1_795_363_200)
  var now = Workbench.start

  init(_ driver: TestedDriver) throws {
    folder = try ScratchFolder()
    self.driver = try driver.open(folder)
    store = try SQLStore(driver: self.driver, at: Self.start.milliseconds)
  }

  /// SQL past the ports, as somebody with the database's own tools would run it.
  func run(_ sql: String) throws { try driver.withConnection { try $0.run(script: sql) } }

  /// A second connection to the same database, as another process has it.
  func another(_ driver: TestedDriver) throws -> SQLStore {
    try SQLStore(driver: try driver.open(folder), at: Self.start.milliseconds)
  }
}

enum Samples {
  static func release(
    _ number: Int, lane: Lane = .routine, onUncertain: OnUncertain = .hold, kind: ReleaseKind = .release,
    predecessor: Int64? = nil, hash: String? = nil, at: Moment = Workbench.start
  ) -> NewRelease {
    let suffix: Serial.Suffix? = kind == .update ? .update(1) : kind == .correction ? .correction(1) : nil
    return NewRelease(
      bulletin: "bulletin-\(number)", series: "officer-safety", revisionHash: hash ?? "sha256:\(number)",
      files: [StoredFile(name: "bulletin-\(number).md", hash: "file-\(hash ?? String(number))", bytes: [1, 2, 3])],
      serial: Serial(prefix: "CFC", code: "OS", year: 2026, number: number, suffix: suffix),
      version: suffix == nil ? 1 : 2, kind: kind, predecessor: predecessor, by: "watch-commander", at: at,
      title: "Title", banner: "UNCLASSIFIED//FOUO", lane: lane, onUncertain: onUncertain, startsAt: at,
      lifetimeEnd: at + .hours(72), policyName: "cfc", policyVersion: "3", policyHash: "p")
  }

  static let variant = VariantContent(
    key: "0123456789abcdef0123456789abcdef", titleForm: "title", banner: "UNCLASSIFIED//FOUO", subjectMark: "U//FOUO",
    subjectWords: "Title", html: "<p>ü</p>", text: "ü",
    images: [
      VariantContent.Image(
        contentID: "figure-1", mediaType: "image/png", file: StoredFile(name: "figure-1.png", hash: "i", bytes: [0]))
    ],
    body: VariantContent.EncodedBody(bytes: Array("body".utf8), slots: [1, 5], slotLength: 2),
    plainBody: VariantContent.EncodedBody(bytes: []))

  static func decision(
    _ outcome: SharedDecision.Outcome = .full, variant: Int64?, channel: DeliveryChannel = .emailTLS
  ) -> SharedDecision {
    SharedDecision(
      outcome: outcome, channel: channel, variant: variant,
      reasons: outcome == .withheld ? ["atom(LES)", "clause(sectors)"] : [],
      words: outcome == .withheld ? ["agreement nda expired 2026-10-31", "not of these sectors"] : [],
      policyName: "cfc", policyVersion: "3", policyHash: "p")
  }

  /// A release with its rows: readers `r1`.. pending, and the withheld ones `w1`...
  @discardableResult
  static func enqueue(
    _ release: NewRelease, readers: Int, withheld: Int = 0, channel: DeliveryChannel = .emailTLS,
    in session: any StoreSession
  ) throws -> Int64 {
    let id = try session.insert(release: release)
    let variant = try session.insert(variant: variant, release: id)
    let full = try session.insert(decision: decision(variant: variant, channel: channel), release: id)
    let not = try session.insert(decision: decision(.withheld, variant: nil, channel: channel), release: id)
    var next = 0
    _ = try session.enqueue(release: id, decidedAt: release.at) {
      guard next < readers + withheld else { return nil }
      next += 1
      let isWithheld = next > readers
      return NewDelivery(
        reader: isWithheld ? "w\(next - readers)" : "r\(next)", address: "r\(next)@example.gov", format: .html,
        decision: isWithheld ? not : full, decisionHash: [7, 7, 7])
    }
    return id
  }

  static func order(
    _ worker: String, limit: Int = 100, now: Moment = Workbench.start,
    channels: [DeliveryChannel] = [.emailTLS, .emailPlain]
  ) -> ClaimOrder {
    ClaimOrder(worker: worker, now: now, leaseUntil: now + .minutes(5), limit: limit, channels: channels)
  }
}
