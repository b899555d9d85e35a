// What comes back, in every driver: a mail counts once, a person's word outlasts a server's, one task for an address.

import Outbox
import Store
import Testing

@Suite struct ReportStoreTests {
  private static func report(_ digest: String, _ delivery: Int64?, kind: String = "soft", at: Moment = Workbench.start)
    -> ReportRow
  {
    ReportRow(
      digest: digest, delivery: delivery, kind: kind, outcome: "bounced", address: "r1@example.gov", status: "5.2.2",
      action: "failed", diagnostic: "mailbox full", at: at)
  }

  private static func suppression(
    _ reason: Suppression.Reason, at: Moment = Workbench.start, expires: Moment? = nil
  ) -> Suppression {
    Suppression(
      address: "r1@example.gov", reason: reason, detail: reason.rawValue, delivery: nil, by: "x", at: at,
      expires: expires)
  }

  @Test(arguments: TestedDriver.allCases)
  func aMailIsRecordedOnce(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write { session in
      _ = try Samples.enqueue(Samples.release(1), readers: 2, in: session)
      #expect(try !session.hasReport(digest: "a"))
      try session.insert(report: Self.report("a", 1))
      #expect(try session.hasReport(digest: "a"))
      #expect(try session.reports(delivery: 1) == [Self.report("a", 1)])
    }
    #expect(throws: StoreError.self) { try bench.store.write { try $0.insert(report: Self.report("a", 2)) } }
    #expect(throws: StoreError.self) {
      try bench.store.write { try $0.insert(report: Self.report("b", 2, kind: "nonsense")) }
    }
  }

  @Test(arguments: TestedDriver.allCases)
  func softReportsAreCountedByDelivery(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write { session in
      _ = try Samples.enqueue(Samples.release(1), readers: 3, in: session)
      try session.insert(report: Self.report("a", 1))
      try session.insert(report: Self.report("b", 1))
      try session.insert(report: Self.report("c", 2, at: Workbench.start + .hours(1)))
      try session.insert(report: Self.report("d", 3, kind: "delayed"))
      #expect(try session.softReports(address: "r1@example.gov", since: Workbench.start) == 2)
      #expect(try session.softReports(address: "r1@example.gov", since: Workbench.start + .minutes(1)) == 1)
      #expect(try session.softReports(address: "other@example.gov", since: Workbench.start) == 0)
    }
  }

  @Test(arguments: TestedDriver.allCases)
  func suppressionsCountUntilTheyEnd(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let end = Workbench.start + .hours(1)
    try bench.store.write { session in
      var asked = false
      func found(_ at: Moment) throws -> Suppression.Reason? {
        try session.suppressions(
          among: {
            asked = true
            return ["r1@example.gov", "r2@example.gov"]
          }, at: at)["r1@example.gov"]?.reason
      }
      #expect(try found(Workbench.start) == nil && !asked)
      try session.set(suppression: Self.suppression(.hardBounce, expires: end))
      #expect(try found(Workbench.start) == .hardBounce && found(end) == nil)
      // A person's word replaces a server's, and not the other way round while it counts.
      try session.set(suppression: Self.suppression(.person, expires: end))
      try session.set(suppression: Self.suppression(.hardBounce))
      #expect(try found(Workbench.start) == .person)
      try session.set(suppression: Self.suppression(.hardBounce, at: end, expires: end + .hours(1)))
      #expect(try found(end) == .hardBounce && session.suppressions().count == 1)
      #expect(try session.lift(suppression: "r1@example.gov") && !session.lift(suppression: "r1@example.gov"))
      #expect(try found(Workbench.start) == nil)
    }
  }

  @Test(arguments: TestedDriver.allCases)
  func oneTaskForAnAddress(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let task = CoordinatorTask(
      organization: "police", reader: "r1", address: "r1@example.gov", why: "gone", delivery: nil,
      openedAt: Workbench.start)
    try bench.store.write { session in
      try session.open(task: task)
      try session.open(task: task)
      let open = try session.tasks(closed: false)
      #expect(open.count == 1 && open[0].why == "gone" && open[0].closedAt == nil)
      #expect(try session.close(task: open[0].id, by: "x", at: Workbench.start))
      #expect(try !session.close(task: open[0].id, by: "x", at: Workbench.start))
      try session.open(task: task)
      #expect(try session.tasks(closed: false).count == 1 && session.tasks(closed: true).count == 2)
    }
  }

  @Test(arguments: TestedDriver.allCases)
  func whatWentInOneMailIsKnown(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    try bench.store.write { session in
      for number in 1...3 { _ = try Samples.enqueue(Samples.release(number), readers: 2, in: session) }
    }
    try bench.run("UPDATE deliveries SET digest_at = 5, message_id = '<m>' WHERE reader = 'r1' AND release_id < 3")
    try bench.run("UPDATE deliveries SET digest_at = 6, message_id = '<n>' WHERE reader = 'r1' AND release_id = 3")
    let riders = try bench.store.read { session in try (1...6).map { try session.riders(of: $0) } }
    #expect(riders == [[3], [], [1], [], [], []])
  }

  @Test(arguments: TestedDriver.allCases)
  func poisonIsKeptOnce(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let mail = MailSetAside(
      digest: "d", source: "INBOX/1", reason: "too deep", bytes: [0, 255, 10], at: Workbench.start)
    try bench.store.write { session in
      try session.setAside(mail)
      try session.setAside(mail)
      let kept = try session.mailSetAside()
      #expect(kept.count == 1 && kept[0].bytes == mail.bytes && kept[0].reason == mail.reason)
    }
  }

  /// Refused while we were sending, and nothing has been said or proved since.
  @Test(arguments: TestedDriver.allCases)
  func refusedAddressesAreProposed(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    func outcomes(_ number: Int, _ events: [DeliveryEvent], at: Moment) throws {
      try bench.store.write { session in
        _ = try Samples.enqueue(Samples.release(number, at: at), readers: events.count, in: session)
        let rows = try session.claim(Samples.order("w", now: at))
        _ = try session.begin(rows.map(\.id), worker: "w", now: at)
        _ = try session.record(
          zip(rows, events).map { DeliveryOutcome($0, begun: true, event: $1, at: at) }, worker: "w")
      }
    }
    func proposed(_ at: Moment) throws -> [String] {
      try bench.store.read { try $0.proposedSuppressions(at: at) }.map(\.address)
    }
    try outcomes(1, [.bounce, .bounce, .accept, .bounce], at: Workbench.start)
    #expect(try proposed(Workbench.start) == ["r1@example.gov", "r2@example.gov", "r4@example.gov"])
    try bench.store.write { session in
      try session.set(suppression: Self.suppression(.person))
      try session.insert(report: Self.report("a", 4))
    }
    #expect(try proposed(Workbench.start) == ["r2@example.gov"])
    // The next bulletin arrived.
    try outcomes(2, [.accept, .accept], at: Workbench.start + .hours(1))
    #expect(try proposed(Workbench.start + .hours(1)).isEmpty)
  }
}
