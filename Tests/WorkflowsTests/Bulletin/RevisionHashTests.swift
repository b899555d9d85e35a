// The revision hash is what `sha256sum` prints: the recorded decisions of the samples carry it.

import Foundation
import Testing
import Workflows

@Suite struct RevisionHashTests {
  @Test(arguments: [
    ("templates/sample/bulletins", "officer-safety-conversion-devices", ["pike-van.jpg", "conversion-device.png"]),
    ("templates/sample/bulletins", "situational-awareness-false-contractors", []),
    ("templates/sample/bulletins", "special-event-first-night-boston", ["first-night-zones.png"]),
    ("templates/sample/bulletins", "crime-statistics-2026-9m", ["crime-by-month.csv"]),
  ])
  func recordedDecisionsOfTheSamples(folder: String, stem: String, files: [String]) throws {
    let hash = RevisionHash.of(
      "\(stem).md", try Repository.bytes("\(folder)/\(stem).md"),
      files: try files.map { ($0, try Repository.bytes("\(folder)/\($0)")) })
    let record = String(decoding: try Repository.bytes("distribution-lists/decisions/\(stem).yaml"), as: UTF8.self)
    #expect(record.contains("revision: \(hash)\n"))
  }
}
