// D05: readers for whom a required section would be empty.

import Bulletins
import Testing

@testable import Distribution

@Suite struct D05HollowVariantTests {
  private func sample(_ urgency: Urgency? = nil, _ change: (inout AudienceSample) -> Void = { _ in }) -> AudienceSample
  {
    var sample = AudienceSample(
      readers: [AudienceSample.reader("officer"), AudienceSample.reader("clerk", clearance: .fouo)])
    sample.front = { $0.urgency = urgency }
    change(&sample)
    return sample
  }

  @Test func aWarning() {
    #expect(sample().summary == ["D05 22 warning"])
    #expect(sample().messages == ["the section \"Detail\" would be empty for 1 reader of its lists (clerk)"])
  }

  @Test func anErrorAtOnce() { #expect(sample(.immediate).summary == ["D05 22 error"]) }

  @Test func accepted() {
    let sample = sample(.immediate) { $0.decisions = RecordedDecisions(acceptHollow: ["detail"]) }
    #expect(sample.summary == [])
  }

  /// Who may not see the first section was left out by the author, who marked it.
  @Test func theBottomLine() {
    let closed: (inout AudienceSample) -> Void = { $0.body[1] = "(U//LES) Closed." }
    #expect(sample(nil, closed).summary == [])
    #expect(sample(.immediate, closed).summary == ["D05 20 error", "D05 22 error"])
  }

  @Test func neitherTitle() {
    let closed: (inout AudienceSample) -> Void = {
      $0.title = "(U//LES) Title"
      $0.shortTitle = "(U//LES) Short"
    }
    #expect(sample(.immediate, closed).summary == [])
  }

  /// S01 says that a section is missing or empty for everybody.
  @Test func emptyForEverybody() {
    #expect(sample(.immediate) { $0.body.removeLast() }.summary == [])
    #expect(sample(.immediate) { $0.body.removeLast(2) }.summary == [])
  }

  /// A heading above what is under it is M06.
  @Test func theHeadingAlone() {
    #expect(
      sample(.immediate) { $0.body = Array($0.body.prefix(2)) + ["## (U//LES) Detail", "(U) Open."] }.summary == [])
  }

  @Test func whatEverybodyMaySee() {
    #expect(sample(.immediate) { $0.body[3] = "(U//FOUO) For all." }.summary == [])
  }
}
