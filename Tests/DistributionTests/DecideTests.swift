// The order and the reasons of decisions: what stands alone, what is hollow, what a ceiling leaves (sections 3 to 6).

import Bulletins
import Distribution
import Markings
import TestSupport
import Testing

@Suite struct DecideTests {
  let fouo = Bench.reader("fouo", clearance: .fouo)
  let les = Bench.reader("les")
  let plain = Bench.reader("plain", clearance: .public) { $0.agreements = [] }

  /// Bottom line at FOUO, detail at LES with a FOUO tear line after it.
  func draft(_ change: (inout FrontMatter) -> Void = { _ in }) -> Bench.Draft {
    var draft = Bench.Draft(title: "(U//LES) Title", change)
    draft.body = [
      draft.heading("(U) Bottom  Line"), draft.paragraph("(U//FOUO) short"), draft.heading("(U) Detail"),
      draft.paragraph("(U//LES) long"),
    ]
    draft.body.append(Block(.tearline([draft.paragraph("(U//FOUO) torn")])))
    return draft
  }
  func decide(_ revision: Revision, _ reader: Reader, _ channel: ChannelClass = .portal) -> Decision {
    Bench.decider(revision).decide(reader, Endpoint(channel), now: Shipped.noon)
  }
  func codes(_ decision: Decision) -> Set<String> { Set(decision.reasons.map(\.machine)) }

  @Test func guardNamesTheSectionAndWhatIsLacking() {
    let revision = draft().revision(required: ["bottom line", "Detail"])
    let decision = decide(revision, plain)
    #expect(codes(decision) == ["hollow(bottom-line)", "hollow(detail)", "atom(FOUO)", "atom(LES)"])
    let words = decision.reasons.first { $0.machine == "atom(FOUO)" }?.words
    #expect(words == "clearance public is below fouo; agreement nda not held")
    #expect(decide(revision, fouo).variant != nil)
    #expect(codes(decide(draft().revision(required: ["Nothing of the kind"]), les)) == ["hollow(nothing-of-the-kind)"])
    #expect(decide(draft().revision(ifPresent: ["Nothing of the kind"]), plain).variant != nil)
    #expect(codes(decide(draft().revision(ifPresent: ["DETAIL"]), plain)).contains("hollow(detail)"))
  }

  @Test func wordsTellTheDay() {
    let late = Bench.reader { $0.agreements = [Agreement("nda", until: .day("2026-10-31"))] }
    let decision = decide(draft().revision(required: ["Bottom line"]), late)
    #expect(decision.reasons.contains { $0.text == "atom(LES): agreement nda expired 2026-10-31" })
  }

  @Test func tearLineStandsInUntilAllIsSeen() throws {
    let decider = Bench.decider(draft().revision())
    func texts(_ reader: Reader) throws -> [String] {
      let key = try #require(decider.decide(reader, Endpoint(.portal), now: Shipped.noon).variant)
      return try #require(decider.variant(key)).body.map { block in
        if case .paragraph(let inlines) = block.content { inlines.plainText } else { "#" }
      }
    }
    #expect(try texts(les) == ["#", "short", "#", "long"])
    #expect(try texts(fouo) == ["#", "short", "#", "torn"])
    #expect(try texts(plain) == [])
  }

  @Test func hiddenTitleGivesWayToTheShortOneAndThenToNothing() throws {
    let decider = Bench.decider(draft().revision())
    let key = try #require(decider.decide(fouo, Endpoint(.portal), now: Shipped.noon).variant)
    let variant = try #require(decider.variant(key))
    #expect(variant.titleForm == .shortTitle && variant.title.text == "Short title")
    let secret = Bench.Draft(title: "(U//LES) Title", shortTitle: "(U//FOUO) Short").revision()
    #expect(codes(decide(secret, plain)) == ["hollow(title)", "atom(LES)", "atom(FOUO)"])
  }

  @Test func whatStandsAloneComesInOrder() {
    var broken = draft { $0.notBefore = .date(.day("2027-01-01")) }
    let early = broken.revision(required: ["Nothing"])
    #expect(codes(decide(early, les)) == ["window"])
    let gone = Bench.reader { $0.status = .departed }
    #expect(codes(decide(early, gone)) == ["status"])
    broken.front.gates[.p23] = Gate(value: true, reason: "says so")
    #expect(codes(decide(broken.revision(), gone)) == ["invalid"])
    broken.body.append(broken.paragraph("(S) high"))
    #expect(codes(decide(broken.revision(), gone)) == ["spillage"])
  }

  @Test func outOfDateIsANoticeForThoseWhoWouldGetSomething() {
    let revision = draft { $0.expires = .date(.day("2026-11-21")) }.revision(required: ["Bottom line"])
    #expect(decide(revision, les) == .notice(.expired))
    #expect(codes(decide(revision, plain)).contains("hollow(bottom-line)"))
    #expect(decide(revision, les).asPushed.reasons.map(\.machine) == ["expired"])
    let today = draft { $0.expires = .date(.day("2026-11-22")) }.revision()
    #expect(decide(today, les).variant != nil)
  }

  @Test func aChannelCutsOrLeavesANotice() throws {
    let decider = Bench.decider(draft().revision(required: ["Detail"]))
    let whole = try #require(decider.decide(les, Endpoint(.portal), now: Shipped.noon).variant)
    #expect(!whole.cut)
    #expect(decider.decide(les, Endpoint(.emailTLS), now: Shipped.noon).variant == whole)
    #expect(decider.decide(les, Endpoint(.emailPlain), now: Shipped.noon) == .notice(.cut))
    let soft = Bench.decider(draft().revision())
    let cut = try #require(soft.decide(les, Endpoint(.emailPlain), now: Shipped.noon).variant)
    #expect(cut.cut && cut.visible.isSubset(of: whole.visible))
  }

  @Test func listCeilingNarrowsAndHollows() {
    let decider = Bench.decider(draft().revision(required: ["Bottom line"]))
    let low = Ceiling.only([.government])
    let decision = decider.decide(les, Endpoint(.emailTLS), now: Shipped.noon, listCeiling: low)
    #expect(decision.reasons.map(\.machine) == ["list-ceiling"])
    let middle = Ceiling.only([.government, .fouo])
    #expect(
      decider.decide(les, Endpoint(.emailTLS), now: Shipped.noon, listCeiling: middle).variant?.cut == true)
    #expect(decider.decide(plain, Endpoint(.emailTLS), now: Shipped.noon, listCeiling: low).reasons.count > 1)
  }

  @Test func compilationIsForTheWhole() {
    let marked = draft { $0.compilation = Compilation(mark: Bench.marked("(U//SSI) x").mark ?? .init(), reason: "") }
    #expect(codes(decide(marked.revision(), les)) == ["compilation"])
    let trained = Bench.reader { $0.agreements.append(Agreement("ssi", until: Bench.far)) }
    #expect(decide(marked.revision(), trained).variant != nil)
    #expect(decide(marked.revision(), trained, .emailTLS) == .notice(.cut))
    var single = Bench.Draft { $0.compilation = marked.front.compilation }
    single.body = [single.paragraph("(U) one")]
    #expect(decide(single.revision(), les).variant != nil)
  }

  @Test func redForTheWholeIsForTheNamedAlone() {
    func revision(_ label: String, _ scheme: Scheme, to: [String]? = nil) -> Revision {
      var draft = Bench.Draft(
        title: scheme == .tlp ? "(TLP:CLEAR) T" : "(U) T", shortTitle: scheme == .tlp ? "(TLP:CLEAR) S" : "(U) S",
        scheme: scheme
      ) {
        $0.compilation = Compilation(mark: Bench.marked(label + " x", scheme: scheme).mark ?? .init(), reason: "")
        $0.to = to
      }
      let mark = scheme == .tlp ? "(TLP:CLEAR)" : "(U)"
      draft.body = [draft.paragraph(mark + " one"), draft.paragraph(mark + " two")]
      return draft.revision()
    }
    for (label, scheme) in [("(TLP:RED)", Scheme.tlp), ("(U//FOUO) (TLP:RED)", .legacy)] {
      let decision = decide(revision(label, scheme), les)
      #expect(codes(decision) == ["compilation"])
      #expect(decision.reasons.first?.words.contains("TLP:RED needs readers named in `to:`") == true)
      #expect(decide(revision(label, scheme, to: ["les"]), les).variant?.cut == false)
      #expect(codes(decide(revision(label, scheme, to: ["fouo"]), les)).contains("named"))
    }
  }

  @Test func consentOfAnotherAgency() {
    let sources = [
      SourceEntry(id: "s1", describe: Bench.marked("(U) notes"), originator: "other", consent: .required)
    ]
    var draft = Bench.Draft { $0.sources = sources }
    draft.body = [draft.heading("(U) A"), draft.paragraph("(U) told", cites: ["s1"])]
    #expect(codes(decide(draft.revision(required: ["A"]), les)) == ["hollow(a)", "consent"])
    let agreed = draft.revision(required: ["A"], decisions: RecordedDecisions(consents: ["s1"]))
    #expect(decide(agreed, les).variant != nil)
  }

  @Test func subjectsStayBelowTheHeaderCeiling() throws {
    var draft = Bench.Draft(title: "(U//SSI) T", shortTitle: "(U//FOUO) S")
    draft.body = [draft.paragraph("(U) one")]
    let decider = Bench.decider(draft.revision())
    let key = try #require(decider.decide(les, Endpoint(.portal), now: Shipped.noon).variant)
    #expect(decider.subject(key, .emailTLS).form == .shortTitle)
    #expect(decider.subject(key, .emailPlain).form == .publicName)
    let round = decider.round(at: Shipped.noon)
    let notice = try #require(round.notice(.cut, to: les, .emailPlain))
    #expect(notice.banner.text == "UNCLASSIFIED" && notice.title.title.text == "Test series")
    #expect(try #require(round.notice(.cut, to: les, .emailTLS)).banner.text == "UNCLASSIFIED//FOUO")
    #expect(try #require(round.notice(.cut, to: plain, .emailTLS)).title.form == .publicName)
  }

  @Test func theHashCoversFactsAndDateTests() {
    let decider = Bench.decider(draft().revision())
    let endpoint = Endpoint(.portal)
    func hash(_ reader: Reader, _ now: Instant = Shipped.noon) -> String {
      decider.round(at: now).hash(reader, endpoint)
    }
    let reader = Bench.reader { $0.agreements = [Agreement("nda", until: .day("2026-11-22"))] }
    #expect(hash(reader) == hash(reader, Instant(seconds: Shipped.noon.seconds + 60)))
    #expect(hash(reader) != hash(reader, Instant(seconds: Shipped.noon.seconds + 86_400)))
    #expect(hash(reader) != hash(les))
    #expect(hash(reader) != decider.round(at: Shipped.noon).hash(reader, Endpoint(.feed)))
  }
}

/// Sizes that a hostile file reaches: decided in time that grows with the size, not with its square.
@Suite struct HostileSizeTests {
  @Test func tenThousandPortionsAndTearLinesInARow() {
    var draft = Bench.Draft()
    draft.body = [draft.heading("(U) A"), draft.paragraph("(U//LES) first")]
    for index in 0..<4_000 { draft.body.append(Block(.tearline([draft.paragraph("(U//LES) torn \(index)")]))) }
    for index in 0..<3_000 {
      draft.body += [draft.heading("(U) \(index)", level: 1 + index % 6), draft.paragraph("(U//FOUO) text \(index)")]
    }
    let decider = Bench.decider(draft.revision(required: ["A"]))
    #expect(decider.decide(Bench.reader(clearance: .fouo), Endpoint(.portal), now: Shipped.noon).variant == nil)
    let key = decider.decide(Bench.reader(), Endpoint(.portal), now: Shipped.noon).variant
    #expect(key.flatMap(decider.variant)?.body.count == 2 + 6_000)
  }

  @Test func aDocumentWithoutPortionsIsWithheld() {
    let front = Bench.Draft().front
    let revision = Revision(
      bulletin: "b", hash: "", document: Document(frontMatter: front, body: [], portions: []),
      template: SeriesTemplate(series: "s", name: "S", code: "S", publicName: "S"))
    let decider = Bench.decider(revision)
    let decision = decider.decide(Bench.reader(), Endpoint(.portal), now: Shipped.noon)
    #expect(decision.reasons.map(\.machine) == ["hollow(title)"])
    #expect(decider.round(at: Shipped.noon).notice(.cut, to: Bench.reader(), .portal)?.title.form == .publicName)
  }
}
