// Notices of the end of a bulletin go to readers whatever has become of their rights: over random bulletins x readers x
// channels they name the short title to those alone who would get something of it by that channel now, and meet it; no
// other canary is in any byte of them.

import Bulletins
import Distribution
import Foundation
import Markings
import Rendering
import TestSupport
import Testing
import Workflows

@Suite struct LifeNoticeLeakTests {
  private static let bulletins: UInt64 = OutletLeakTests.bulletins > 1_000 ? 1_000 : 30

  @Test func noticesOfTheEndSayNoMoreThanTheirReaderMayKnow() throws {
    let workspace = try SampleWorkspace().workspace
    let layouts = try #require(workspace.layouts)
    var named = 0
    var nameless = 0
    for seed in OutletLeakTests.firstSeed..<OutletLeakTests.firstSeed + Self.bulletins {
      let readers = ReaderGenerator.readers(60, seed: seed)
      let trial = LeakTrial(seed: seed, readers: readers)
      let oracle = Oracle(trial.bulletin, now: Shipped.noon, today: .day("2026-11-22"))
      let assembly = ProductAssembly(trial.revision, pictures: [:], workspace: workspace, layouts: layouts)
      let round = assembly.decider.round(at: Shipped.noon)
      let short = trial.bulletin.shortTitle.canary
      // Equal notices have equal bytes: each is made and searched once.
      var made: [NoticeContent: Set<String>] = [:]
      for reader in readers {
        for channel in ChannelClass.allCases {
          for why in [NoticeWhy.recalled, .expired, .withdrawn] {
            guard let content = round.lifeNotice(why, to: reader, channel, lists: nil) else { continue }
            let said: Set<String>
            if let known = made[content] {
              said = known
            } else {
              let rendered = try assembly.notice(content, hasPortal: false)
              let text = [
                rendered.html, rendered.text, rendered.subject, content.banner.text, content.title.title.text,
              ]
              .joined(separator: "\n")
              said = Set(trial.bulletin.canaries.filter(text.contains))
              made[content] = said
            }
            var mayName = oracle.meets(reader, short) && oracle.allows(.emailTLS, short)
            if case .withheld = oracle.outcome(reader, channel) { mayName = false }
            let leaked = mayName ? said.subtracting([short]) : said
            #expect(
              leaked.isEmpty, "seed \(seed), \(reader.id) by \(channel), \(why): \(leaked)\n\(trial.bulletin.markdown)")
            if !leaked.isEmpty { return }
            if said.contains(short) { named += 1 } else { nameless += 1 }
            // Nothing passes a list that does not exist, but for what was released to the public, which demands nothing.
            let isPublic = assembly.decider.labels.portions[Document.shortTitlePortion].label.atoms.isEmpty
            if trial.bulletin.to == nil, !isPublic,
              let unlisted = round.lifeNotice(why, to: reader, channel, lists: .nothing)
            {
              #expect(unlisted.title.form == .publicName)
            }
          }
        }
      }
    }
    #expect(named > 100 && nameless > 100)
    print("leak test of notices of the end: \(named) named, \(nameless) nameless")
  }
}
