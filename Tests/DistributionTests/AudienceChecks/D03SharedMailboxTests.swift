// D03: shared mailboxes that a list with LES brings and that would get nothing.

import Bulletins
import Markings
import TestSupport
import Testing

@testable import Distribution

@Suite struct D03SharedMailboxTests {
  private let desk = AudienceSample.reader("desk") { $0.mailbox = .shared }
  private static let closed = ["## (U//LES) Bottom line", "(U//LES) Closed."]

  @Test func nothing() {
    let sample = AudienceSample(body: Self.closed, required: ["Bottom line"], readers: [desk])
    #expect(sample.summary == ["D03 9 warning"])
    #expect(sample.messages == ["1 shared mailbox of all would get nothing: desk"])
  }

  /// What a desk may have reaches it: that it gets less than others is said of the list, once (L06).
  @Test func aPart() {
    #expect(AudienceSample(required: ["Bottom line"], readers: [desk]).summary == [])
  }

  /// Lacks FOUO too, for reasons of its own.
  @Test func notBecauseOfLES() {
    let low = AudienceSample.reader("low", clearance: .public) { $0.mailbox = .shared }
    #expect(AudienceSample(body: Self.closed, required: ["Bottom line"], readers: [low]).summary == [])
  }

  @Test func persons() {
    let plain = AudienceSample.reader("plain", clearance: .fouo)
    #expect(AudienceSample(body: Self.closed, required: ["Bottom line"], readers: [plain]).summary == [])
  }

  @Test func listsWithoutLES() {
    var sample = AudienceSample(body: Self.closed, required: ["Bottom line"], readers: [desk])
    sample.list.ceiling = .only([.government, .fouo])
    #expect(sample.summary == [])
  }

  @Test func systems() {
    let system = AudienceSample.reader("system") { $0.mailbox = .system }
    let attested = AudienceSample.reader("attested") {
      $0.mailbox = .system
      $0.audienceAttested = Bench.far
    }
    let sample = AudienceSample(body: Self.closed, required: ["Bottom line"], readers: [system, attested])
    #expect(sample.messages == ["1 shared mailbox of all would get nothing: system"])
  }
}
