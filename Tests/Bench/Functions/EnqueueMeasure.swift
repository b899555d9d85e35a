// A million rows into the ledger in one transaction, as a release writes them: five decisions, one row in fifty withheld.

import Foundation
import Outbox
import Store
import StoreSQLite

enum EnqueueMeasure {
  /// - Parameter folder: an empty folder on a real disk.
  static func run(rows: Int, folder: String) throws -> Figures {
    let path = folder + "/enqueue.db"
    let store = try SQLStore(driver: try SQLiteDriver(path: path), at: 0)
    let now = Moment(seconds: 1_795_366_800)
    var inserted = 0
    let seconds = try Stopwatch.seconds {
      try store.write { session in
        let release = try session.insert(release: release(at: now))
        let decisions = try decisions(session, release)
        var number = 0
        var hash = [UInt8](repeating: 7, count: 32)
        inserted = try session.enqueue(release: release, decidedAt: now) {
          guard number < rows else { return nil }
          number += 1
          withUnsafeBytes(of: number) { hash.replaceSubrange(0..<8, with: $0) }
          let reader = "reader-\(1_000_000 + number)"
          return NewDelivery(
            reader: reader, address: reader + "@agency.example.gov", format: .html,
            decision: decisions[number % 50 == 0 ? 4 : number % 4], decisionHash: hash)
        }
      }
    }
    let size = (try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.doubleValue ?? 0
    try store.close()
    guard inserted == rows else { throw MeasureFailure("\(inserted) of \(rows) rows were written") }
    return Figures(values: ["rows-per-second": Double(rows) / seconds, "rows": Double(rows), "file-mb": size / 1e6])
  }

  static func release(at now: Moment) -> NewRelease {
    NewRelease(
      bulletin: "measure", series: "officer-safety", revisionHash: "sha256:0", files: [],
      serial: Serial(prefix: "CFC", code: "OS", year: 2026, number: 1), by: "measure", at: now, title: "Measure",
      banner: "UNCLASSIFIED", lane: .routine, onUncertain: .hold, startsAt: now, lifetimeEnd: now + .hours(72),
      policyName: "cfc", policyVersion: "1", policyHash: "0")
  }

  static func decisions(_ session: any StoreSession, _ release: Int64) throws -> [Int64] {
    var decisions = try (0..<4).map { number in
      let variant = try session.insert(
        variant: VariantContent(
          key: "v\(number)", titleForm: "title", banner: "UNCLASSIFIED", subjectMark: "(U)", subjectWords: "Measure",
          html: "", text: "", body: .init(bytes: []), plainBody: .init(bytes: [])), release: release)
      return try session.insert(
        decision: SharedDecision(
          outcome: .full, channel: .emailTLS, variant: variant, policyName: "cfc", policyVersion: "1",
          policyHash: "0"), release: release)
    }
    decisions.append(
      try session.insert(
        decision: SharedDecision(
          outcome: .withheld, channel: .emailTLS, variant: nil, reasons: ["atom(LES)"], words: ["no LES"],
          policyName: "cfc", policyVersion: "1", policyHash: "0"), release: release))
    return decisions
  }
}
