// After any sequence of releases, updates, corrections and a recall, with the rows in any state and readers coming and
// going: a notice is written for exactly those who were sent a version or may have been, for each once; and nothing of
// an overtaken release can be claimed.

import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import Testing
import Workflows

@Suite struct SuccessionPropertyTests {
  private static let readers = [
    "boss", "deputy", "officer", "clerk", "plain", "lapsed", "textual", "firm", "portal-only",
  ]

  @Test(arguments: 1...UInt64(12))
  func noticesReachExactlyThoseWhoHoldIt(seed: UInt64) throws {
    var dice = Dice(state: seed)
    let site = try SmallSite()
    // Half of the trials are of a series that sends again when nobody knows.
    if seed.isMultiple(of: 2) { try site.resendsWhenUncertain() }
    var trial = Trial(site: site, attempt: try Attempt(site))
    try trial.release(.release, &dice)
    for _ in 0..<Int.random(in: 0...4, using: &dice) {
      for _ in 0..<Int.random(in: 1...3, using: &dice) { try trial.deliver(&dice) }
      if Bool.random(using: &dice) { try trial.changePeople(&dice) }
      try trial.release(Bool.random(using: &dice) ? .update : .correction, &dice)
    }
    for _ in 0..<Int.random(in: 0...3, using: &dice) { try trial.deliver(&dice) }
    try trial.end(Bool.random(using: &dice) ? .recall : .expiry, seed: seed)
    // Whatever comes back from the wire after that: only notices can be claimed.
    for _ in 0..<3 { try trial.deliver(&dice) }
    try trial.checkNothingOldGoes(seed: seed)
    #expect(try site.store.read { try $0.verifyAudit() } > 0)
  }

  private struct Trial {
    let site: SmallSite
    let attempt: Attempt
    /// Readers to whom a version was handed over, or nobody knows.
    var handed: Set<String> = []
    var versions: [Int64] = []
    var words = 0
    var active = Set(SmallSite.people.filter { $0.status == "active" }.map(\.id))
    /// Rows on the wire: begun and not answered.
    var wire: [(row: ClaimedDelivery, isVersion: Bool)] = []

    var holders: Set<String> { handed.union(wire.filter(\.isVersion).map(\.row.reader)) }

    mutating func release(_ kind: ReleaseKind, _ dice: inout Dice) throws {
      words += 1
      let isHigh = Int.random(in: 0..<3, using: &dice) == 0
      let text = BulletinText {
        $0.bottomLine = "(\(isHigh ? "U//LES" : "U//FOUO")) Words \(words).[^s1]"
        if isHigh { $0.shortTitle = "\"(U//LES) Canaryhigh\(words)\"" }
      }
      let now = Instant(seconds: attempt.now.seconds)
      let done = try site.release(try site.bulletin(text), ReleaseOrder(by: "boss", kind: kind), now: now)
      let rows = try site.rows(done.serial)
      for reader in holders where rows[reader]?.kind != .variant {
        // Holders are sent it, or told, or a row says why they cannot be, or they know.
        #expect(rows[reader] != nil || !active.contains(reader) || kind == .release, "\(reader) of \(done.serial)")
      }
      for (reader, row) in rows where row.variant?.hasPrefix("notice:withdrawn") == true {
        #expect(holders.contains(reader), "\(reader) never held anything")
      }
      versions.append(done.release)
      attempt.advance(.seconds(2))
    }

    /// Some rows go out with random ends; some stay on the wire, and some of the wire is answered.
    mutating func deliver(_ dice: inout Dice) throws {
      attempt.advance(.seconds(Int64.random(in: 1...600, using: &dice)))
      if Int.random(in: 0..<4, using: &dice) == 0 {
        // A worker that stopped: nobody will ever know of what it had on the wire.
        attempt.advance(.minutes(11))
        _ = try site.store.write { try $0.lapseLeases(now: attempt.now) { 0.5 } }
        handed.formUnion(wire.filter(\.isVersion).map(\.row.reader))
        wire = []
      }
      let rows = try attempt.claim().filter { _ in Bool.random(using: &dice) }
      let answers = try attempt.preparer.prepare(rows, now: attempt.now)
      var begun: [ClaimedDelivery] = []
      try site.store.write { session in
        for (row, answer) in zip(rows, answers) where answer.mail != nil {
          guard try session.begin([row.id], worker: "w", now: attempt.now) == [row.id] else { continue }
          begun.append(row)
        }
      }
      for row in begun {
        let kind = try site.store.read { try $0.delivery(row.id) }?.variant ?? ""
        let isVersion =
          !kind.hasPrefix("notice:withdrawn") && !kind.hasPrefix("notice:recalled")
          && !kind.hasPrefix("notice:expired")
        try answer(row, isVersion: isVersion, &dice)
      }
      for (row, isVersion) in wire where Bool.random(using: &dice) {
        wire.removeAll { $0.row.id == row.id }
        let event: DeliveryEvent = [.accept, .defer, .lose, .handBack].randomElement(using: &dice) ?? .accept
        if isVersion, event == .accept || event == .lose { handed.insert(row.reader) }
        try record(row, event)
      }
      try site.store.write { _ = try $0.handBack(worker: "w") }
    }

    private mutating func answer(_ row: ClaimedDelivery, isVersion: Bool, _ dice: inout Dice) throws {
      let events: [DeliveryEvent?] = [.accept, .accept, .accept, .defer, .bounce, .lose, .handBack, nil]
      let event = events.randomElement(using: &dice) ?? .accept
      guard let event else {
        wire.append((row, isVersion))
        return
      }
      if isVersion, event == .accept || event == .lose { handed.insert(row.reader) }
      try record(row, event)
      if event == .accept, Int.random(in: 0..<5, using: &dice) == 0 {
        // A report of non-delivery: it had been taken all the same.
        try site.store.write { session in
          try session.apply(.bounce, delivery: row.id, reply: .init(), nextAttempt: nil, at: attempt.now)
        }
      }
    }

    private func record(_ row: ClaimedDelivery, _ event: DeliveryEvent) throws {
      _ = try site.store.write {
        try $0.record(
          [
            DeliveryOutcome(
              row, begun: true, event: event, at: attempt.now, nextAttempt: attempt.now + .minutes(1))
          ], worker: "w")
      }
    }

    mutating func changePeople(_ dice: inout Dice) throws {
      var people = SmallSite.people
      for index in people.indices where people[index].id != "boss" && people[index].id != "deputy" {
        switch Int.random(in: 0..<8, using: &dice) {
        case 0: people[index].status = "departed"
        case 1: people[index].nda = nil
        case 2: people[index].clearance = "fouo"
        case 3: people[index].channels = ["email-plain"]
        default: break
        }
      }
      active = Set(people.filter { $0.status == "active" }.map(\.id))
      try site.people(people)
      attempt.advance(.seconds(2))
    }

    mutating func end(_ kind: ReleaseKind, seed: UInt64) throws {
      // What is on the wire may arrive.
      let holders = holders
      let done = try site.end("visor", kind, now: Instant(seconds: attempt.now.seconds))
      let rows = try site.rows(release: done.release)
      #expect(
        Set(rows.keys) == holders,
        "seed \(seed): told for nothing \(Set(rows.keys).subtracting(holders).sorted()), not told \(holders.subtracting(rows.keys).sorted())"
      )
      for (reader, row) in rows {
        #expect(row.state == (active.contains(reader) ? .pending : .withheld), "seed \(seed): \(reader)")
      }
      attempt.advance(.seconds(2))
    }

    func checkNothingOldGoes(seed: UInt64) throws {
      attempt.advance(.hours(30))
      _ = try site.store.write { try $0.lapseLeases(now: attempt.now) { 0.5 } }
      for row in try attempt.claim() {
        #expect(!versions.contains(row.release), "seed \(seed): \(row.reader) would get an old text again")
      }
      try site.store.read { session in
        for release in versions {
          let counts = try session.counts(release: release)
          let open = counts.filter { $0.key.isOpen && $0.value > 0 }
          #expect(open.isEmpty, "seed \(seed): \(open)")
        }
      }
    }
  }
}
