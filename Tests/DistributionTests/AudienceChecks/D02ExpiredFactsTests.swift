// D02: readers left out, or given less, because a fact ended.

import Bulletins
import TestSupport
import Testing

@testable import Distribution

@Suite struct D02ExpiredFactsTests {
  private static let past = CivilDate.day("2026-11-21")

  private func sample(_ readers: [Reader], body: [String]? = nil) -> AudienceSample {
    var sample = AudienceSample(required: ["Bottom line"], readers: readers)
    if let body { sample.body = body }
    return sample
  }

  @Test func less() {
    let lapsed = AudienceSample.reader("lapsed") { $0.agreements = [Agreement("nda", until: Self.past)] }
    let sample = sample([lapsed, AudienceSample.reader("officer")])
    #expect(sample.summary == ["D02 9 warning"])
    #expect(sample.messages.first?.hasPrefix("1 reader given less (lapsed)") == true, "\(sample.messages)")
  }

  @Test func leftOut() {
    let lapsed = AudienceSample.reader("lapsed") { $0.vetting?.until = Self.past }
    let closed = ["## (U//LES) Bottom line", "(U//LES) Closed."]
    #expect(sample([lapsed], body: closed).messages.first?.hasPrefix("1 reader left out (lapsed)") == true)
  }

  /// A list may bring nobody whose vetting ended.
  @Test func leftOutByTheList() {
    var sample = sample([AudienceSample.reader("lapsed") { $0.vetting?.until = Self.past }])
    sample.list.members = .vettingCurrent
    #expect(sample.messages.first?.hasPrefix("1 reader left out") == true)
  }

  @Test func otherReasonsAreNone() {
    let never = AudienceSample.reader("never") { $0.agreements = [] }
    let gone = AudienceSample.reader("gone") {
      $0.status = .departed
      $0.agreements = [Agreement("nda", until: Self.past)]
    }
    // Another agreement ended, which nothing here needs.
    let other = AudienceSample.reader("other") { $0.agreements.append(Agreement("28cfr23", until: Self.past)) }
    #expect(sample([never, gone, other]).summary == [])
  }

  @Test func aDateLastsThroughItsDay() {
    let today = AudienceSample.reader("today") { $0.agreements = [Agreement("nda", until: .day("2026-11-22"))] }
    #expect(sample([today]).summary == [])
  }
}
