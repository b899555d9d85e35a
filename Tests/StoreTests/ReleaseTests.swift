// The release as one unit of work: a serial is allocated, rows are written, or nothing happened at all.

import Outbox
import Store
import Testing

@Suite struct ReleaseTests {
  struct Refused: Error {}

  @Test(arguments: TestedDriver.allCases)
  func serialsHaveNoGaps(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    func number(_ series: String = "officer-safety", year: Int = 2026) throws -> Int {
      try bench.store.write { try $0.allocateNumber(series: series, year: year) }
    }
    #expect(try number() == 1)
    #expect(throws: Refused.self) {
      try bench.store.write { session in
        #expect(try session.allocateNumber(series: "officer-safety", year: 2026) == 2)
        try Samples.enqueue(Samples.release(2), readers: 10, in: session)
        throw Refused()
      }
    }
    #expect(try number() == 2)
    #expect(try number("special-event") == 1)
    #expect(try number(year: 2027) == 1)
    #expect(try bench.store.read { try $0.releases(limit: 10) }.isEmpty)
  }

  @Test(arguments: TestedDriver.allCases)
  func manyAllocateAtOnce(driver: TestedDriver) async throws {
    let bench = try Workbench(driver)
    let numbers = try await withThrowingTaskGroup(of: [Int].self) { group in
      for _ in 0..<4 {
        let store = try bench.another(driver)
        group.addTask {
          try (0..<25).map { _ in try store.write { try $0.allocateNumber(series: "os", year: 2026) } }
        }
      }
      return try await group.reduce(into: [Int]()) { $0 += $1 }
    }
    #expect(numbers.sorted() == Array(1...100))
  }

  @Test(arguments: TestedDriver.allCases)
  func theSameRevisionIsReleasedOnce(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let first = try bench.store.write { try $0.insert(release: Samples.release(1)) }
    let again = #expect(throws: StoreError.self) {
      try bench.store.write { try $0.insert(release: Samples.release(2, hash: "sha256:1")) }
    }
    #expect(again?.code == .alreadyReleased && again?.detail == "CFC-OS-2026-0001")
    let update = Samples.release(1, kind: .update, predecessor: first, hash: "sha256:1b")
    try bench.store.write { _ = try $0.insert(release: update) }
    // A recall concerns a revision that is out.
    let recall = Samples.release(1, kind: .recall, predecessor: first)
    try bench.store.write { _ = try $0.insert(release: recall) }
    let versions = try bench.store.read { try $0.releases(bulletin: "bulletin-1") }
    #expect(versions.map(\.serial) == ["CFC-OS-2026-0001", "CFC-OS-2026-0001-U1", "CFC-OS-2026-0001"])
    #expect(versions.map(\.kind) == [.release, .update, .recall])
    #expect(try bench.store.read { try $0.release(serial: "CFC-OS-2026-0001") }?.id == first)
    #expect(try bench.store.read { try $0.release(revisionHash: "sha256:1b") }?.version == 2)
    #expect(try bench.store.read { try $0.release(serial: "CFC-OS-2026-0009") } == nil)
    #expect(try bench.store.read { try $0.release(99) } == nil)
  }

  @Test(arguments: TestedDriver.allCases)
  func whatWasStoredComesBack(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let new = Samples.release(7, lane: .immediate, onUncertain: .resend)
    let id = try bench.store.write { try $0.insert(release: new) }
    let variant = try bench.store.write { try $0.insert(variant: Samples.variant, release: id) }
    #expect(try bench.store.write { try $0.insert(variant: Samples.variant, release: id) } == variant)
    #expect(try bench.store.read { try $0.variant(variant) } == Samples.variant)
    #expect(try bench.store.read { try $0.variant(key: Samples.variant.key, release: id) } == variant)
    #expect(try bench.store.read { try $0.variants(release: id) }.map(\.banner) == ["UNCLASSIFIED//FOUO"])
    #expect(try bench.store.read { try $0.variant(99) } == nil)
    #expect(try bench.store.read { try $0.files(release: id) } == new.files)
    let stored = try #require(try bench.store.read { try $0.release(id) })
    #expect(stored.lane == .immediate && stored.onUncertain == .resend && stored.lifetimeEnd == new.lifetimeEnd)
    #expect(stored.bulletin == "bulletin-7" && stored.predecessor == nil && stored.number == 7)

    let recorded = RecordedDecision(
      bulletin: "bulletin-7", revisionHash: "sha256:7", privateRelease: true, foreignRelease: ["CAN", "GBR"],
      consents: ["s1"], acceptRules: ["S04"], by: "director", at: bench.now, reason: "joint case\nsecond line")
    try bench.store.write { try $0.insert(recorded: recorded) }
    #expect(try bench.store.read { try $0.recordedDecisions(revisionHash: "sha256:7") } == [recorded])
    #expect(try bench.store.read { try $0.recordedDecisions(revisionHash: "sha256:8") } == [])
  }

  @Test(arguments: TestedDriver.allCases)
  func oneRowForAReaderAndChannel(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let error = #expect(throws: StoreError.self) {
      try bench.store.write { session in
        let id = try session.insert(release: Samples.release(1))
        let variant = try session.insert(variant: Samples.variant, release: id)
        let full = try session.insert(decision: Samples.decision(variant: variant), release: id)
        #expect(try session.insert(decision: Samples.decision(variant: variant), release: id) == full)
        var rows = Array(
          repeating: NewDelivery(reader: "r1", address: "", format: .text, decision: full, decisionHash: []), count: 2)
        _ = try session.enqueue(release: id, decidedAt: bench.now) { rows.popLast() }
      }
    }
    #expect(error?.code == .constraint)
    #expect(try bench.store.read { try $0.releases(limit: 1) }.isEmpty)
  }

  @Test(arguments: TestedDriver.allCases)
  func snapshotsAreNumberedAndNeverChange(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    let files = [
      StoredFile(name: "lists/a.yaml", hash: "1", bytes: [1]), StoredFile(name: "b.yaml", hash: "2", bytes: []),
    ]
    func store(_ hash: String) throws -> Int64 {
      try bench.store.write {
        try $0.insert(
          snapshotHash: hash, policyName: "cfc", policyVersion: "3", policyHash: "p", files: files, at: bench.now)
      }
    }
    #expect(try bench.store.read { try $0.currentSnapshot() } == nil)
    #expect(try [store("a"), store("b"), store("a")] == [1, 2, 1])
    #expect(try bench.store.read { try $0.currentSnapshot() } == 1)
    #expect(try bench.store.read { try $0.snapshot(2) }?.files == files)
    #expect(try bench.store.read { try $0.snapshot(3) } == nil)
  }

  @Test(arguments: TestedDriver.allCases)
  func theAuditLogIsAChain(driver: TestedDriver) throws {
    let bench = try Workbench(driver)
    for number in 1...5 {
      try bench.store.write {
        try $0.audit(
          actor: "director", action: "release", subject: "CFC-OS-2026-000\(number)", detail: "ü", at: bench.now)
      }
    }
    #expect(try bench.store.read { try $0.verifyAudit() } == 5)
    var seen: [Int64] = []
    try bench.store.read { session in
      try session.auditEntries(after: 2) { entry in
        seen.append(entry.number)
        return seen.count < 2
      }
    }
    #expect(seen == [3, 4])
  }

  @Test func serialsAreReadAsTheyAreWritten() {
    for text in ["CFC-OS-2026-0042", "CFC-OS-2026-0042-U1", "A-B-CFC-OS-2026-12345-C12"] {
      #expect(Serial(text)?.description == text)
    }
    for text in ["", "CFC-OS-2026", "CFC-OS-2026-42", "CFC-OS-26-0042", "CFC-OS-2026-0042-U0", "-OS-2026-0042", "U1"] {
      #expect(Serial(text) == nil, "\(text)")
    }
  }
}
