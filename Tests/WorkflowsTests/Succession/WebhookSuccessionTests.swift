// What a partner's machine hears of the life after a release: the same events, and of a version that is not for it
// only that what it holds has expired.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import Testing
import Workflows

@Suite struct WebhookSuccessionTests {
  private func site(events: String = "") throws -> SmallSite {
    let site = try SmallSite(
      SmallSite.people + [Person("machine", clearance: "fouo", channels: ["webhook", "email-tls"])])
    try site.write(
      "distribution-lists/endpoints.yaml",
      """
      endpoints:
        - { id: hook, stakeholder: machine, url: "https://hooks.city.example.gov/in"\(events), secret-file: var/hook }
      """)
    try site.write("var/hook", "whsec_" + Data(repeating: 9, count: 32).base64EncodedString())
    return site
  }

  /// Claims what is due for webhooks and records it as accepted.
  private func send(_ attempt: Attempt) throws -> [PreparedAttempt] {
    let site = attempt.site
    let rows = try site.store.write {
      try $0.claim(
        ClaimOrder(
          worker: "w", now: attempt.now, leaseUntil: attempt.now + .minutes(10), limit: 10, channels: [.webhook]))
    }
    let answers = try attempt.preparer.prepare(rows, now: attempt.now)
    try site.store.write { session in
      _ = try session.begin(rows.map(\.id), worker: "w", now: attempt.now)
      _ = try session.record(
        rows.map { DeliveryOutcome($0, begun: true, event: .accept, at: attempt.now) }, worker: "w")
    }
    return answers
  }

  private func event(_ answers: [PreparedAttempt]) throws -> [String: Any] {
    guard case .post(let post) = try #require(answers.first), answers.count == 1 else {
      Issue.record("no request: \(answers)")
      return [:]
    }
    return try #require(try JSONSerialization.jsonObject(with: Data(post.body)) as? [String: Any])
  }

  @Test func theSameEvents() throws {
    let site = try site()
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    #expect(try event(try send(attempt))["type"] as? String == "bulletin.released")
    // The bottom line is LES now: not for this machine.
    let update = try site.release(
      try site.bulletin(
        BulletinText {
          $0.bottomLine = "(U//LES) Canaryhigher.[^s1]"
          $0.shortTitle = "\"(U) Canarynew\""
        }), ReleaseOrder(by: "boss", kind: .update))
    #expect(try site.rows(update.serial)["machine"]?.channel == .webhook)
    attempt.advance(.seconds(1))
    let withdrawn = try event(try send(attempt))
    #expect(withdrawn["type"] as? String == "bulletin.expired")
    let words = "\(withdrawn)"
    #expect(words.contains(serial) && !words.contains("-U1") && !words.contains("Canary") && !words.contains("LES"))
    #expect((withdrawn["data"] as? [String: Any])?["version"] as? Int == 1)
    try site.end(serial)
    attempt.advance(.seconds(1))
    let recalled = try event(try send(attempt))
    #expect(recalled["type"] as? String == "bulletin.recalled")
    #expect((recalled["data"] as? [String: Any])?["serial"] as? String == serial)
    #expect((recalled["data"] as? [String: Any])?["version"] as? Int == 1)
  }

  /// The event of a bulletin that takes another's place names that one to a machine that has it, and to no other.
  @Test(arguments: [false, true])
  func theOneWhosePlaceIsTaken(holdsIt: Bool) throws {
    let site = try site()
    let old = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    if holdsIt { _ = try send(attempt) }
    let new = try site.release(
      try site.bulletin(BulletinText { $0.front = ["supersedes: \(old)"] }, named: "sheath")
    ).serial
    attempt.advance(.seconds(1))
    let released = try event(try send(attempt))
    #expect(released["type"] as? String == "bulletin.released")
    let data = try #require(released["data"] as? [String: Any])
    #expect(data["serial"] as? String == new && data["replaces"] as? String == (holdsIt ? old : nil))
  }

  @Test func whoDoesNotWantTheEventIsToldByTheNextChannel() throws {
    let site = try site(events: ", events: [bulletin.released]")
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    _ = try send(attempt)
    let rows = try site.rows(release: try site.end(serial).release)
    #expect(rows["machine"]?.channel == .emailTLS && rows["machine"]?.state == .pending)
    #expect(try attempt.prepare()["machine"]?.field("Subject")?.contains("Recalled") == true)
  }

  /// The machine that has the bulletin must hear of its end, whenever it listens again.
  @Test(arguments: [["webhook"], ["webhook", "email-tls"]], [true, false])
  func aDisabledEndpointIsToldWhenItIsEnabled(channels: [String], isRecall: Bool) throws {
    let site = try site()
    try site.people(SmallSite.people + [Person("machine", clearance: "fouo", channels: channels)])
    let serial = try site.release(try site.bulletin()).serial
    let attempt = try Attempt(site)
    _ = try send(attempt)
    let hook = try #require(try site.workspace().lists.endpoints.first?.value)
    _ = try EndpointVerbs.disable(hook, by: "boss", why: "away", store: site.store, now: attempt.now)
    let release: Int64
    if isRecall {
      let done = try site.end(serial)
      #expect(done.unreachable.isEmpty && done.held == 1 && done.holders == 1)
      release = done.release
    } else {
      // What is LES now is not for this machine.
      let text = BulletinText { $0.bottomLine = "(U//LES) Canaryhigher.[^s1]" }
      release = try site.release(try site.bulletin(text), ReleaseOrder(by: "boss", kind: .update)).release
    }
    attempt.advance(.seconds(1))
    var rows: [DeliveryRecord] = []
    try site.store.read { session in
      rows = try session.deliveries(release: release, reader: "machine")
    }
    #expect(Set(rows.map(\.channel)) == (channels.count == 1 ? [.webhook] : [.webhook, .emailTLS]))
    for row in rows {
      #expect(row.state == .pending && row.kind == .notice)
      #expect(row.held == (row.channel == .webhook ? EndpointState.held : nil))
      #expect(row.channel != .webhook || row.address == "hook")
    }
    #expect(try send(attempt).isEmpty)
    let enabled = try EndpointVerbs.enable(hook, by: "boss", store: site.store, now: attempt.now)
    #expect(enabled.changed && enabled.rows == 1)
    let told = try event(try send(attempt))
    #expect(told["type"] as? String == (isRecall ? "bulletin.recalled" : "bulletin.expired"))
    #expect((told["data"] as? [String: Any])?["serial"] as? String == serial)
  }

  @Test func anEndpointThatNeverHadItIsNotTold() throws {
    let site = try site()
    let hook = try #require(try site.workspace().lists.endpoints.first?.value)
    let attempt = try Attempt(site)
    _ = try EndpointVerbs.disable(hook, by: "boss", why: "away", store: site.store, now: attempt.now)
    let serial = try site.release(try site.bulletin()).serial
    try attempt.settle(["machine": .accept])
    let done = try site.end(serial)
    #expect(done.held == 0 && done.holders == 1)
    #expect(try site.rows(release: done.release)["machine"]?.channel == .emailTLS)
  }
}
