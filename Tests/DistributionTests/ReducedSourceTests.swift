// Variants tell nothing of what is hidden: the variant equals the full variant of the reduced source, read anew from
// its Markdown (release-policy.md section 8), ids, dates and the cut apart.

import Authoring
import Bulletins
import Distribution
import Markings
import TestSupport
import Testing

@Suite struct ReducedSourceTests {
  @Test func variantEqualsThatOfTheReducedSource() throws {
    for seed in 1000...UInt64(1000 + LeakTests.bulletins * 2) {
      let readers = ReaderGenerator.readers(60, seed: seed)
      let trial = LeakTrial(seed: seed, readers: readers, comparable: true)
      let round = trial.decider.round(at: Shipped.noon)
      let keys = Set(
        readers.flatMap { reader in
          LeakTests.channels.compactMap { round.decide(reader, Endpoint($0), words: false).variant }
        })
      for key in keys {
        let words = trial.words(key.visible)
        let variant = try #require(trial.decider.variant(key))
        let markdown = trial.bulletin.reduced(words.contains)
        let reduced = LeakTrial(seed: seed, bulletin: trial.bulletin, markdown: markdown)
        #expect(
          reduced.read.document.faults.isEmpty, "seed \(seed): \(reduced.read.findings.map(\.message))\n\(markdown)")
        var everything = PortionSet(count: reduced.revision.document.portions.count)
        for index in reduced.revision.document.portions.indices { everything.insert(index) }
        // A hidden short title under a visible title stays hidden.
        if variant.shortTitle == nil { everything.remove(Document.shortTitlePortion) }
        let whole = try #require(reduced.decider.variant(VariantKey(visible: everything, cut: key.cut)))
        let difference = difference(variant, whole, trial.bulletin)
        #expect(
          difference == nil, "seed \(seed), \(difference ?? ""): \n\(trial.bulletin.markdown)\n=====\n\(markdown)")
        if difference != nil { return }
      }
    }
  }

  /// What differs beyond what the specification sets apart.
  private func difference(_ a: Variant, _ b: Variant, _ bulletin: RandomBulletin) -> String? {
    if a.title != b.title { return "title \(a.title) \(b.title)" }
    if a.shortTitle != b.shortTitle { return "short title" }
    if a.body != b.body { return "body\n\(a.body)\n\(b.body)" }
    if a.marks != b.marks { return "marks \(a.marks) \(b.marks)" }
    if a.sources != b.sources { return "sources \(a.sources) \(b.sources)" }
    if a.footnotes != b.footnotes { return "footnotes \(a.footnotes) \(b.footnotes)" }
    if a.details != b.details { return "details" }
    // A compilation or notice that only removed portions called for.
    if bulletin.compilation == nil, a.banner != b.banner { return "banner \(a.banner) \(b.banner)" }
    let extra = Set(a.notices).subtracting(b.notices)
    let own: Set<NoticeKind> = bulletin.compilation == nil ? [.criminalIntelligence] : Set(NoticeKind.allCases)
    // A compilation that is NOFORN makes the notice of LES that of LES NOFORN.
    let same = Set(b.notices).subtracting(a.notices.contains(.lesNoforn) && bulletin.compilation != nil ? [.les] : [])
    if !extra.isSubset(of: own) || !same.isSubset(of: a.notices) {
      return "notices \(a.notices) \(b.notices)"
    }
    return nil
  }
}
