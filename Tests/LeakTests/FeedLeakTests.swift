// Feeds over a ledger, through a release, an update and a recall: at each stage every caller gets from every address
// what an oracle says that they may see, tombstones and notices too, and of what they may not see not even the serial
// (feeds.md). Callers of whom the oracle says the same get the same bytes and the same tags.

import Bulletins
import Distribution
import Feeds
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import TestSupport
import Testing
import Workflows

@Suite struct FeedLeakTests {
  private static let bulletins: UInt64 = OutletLeakTests.bulletins > 1_000 ? 200 : 3

  /// What one caller may see of the bulletin at one stage.
  private enum Expected: Hashable {
    case nothing
    case words(Set<String>, cut: Bool)
    /// A notice: its canary at most.
    case notice(String, serial: String)
  }
  private struct Sight: Hashable {
    var expected: Expected
    var hasPortal: Bool
  }
  private struct Look: Hashable {
    var outlet: String
    var expected: Expected
    var left: Set<String>
    var documents: [ObjectIdentifier]
  }
  private struct Stage {
    var name: String
    /// Newest last.
    var versions: [(trial: LeakTrial, oracle: Oracle)]
    var isRecalled = false
  }

  @Test func noFeedSaysMoreThanItsCallerMaySee() throws {
    let sample = try SampleWorkspace().workspace
    var (looks, whole, notices, nothing) = (0, 0, 0, 0)
    for seed in OutletLeakTests.firstSeed..<OutletLeakTests.firstSeed + Self.bulletins {
      let readers = ReaderGenerator.readers(40, seed: seed)
      let trials = [LeakTrial(seed: seed, readers: readers), LeakTrial(seed: seed + 500_000, readers: readers)]
      let ledger = try FeedLedger(sample, readers)
      var stages: [Stage] = []
      for trial in trials {
        // One series, two random bulletins: it requires no section of either.
        var bulletin = trial.bulletin
        bulletin.required = []
        let oracle = Oracle(bulletin, now: Shipped.noon, today: .day("2026-11-22"))
        stages.append(
          Stage(name: "version \(stages.count + 1)", versions: (stages.last?.versions ?? []) + [(trial, oracle)]))
      }
      stages.append(Stage(name: "recalled", versions: stages[1].versions, isRecalled: true))
      for (place, stage) in stages.enumerated() {
        if stage.isRecalled { try ledger.recall() } else { try ledger.release(trials[place]) }
        var tags: [Sight: [String]] = [:]
        // The same documents for another who may see the same need no second look; kept, so that none takes its place.
        var looked: Set<Look> = []
        var kept: [FeedRepresentation] = []
        for reader in readers {
          let visit = ledger.visit(reader.id)
          ledger.bulletin = try ledger.bulletin ?? FeedOutlets.items(visit).first?.id
          let listed = try visit.ask("bulletins/collections/all/objects/")
          ledger.reports.formUnion(listed.filter { $0.hasPrefix("report--") && $0.utf8.count == 44 })
          let expected = expected(stage, reader, ledger.serials)
          for outlet in FeedOutlets.all {
            looks += 1
            let documents = try outlet.addresses(visit).compactMap { try visit.ask($0) }
            let texts = try outlet.texts(visit)
            let left = outlet.mayBeLeft ? left(stage, reader) : []
            let look = Look(
              outlet: outlet.name, expected: expected, left: left, documents: documents.map(ObjectIdentifier.init))
            guard !texts.isEmpty || looked.insert(look).inserted else { continue }
            kept += documents
            let problem = problem(
              outlet, texts + documents.flatMap { Posts.strings(in: $0.bytes) }, expected, left, stage, ledger)
            #expect(problem == nil, "seed \(seed), \(stage.name), \(reader.id): \(problem ?? "")")
            if problem != nil { return }
          }
          switch expected {
          case .nothing: nothing += 1
          case .words: whole += 1
          case .notice: notices += 1
          }
          let mine = try FeedForm.allCases.flatMap { form -> [String] in
            let made = try visit.ask(.page(slug: "all", month: nil, form))
            return [made?.etag ?? "", String(made?.bytes.count ?? 0), String(made?.compressed.count ?? 0)]
          }
          // Sectors are the caller's own.
          let sectors = try FeedOutlets.items(visit).flatMap(\.sectors).map(\.slug)
          let key = mine + sectors
          // What was cut names the portal to those who have it.
          let sight = Sight(expected: expected, hasPortal: reader.stakeholder.channels.contains(.portal))
          let known = tags[sight, default: key]
          if known.dropFirst(mine.count).elementsEqual(sectors) {
            #expect(known == key, "seed \(seed), \(stage.name), \(reader.id): other bytes for the same sight")
          }
          tags[sight] = known
        }
      }
    }
    #expect(whole > 50 && notices > 50 && nothing > 50)
    print("feed leak test: \(looks) looks at \(FeedOutlets.all.count) outlets; \(whole) whole, \(notices) notices")
  }

  private func expected(_ stage: Stage, _ reader: Reader, _ serials: [String]) -> Expected {
    for (place, version) in stage.versions.enumerated().reversed() {
      let outcome = version.oracle.outcome(reader, .feed)
      if case .withheld = outcome { continue }
      if place == stage.versions.count - 1, !stage.isRecalled, case .full(let visible, let cut) = outcome {
        return .words(version.oracle.printed(visible), cut: cut)
      }
      return .notice(name(version, to: reader) ?? "", serial: serials[place])
    }
    return .nothing
  }

  /// Short titles of earlier versions that a notice may name to this caller, who saw something of them.
  private func left(_ stage: Stage, _ reader: Reader) -> Set<String> {
    Set(
      stage.versions.dropLast().compactMap { version in
        if case .withheld = version.oracle.outcome(reader, .feed) { return nil }
        return name(version, to: reader)
      })
  }

  /// The short title of a version, where notices may name it to this caller.
  private func name(_ version: (trial: LeakTrial, oracle: Oracle), to reader: Reader) -> String? {
    let short = version.trial.bulletin.shortTitle.canary
    return version.oracle.meets(reader, short) && version.oracle.allows(.emailTLS, short) ? short : nil
  }

  /// What is wrong with what this outlet gives; nil when it gives exactly what it may.
  private func problem(
    _ outlet: FeedOutlet, _ texts: [String], _ expected: Expected, _ left: Set<String>, _ stage: Stage,
    _ ledger: FeedLedger
  ) -> String? {
    let all = stage.versions.flatMap(\.trial.bulletin.canaries)
    let found = Haystack(texts)
    let inside = Set(all.filter(found.contains))
    let short = stage.versions.last?.trial.bulletin.shortTitle.canary ?? ""
    let named = ledger.serials.filter(found.contains)
    // A tombstone has nothing but the bulletin's id.
    let isTold = ledger.bulletin.map(found.contains) ?? false
    switch expected {
    case .nothing:
      if !inside.isEmpty || !named.isEmpty || isTold { return "\(outlet.name) tells of \(inside.sorted()) \(named)" }
    case .words(let words, _):
      let leaked = inside.subtracting(words).subtracting(left)
      if !leaked.isEmpty { return "\(outlet.name) leaks \(leaked.sorted())" }
      if outlet.isWhole, case let lost = words.subtracting(inside).subtracting([short]), !lost.isEmpty {
        return "\(outlet.name) lost \(lost.sorted())"
      }
      if outlet.isListing, !named.contains(ledger.serials.last ?? "") { return "\(outlet.name) lacks it" }
    case .notice(let name, let serial):
      let leaked = inside.subtracting([name]).subtracting(left)
      if !leaked.isEmpty { return "\(outlet.name) leaks \(leaked.sorted())" }
      if outlet.isListing, !named.contains(serial), !isTold { return "\(outlet.name) does not tell of its end" }
      // A version that came later, and was not for this caller.
      let later = ledger.serials.drop { $0 != serial }.dropFirst().filter(named.contains)
      if !later.isEmpty { return "\(outlet.name) tells of \(later)" }
    }
    return nil
  }
}

/// Texts in which many words are looked for: as one run of bytes, by the C library.
private struct Haystack {
  private let text: [CChar]

  init(_ texts: [String]) {
    // Without a zero byte before its end.
    text = texts.joined(separator: "\n").utf8.filter { $0 != 0 }.map(CChar.init(bitPattern:)) + [0]
  }

  func contains(_ word: String) -> Bool { strstr(text, word) != nil }
}

/// A store with one bulletin, and a desk over it.
private final class FeedLedger {
  let store: SQLStore
  let desk: FeedDesk
  let taxii: TaxiiDesk
  private static let authority = "boss"
  private let folder = NSTemporaryDirectory() + "revere-feed-leak-" + UUID().uuidString
  private(set) var serials: [String] = []
  var reports: Set<String> = []
  /// Its id in feeds, as soon as somebody has seen it.
  var bulletin: String?
  private var now = Moment(seconds: Shipped.noon.seconds)
  private var last: NewRelease?
  private var lastID: Int64?

  init(_ sample: Workspace, _ readers: [Reader]) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    store = try SQLStore(driver: try SQLiteDriver(path: folder + "/ledger.db"), at: now.milliseconds)
    var workspace = sample
    workspace.settings.site = Shipped.site
    workspace.settings.site.releaseAuthorities = [Self.authority]
    workspace.templates["officer-safety"] = SeriesTemplate(
      series: "officer-safety", name: "Officer safety", code: "OS", publicName: "Officer safety bulletin")
    let secret = try SiteSecret.create("secret.key", root: folder)
    desk = try FeedDesk(workspace, readers: readers, store: store, address: "https://feeds.example.gov")
    taxii = TaxiiDesk(desk, store: store, secret: secret)
  }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func visit(_ reader: String) -> FeedVisit {
    FeedVisit(
      desk: desk, taxii: taxii, reader: reader, now: now, released: serials.enumerated().map { ($1, $0 + 1) },
      months: ["2026-10", "2026-11", "2026-12"], reports: reports.sorted())
  }

  func release(_ trial: LeakTrial) throws {
    now = now + .minutes(1)
    let bytes = Array(trial.bulletin.markdown.utf8)
    let files = [("random.md", bytes)] + trial.files.map { ($0, Self.picture) }
    let hash = RevisionHash.of("random.md", bytes, files: Array(files.dropFirst()))
    let decisions = trial.bulletin.decisions
    let serial = Serial(
      prefix: "CFC", code: "OS", year: 2026, number: 42, suffix: serials.isEmpty ? nil : .update(serials.count))
    serials.append(serial.description)
    let new = NewRelease(
      bulletin: "random", series: "officer-safety", revisionHash: hash,
      files: files.map { StoredFile(name: $0.0, hash: RevisionHash.sha256($0.1), bytes: $0.1) }, serial: serial,
      version: serials.count, kind: serials.count == 1 ? .release : .update, predecessor: lastID, by: Self.authority,
      at: now,
      title: "", banner: "", lane: .routine, onUncertain: .hold, startsAt: now, lifetimeEnd: now + .hours(24 * 300),
      policyName: "cfc", policyVersion: "1", policyHash: "x")
    last = new
    lastID = try store.write { session in
      try session.insert(
        recorded: RecordedDecision(
          bulletin: "random", revisionHash: hash, publicRelease: decisions.publicRelease,
          privateRelease: decisions.privateRelease, foreignRelease: decisions.foreignRelease.sorted(),
          consents: decisions.consents.sorted(), acceptHollow: decisions.acceptHollow.sorted(),
          by: Self.authority, at: now))
      return try session.insert(release: new)
    }
  }

  func recall() throws {
    now = now + .minutes(1)
    guard var end = last else { return }
    (end.kind, end.predecessor, end.at, end.startsAt, end.files) = (.recall, lastID, now, now, [])
    _ = try store.write { try $0.insert(release: end) }
  }

  /// One grey pixel: what is looked for is words.
  private static let picture = [UInt8](
    Data(
      base64Encoded:
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==") ?? Data())
}
