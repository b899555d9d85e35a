// What may not be recalled, ended or followed, with its code; and that a refusal changes nothing.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Testing
import Workflows

@Suite struct SuccessionRefusalTests {
  private static let more = BulletinText { $0.detail? += " More." }
  private let update = ReleaseOrder(by: "boss", kind: .update)

  private func refusal(_ work: () throws -> Void) -> ReleaseRefusal? {
    do {
      try work()
    } catch { return error as? ReleaseRefusal }
    return nil
  }

  @Test func whatMayNotBe() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    #expect(refusal { try site.end(serial, by: "officer") }?.code == .notAnAuthority)
    #expect(refusal { try site.end(serial, second: "boss") }?.code == .second)
    #expect(refusal { try site.end(serial, second: "nobody") }?.code == .second)
    #expect(refusal { try site.end(serial, second: "suspended") }?.code == .second)
    #expect(refusal { try site.end(serial, second: "officer") }?.code == .second, "of another organization")
    #expect(refusal { try site.end(serial, reason: " ") }?.code == .noReason)
    let unknown = #expect(throws: StoreError.self) { try site.end("CFC-BR-2026-0099") }
    #expect(unknown?.code == .notFound)
    #expect(try site.audit().map(\.action) == ["release"])
    let later = try site.release(try site.bulletin(Self.more), update).serial
    let third = try site.release(
      try site.bulletin(BulletinText { $0.detail? += " Yet more." }), ReleaseOrder(by: "boss", kind: .correction)
    ).serial
    let old = refusal { try site.end(later) }
    #expect(old?.code == .overtaken && old?.hint.contains(serial) == true)
    try site.end(third, second: "deputy")
    #expect(try site.audit().last?.detail.contains("with deputy") == true)
    for name in [serial, third, "visor"] {
      let again = refusal { try site.end(name) }
      #expect(again?.code == .recalled && again?.message.contains(serial) == true)
      #expect(refusal { try site.end(name, .expiry) }?.code == .recalled)
    }
    let file = try site.bulletin(BulletinText { $0.detail? += " Too late." })
    for kind in [ReleaseKind.release, .update, .correction] {
      #expect(try site.refusal(of: file, ReleaseOrder(by: "boss", kind: kind))?.code == .recalled)
    }
  }

  @Test func whatIsOverIsNotFollowed() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let later = Instant(seconds: 1_797_829_200)
    let longer = BulletinText { $0.detail? += " x." }.text.replacingOccurrences(of: "2026-12-20", with: "2027-12-20")
    try site.write("bulletins/visor.md", longer)
    let late = try site.refusal(of: try site.load("visor"), update, now: later)
    #expect(late?.code == .expired && late?.hint.contains("supersedes: \(serial)") == true)
    #expect(refusal { try site.end(serial, .expiry, now: later) }?.code == .expired)
    try site.end(serial, .expiry)
    #expect(refusal { try site.end(serial, .expiry) }?.code == .expired)
    #expect(try site.refusal(of: try site.load("visor"), update)?.code == .expired)
    try site.end(serial, now: later)
  }

  private func scheduled(_ day: String, _ more: String = " More.") -> BulletinText {
    BulletinText {
      $0.front = ["not-before: \(day)"]
      $0.detail? += more
    }
  }

  /// An update of another day would leave those who wait with nothing until then.
  @Test func whatWaitsIsNotCancelledForWhatGoesLater() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let file = try site.bulletin(scheduled("2026-11-25"))
    let refused = try site.refusal(of: file, update)
    #expect(refused?.code == .gap && refused?.message.contains("2026-11-25T00:00:00-05:00") == true)
    #expect(try site.rows(serial).values.allSatisfy { $0.state != .cancelled })
    #expect(try site.releases().count == 1)
    // A day that has come is none to wait for.
    let begun = try site.bulletin(scheduled("2026-11-22"), named: "begun")
    try site.release(begun)
    let summary = try site.release(try site.bulletin(scheduled("2026-11-22", " New."), named: "begun"), update)
    #expect(summary.cancelled > 0)
    // What must not go any more is stopped at once, whenever the better one goes.
    let correction = try site.release(
      try site.bulletin(scheduled("2026-11-25")), ReleaseOrder(by: "boss", kind: .correction))
    #expect(correction.cancelled > 0)
    // What itself waits for that day or a later one loses nothing.
    #expect(try site.release(try site.bulletin(scheduled("2026-11-25", " Yet more.")), update).cancelled > 0)
    #expect(try site.refusal(of: try site.bulletin(scheduled("2026-11-26", " Late.")), update)?.code == .gap)
  }

  @Test func nobodyWaitsAnyMore() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    try attempt.settle(Dictionary(uniqueKeysWithValues: try site.rows(serial).keys.map { ($0, .accept) }))
    #expect(try site.release(try site.bulletin(scheduled("2026-11-25")), update).cancelled == 0)
  }
}
