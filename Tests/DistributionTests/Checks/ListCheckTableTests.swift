// The table in Documentation names every rule, and nothing else.

import Foundation
import Testing

@testable import Distribution

@Suite struct ListCheckTableTests {
  @Test func documented() throws {
    let text = try String(
      contentsOf: SampleSite.repository.appending(path: "Documentation/list-checks.md"), encoding: .utf8)
    let table = text.split(separator: "\n").filter { $0.hasPrefix("| L0") || $0.hasPrefix("| P0") }
      .map { String($0.dropFirst(2).prefix(3)) }
    let reading = [L01UnknownWord.id, L03Duplicate.id, L04MalformedValue.id, P01UnknownTest.id]
    #expect(table == (ListCheck.rules.map { $0.id } + reading).sorted())
  }
}
