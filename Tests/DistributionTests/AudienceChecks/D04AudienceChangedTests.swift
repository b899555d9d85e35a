// D04: lists that changed since something was last released by them.

import Bulletins
import Testing

@testable import Distribution

@Suite struct D04AudienceChangedTests {
  private func sample(_ before: [String], now: [String], limit: Double? = 0.1) -> AudienceSample {
    var sample = AudienceSample(required: ["Bottom line"], readers: now.map { AudienceSample.reader($0) })
    sample.list.alertOnChange = limit
    sample.lastIssues = ["all": LastIssue(serial: "CFC-T-2026-0001", members: Set(before))]
    return sample
  }
  private static let ten = (0..<10).map { "r\($0)" }

  @Test(arguments: [(0, 0, []), (0, 1, []), (1, 0, []), (1, 1, ["D04 9 warning"]), (0, 2, ["D04 9 warning"])])
  func changes(_ gone: Int, _ new: Int, _ found: [String]) {
    let now = Self.ten.dropFirst(gone) + (0..<new).map { "new\($0)" }
    #expect(sample(Self.ten, now: Array(now)).summary == found)
  }

  @Test func words() {
    let sample = sample(Self.ten, now: Array(Self.ten.dropFirst(3)) + ["new"])
    #expect(sample.messages == ["list `all` has 8 readers, 1 new and 3 gone since CFC-T-2026-0001, which had 10"])
  }

  @Test func withoutALimitOrAnIssue() {
    #expect(sample(Self.ten, now: ["other"], limit: nil).summary == [])
    var first = sample(Self.ten, now: ["other"])
    first.lastIssues = [:]
    #expect(first.summary == [])
  }

  @Test func exceptionsAndStatusCount() {
    var sample = sample(Self.ten, now: Self.ten)
    sample.list.except = ["r1", "r2"]
    #expect(sample.summary == ["D04 9 warning"])
    sample = self.sample(["r1"], now: ["r1"])
    sample.readers.append(AudienceSample.reader("gone") { $0.status = .departed })
    #expect(sample.summary == [])
  }

  /// With named readers no list takes part.
  @Test func named() {
    var sample = sample(Self.ten, now: ["other"])
    sample.front = { $0.to = ["other"] }
    #expect(sample.summary == [])
  }
}
