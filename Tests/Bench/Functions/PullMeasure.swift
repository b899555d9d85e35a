// What one request of a known partner costs before and beside its document: admitted by a credential that is remembered,
// 50 versions that it has pulled before recorded again, numbers taken. Processor time of this thread's process.

import Foundation
import Outbox
import Store
import StoreSQLite
import Workflows

enum PullMeasure {
  private static let now = Moment(seconds: 1_795_366_800)
  private static let requests = 200_000

  static func run(folder: String) throws -> Figures {
    let store = try SQLStore(driver: try SQLiteDriver(path: folder + "/revere.db"), at: now.milliseconds)
    let made = PartnerCredential.random()
    let contents = try store.write { session in
      _ = try session.add(partner: "p", requestsPerMinute: 1_000_000_000, by: "bench", at: now)
      try session.insert(
        credential: try made.record(
          partner: "p", feeds: nil, allowsTaxii: true, by: "bench", at: now, expiresAt: now + .hours(1)))
      return try (1...50).map { number in
        var release = EnqueueMeasure.release(at: now)
        release.bulletin += "-\(number)"
        release.revisionHash += "-\(number)"
        release.serial.number = number
        return PulledVersion(release: try session.insert(release: release), version: 1)
      }
    }
    let gate = PartnerGate(store: store)
    let recorder = PullRecorder(store: store)
    let header = "Basic " + Data("\(made.id):\(made.secret)".utf8).base64EncodedString()
    var last: Int64 = 0
    func request() throws {
      guard case .caller(let pass) = try gate.admit(header, from: "127.0.0.1", now: now),
        let number = try recorder.record(pass.caller, feed: "all", contents: contents, now: now), number > last
      else { throw MeasureFailure("a request of a partner was not admitted or not recorded") }
      last = number
    }
    let first = try Stopwatch.seconds { try request() }
    var samples: [Double] = []
    for _ in 0..<5 {
      let before = clock()
      for _ in 0..<requests { try request() }
      samples.append(Double(clock() - before) / Double(CLOCKS_PER_SEC) / Double(requests) * 1e6)
      try recorder.flush()
    }
    try recorder.close()
    return Figures(values: ["microseconds": Stopwatch.median(samples), "first-ms": first * 1_000])
  }
}
