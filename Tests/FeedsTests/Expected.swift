// Exact documents kept in Tests/Fixtures/feeds: `REVERE_GOLDEN=write` writes them anew, to be read before they are kept.

import Foundation
import Testing

enum Expected {
  static let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let fixtures = tests.appending(path: "Fixtures")

  static func expect(_ bytes: [UInt8], _ name: String) throws {
    let file = fixtures.appending(path: "feeds/" + name)
    if ProcessInfo.processInfo.environment["REVERE_GOLDEN"] == "write" { try Data(bytes).write(to: file) }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(String(decoding: bytes, as: UTF8.self) == expected, "Tests/Fixtures/feeds/\(name)")
  }
}
