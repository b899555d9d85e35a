// Which partner systems that pulled a bulletin cannot be told of its end by a feed, and why.

import Markings
import Outbox
import Store
import Testing
import Workflows

@Suite struct FeedHindranceTests {
  private let now = Moment(seconds: SmallSite.noon.seconds)

  /// Partners that pulled a released bulletin of the series `brief`, with their credentials.
  /// - Parameter scopes: of the open ones.
  private func pulled(
    _ site: SmallSite, _ serial: String, by scopes: [String: [[String]?]], closed: Set<String> = []
  ) throws {
    try site.store.write { session in
      let release = try #require(try session.release(serial: serial)).id
      for (partner, feeds) in scopes {
        _ = try session.add(partner: partner, requestsPerMinute: 1, by: "boss", at: now)
        for feeds in feeds {
          let credential = PartnerCredential.random()
          try session.insert(
            credential: credential.record(
              partner: partner, feeds: feeds, allowsTaxii: false, by: "boss", at: now,
              expiresAt: closed.contains(partner) ? now : now + .hours(1)))
        }
        try session.insert(pulls: [
          PullRecord(
            partner: partner, release: release, version: 1, feed: "all", kind: .text, firstAt: now, lastAt: now,
            count: 1)
        ])
      }
    }
  }

  @Test(arguments: [ReleaseKind.recall, .expiry])
  func whoeverAFeedDoesNotTellIsNamed(kind: ReleaseKind) throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    try pulled(
      site, serial,
      by: [
        "officer": [nil], "textual": [["cap"]], "boss": [["alarm"], ["brief"]], "plain": [["all"]],
        "clerk": [["alarm"], ["emergency-services"]], "deputy": [nil], "portal-only": [], "suspended": [nil],
        "lapsed": [nil], "gone": [nil],
      ], closed: ["deputy"])
    let done = try site.end(serial, kind)
    #expect(done.pulledBy == 10)
    #expect(
      done.untold == [
        "clerk": .scope, "deputy": .noCredential, "portal-only": .noCredential, "suspended": .status,
        "lapsed": .facts, "gone": .noReader,
      ])
  }

  @Test func whileEverythingIsHaltedFeedsWillTellIt() throws {
    let site = try SmallSite()
    let serial = try site.release(try site.bulletin()).serial
    try pulled(site, serial, by: ["officer": [nil], "gone": [nil]])
    try site.store.write { try $0.set(pause: Pause(scope: .halt, name: "", by: "boss", at: now, reason: "r")) }
    #expect(try site.end(serial).untold == ["gone": .noReader])
  }
}
