// Every outlet, over random bulletins x readers x channels: the canary of a portion that a reader may not see is in no
// byte of what they can get, and what they may see is there (release-policy.md section 8). The oracle is written from
// the specification, not from the code. `make leak-test` runs it long.

import Bulletins
import Distribution
import Foundation
import Markings
import Rendering
import TestSupport
import Testing
import Workflows

@Suite struct OutletLeakTests {
  /// 42 bulletins x 80 readers x 6 channels are 20,160 decisions; `REVERE_LEAK_TEST=long` makes it over a million.
  static let bulletins = ProcessInfo.processInfo.environment["REVERE_LEAK_TEST"] == "long" ? 2_100 : 42
  static let firstSeed = ProcessInfo.processInfo.environment["REVERE_LEAK_SEED"].flatMap(UInt64.init) ?? 100_000

  private struct Shape: Hashable {
    var key: VariantKey?
    var notice: NoticeWhy?
    var channel: ChannelClass
    var hasPortal: Bool
    var seesShortTitle: Bool
  }

  @Test func noOutletSaysMoreThanItsReaderMaySee() throws {
    let workspace = try SampleWorkspace().workspace
    let layouts = try #require(workspace.layouts)
    var decisions = 0
    var looks = 0
    var (thin, full) = (0, 0)
    // What stands beside a bulletin in a digest: something of the bulletin before it.
    var beside: [DigestPart] = []
    for seed in Self.firstSeed..<Self.firstSeed + UInt64(Self.bulletins) {
      let readers = ReaderGenerator.readers(80, seed: seed)
      let trial = LeakTrial(seed: seed, readers: readers)
      let oracle = Oracle(trial.bulletin, now: Shipped.noon, today: .day("2026-11-22"))
      let assembly = ProductAssembly(
        trial.revision, pictures: ChartLeakTests.pictures(trial.bulletin), workspace: workspace, layouts: layouts)
      var audience: [String: String] = [:]
      var preview = PreviewAudience(assembly.decider, readers: readers, now: Shipped.noon)
      preview.allChannels { record in
        let encoder = JSONEncoder()
        let line = (try? encoder.encode(record)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        audience[record.reader + " " + record.channel] = line
      }
      let round = assembly.decider.round(at: Shipped.noon)
      var seen: Set<Shape> = []
      var parts: [DigestPart] = []
      for reader in readers {
        for channel in ChannelClass.allCases {
          decisions += 1
          // An entry `email-smime` is decided, cut and sent as `email-tls`; what is asked for stays what was asked for.
          let decision = round.decide(reader, Endpoint(channel.served), words: false)
          let shape = shape(decision, channel, reader, round)
          // Readers of one shape get the same bytes; the JSON line is each reader's own.
          let isNew = seen.insert(shape).inserted
          let made =
            isNew
            ? try RenderPreview.one(
              assembly, reader: reader, endpoint: Endpoint(channel), mail: workspace.settings.mail, now: Shipped.noon
            )
            .preview : nil
          var digest: [(rendered: Rendered, message: [UInt8])] = []
          if isNew, let part = part(decision, reader, channel, round, assembly) {
            parts.append(part)
            // Now before it, now after it.
            let all = parts.count.isMultiple(of: 2) ? beside + [part] : [part] + beside
            digest = try DigestPreview.messages(
              all, at: Shipped.noon, site: workspace.site, mail: workspace.settings.mail)
          }
          var delivered = Delivered(
            decision: decision, preview: made, digest: digest,
            audienceLine: audience[reader.id + " " + channel.rawValue] ?? "missing")
          if channel == .webhook, let made {
            delivered.posts = try Posts.all(assembly, shape.key, made)
            thin += delivered.posts.count(where: \.isThin)
            full += delivered.posts.count { !$0.isThin }
          }
          for outlet in Outlets.all {
            looks += 1
            let problem = problem(outlet, delivered, shape, trial, oracle, isNew: isNew)
            #expect(
              problem == nil, "seed \(seed), \(reader.id) by \(channel): \(problem ?? "")\n\(trial.bulletin.markdown)")
            if problem != nil { return }
          }
        }
      }
      if let last = parts.last { beside = [last] }
    }
    #expect(thin > 0 && full > 0)
    print(
      "outlet leak test: \(decisions) decisions, \(looks) looks at \(Outlets.all.count) outlets, no leak, nothing lost")
  }

  private func part(
    _ decision: Decision, _ reader: Reader, _ channel: ChannelClass, _ round: DecisionRound, _ assembly: ProductAssembly
  ) -> DigestPart? {
    let hasPortal = reader.stakeholder.channels.contains(.portal)
    switch decision {
    case .withheld: return nil
    case .full(let key): return assembly.digestPart(key, channel: channel, hasPortal: hasPortal)
    case .notice(let why):
      return round.notice(why, to: reader, channel).map { assembly.digestPart($0, hasPortal: hasPortal) }
    }
  }

  private func shape(
    _ decision: Decision, _ channel: ChannelClass, _ reader: Reader, _ round: DecisionRound
  ) -> Shape {
    var shape = Shape(
      channel: channel, hasPortal: reader.stakeholder.channels.contains(.portal), seesShortTitle: false)
    switch decision {
    case .full(let key): shape.key = key
    case .notice(let why):
      shape.notice = why
      shape.seesShortTitle = round.met(reader).contains(Document.shortTitlePortion)
    case .withheld: break
    }
    return shape
  }

  /// The bulletin's canaries in a text, in one pass: they are one prefix, `x`, a number and `z`.
  private func canaries(in text: String, of bulletin: RandomBulletin) -> Set<String> {
    // The prefix may hold an x of its own: all before the last one is the bulletin's.
    let canary = Array(bulletin.title.canary.utf8)
    let prefix = Array(canary[...(canary.lastIndex(of: UInt8(ascii: "x")) ?? 0)])
    var found: Set<String> = []
    var text = text
    text.withUTF8 { bytes in
      var start = 0
      while start + prefix.count < bytes.count {
        guard bytes[start] == prefix[0], bytes[start..<start + prefix.count].elementsEqual(prefix) else {
          start += 1
          continue
        }
        var end = start + prefix.count
        while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
        if end < bytes.count, bytes[end] == UInt8(ascii: "z") {
          found.insert(String(decoding: bytes[start...end], as: UTF8.self))
        }
        start = end
      }
    }
    return found
  }

  /// What is wrong with what this outlet gives; nil when it gives exactly what it may.
  private func problem(
    _ outlet: Outlet, _ delivered: Delivered, _ shape: Shape, _ trial: LeakTrial, _ oracle: Oracle, isNew: Bool
  ) -> String? {
    let texts = outlet.texts(delivered)
    let inside = texts.reduce(into: Set<String>()) { $0.formUnion(canaries(in: $1, of: trial.bulletin)) }
    let short = trial.bulletin.shortTitle.canary
    let allowed: Set<String>
    switch delivered.decision {
    case .withheld: allowed = []
    case .notice: allowed = shape.seesShortTitle ? [short] : []
    case .full(let key): allowed = oracle.printed(trial.words(key.visible))
    }
    if outlet.saysNothing, !inside.isEmpty { return "\(outlet.name) says \(inside.sorted())" }
    let leaked = inside.subtracting(allowed)
    if !leaked.isEmpty { return "\(outlet.name) leaks \(leaked.sorted())" }
    // The short title stands in subjects and in place of a hidden title only.
    if case .full = delivered.decision, outlet.isWhole || (outlet.isWholeWhenThere && !texts.isEmpty), isNew {
      let lost = allowed.subtracting(inside).subtracting([short])
      if !lost.isEmpty { return "\(outlet.name) lost \(lost.sorted())" }
    }
    if outlet.name == "audience json", delivered.audienceLine == "missing" { return "no line for this reader" }
    return nil
  }
}
