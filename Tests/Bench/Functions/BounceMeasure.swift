// Reports that come back, read and recorded: 20,000 deliveries that were accepted, one report for each, as `revere bounces
// read` takes them (batches of 100, each a commit). And the reading alone, over the corpus of the tests.

import Foundation
import Mail
import Outbox
import Store
import StoreSQLite
import Workflows

enum BounceMeasure {
  private static let count = 20_000
  private static let now = Moment(seconds: 1_795_366_800)

  /// - Parameters:
  ///   - folder: an empty folder on a real disk.
  ///   - corpus: Tests/Fixtures/reports.
  static func run(folder: String, corpus: String) throws -> Figures {
    let store = try SQLStore(driver: try SQLiteDriver(path: folder + "/bounces.db"), at: 0)
    let numbers = try accepted(store)
    guard let secret = SiteSecret(file: Array(Data(repeating: 7, count: 32).base64EncodedString().utf8)) else {
      throw MeasureFailure("no key")
    }
    let key = DeliveryTokenKey(secret.key(for: .bounces))
    let shapes = try [
      ("postfix-user-unknown.eml", "101", "reader@city.example.gov"),
      ("exim.eml", "203", "security@partner.example.com"),
      ("postfix-delayed.eml", "105", "reader@city.example.gov"), ("qmail.eml", "201", "warden@tribe.example"),
      ("exchange-user-unknown.eml", "109", "dispatcher@county.example.us"),
    ].map { file, number, address in
      (text: try text(corpus + "/" + file), token: number + ".k3mzqxw2p7vaf4ne", address: address)
    }
    let reports = numbers.enumerated().map { index, number in
      let shape = shapes[index % shapes.count]
      let text = shape.text.replacingOccurrences(of: shape.token, with: key.token(for: number).text)
        .replacingOccurrences(of: shape.address, with: address(number))
      return ReportRecorder.Input(source: "\(index)", bytes: Array(text.utf8))
    }
    let recorder = ReportRecorder(store: store, secret: secret) { [:] }
    var outcomes: [RecordedReport.Outcome: Int] = [:]
    let seconds = try Stopwatch.seconds {
      for start in stride(from: 0, to: reports.count, by: 100) {
        for report in try recorder.record(Array(reports[start..<min(start + 100, reports.count)]), at: now) {
          if let outcome = report.outcome { outcomes[outcome, default: 0] += 1 }
        }
      }
    }
    try store.close()
    guard outcomes == [.bounced: count * 4 / 5, .noted: count / 5] else {
      throw MeasureFailure("the reports were not recorded: \(outcomes)")
    }
    let reading = try reading(corpus)
    return Figures(values: ["recorded-per-second": Double(count) / seconds, "read-per-second": reading])
  }

  private static func reading(_ corpus: String) throws -> Double {
    let files = try FileManager.default.contentsOfDirectory(atPath: corpus).filter { $0.hasSuffix(".eml") }.sorted()
    let mails = try files.map { Array(try text(corpus + "/" + $0).utf8) }
    guard mails.count > 50 else { throw MeasureFailure("no corpus in \(corpus)") }
    var read = 0
    let times = try (0..<5).map { _ in
      try Stopwatch.seconds {
        for _ in 0..<40 {
          for mail in mails { read += try ReportReader.read(mail).readers.isEmpty ? 0 : 1 }
        }
      }
    }
    guard read > 0 else { throw MeasureFailure("nothing was read") }
    return Double(mails.count * 40) / Stopwatch.median(times)
  }

  private static func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
  private static func address(_ number: Int64) -> String { "reader-\(number)@agency.example.gov" }

  /// Rows of a release that a relay has taken, by number.
  private static func accepted(_ store: SQLStore) throws -> [Int64] {
    try store.write { session in
      let release = try session.insert(release: EnqueueMeasure.release(at: now))
      let decisions = try EnqueueMeasure.decisions(session, release)
      var number: Int64 = 0
      _ = try session.enqueue(release: release, decidedAt: now) {
        guard number < count else { return nil }
        number += 1
        return NewDelivery(
          reader: "reader-\(number)", address: address(number), format: .html, decision: decisions[0],
          decisionHash: [UInt8](repeating: 7, count: 32))
      }
    }
    var numbers: [Int64] = []
    while true {
      let claimed = try store.write { session in
        let rows = try session.claim(
          ClaimOrder(worker: "w", now: now, leaseUntil: now + .minutes(10), limit: 1_000, channels: [.emailTLS]))
        _ = try session.begin(rows.map(\.id), worker: "w", now: now)
        _ = try session.record(
          rows.map { DeliveryOutcome($0, begun: true, event: .accept, at: now, messageID: "<\($0.id)>") }, worker: "w")
        return rows.map(\.id)
      }
      if claimed.isEmpty { return numbers }
      numbers += claimed
    }
  }
}
