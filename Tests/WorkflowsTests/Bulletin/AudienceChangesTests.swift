// What a change of the policy does to the readers of one bulletin.

import Bulletins
import Distribution
import Markings
import Testing
import Workflows

@Suite struct AudienceChangesTests {
  /// From the shipped policy, changed, to the shipped one; or the other way.
  private func changes(
    reversed: Bool = false, _ change: (inout ReleasePolicy) -> Void
  ) throws -> [AudienceChange] {
    let site = try SmallSite()
    let workspace = try site.workspace()
    let (revision, _) = RevisionBuilding.revision(try site.bulletin(), in: workspace, now: SmallSite.noon)
    var other = workspace.policy
    change(&other)
    let decider = Decider(
      revision: revision, policy: reversed ? other : workspace.policy, site: workspace.site,
      vocabulary: workspace.vocabulary.vocabulary)
    var changes = AudienceChanges(
      decider, against: reversed ? workspace.policy : other, readers: workspace.lists.readers(), now: SmallSite.noon)
    var found: [AudienceChange] = []
    changes.each { found.append($0) }
    return found
  }

  @Test func theSamePolicyChangesNothing() throws {
    #expect(try changes { $0.version = "1" } == [])
  }

  @Test func anAtomThatNobodyMet() throws {
    let found = try changes { $0.atoms[.les] = Predicate.nobody }
    let officer = try #require(found.first { $0.reader == "officer" && $0.channel == "email-tls" })
    #expect(officer.change == .gains && officer.reasons == ["atom(LES)"])
    #expect(officer.before.banner == "UNCLASSIFIED//FOUO" && officer.after.banner == "UNCLASSIFIED//LES")
    #expect(officer.before.title == "short-title" && officer.after.title == "title")
    // Those who lack something else gain nothing, and by a channel that may not carry it nobody does.
    #expect(found.allSatisfy { $0.change == .gains && !["clerk", "lapsed", "firm", "suspended"].contains($0.reader) })
    #expect(!found.contains { $0.channel == "email-plain" || $0.channel == "email-smime" })
    #expect(Set(found.filter { $0.reader == "officer" }.map(\.channel)) == ["email-tls", "webhook", "feed", "portal"])
    let back = try changes(reversed: true) { $0.atoms[.les] = Predicate.nobody }
    #expect(back.map { "\($0.reader) \($0.channel)" } == found.map { "\($0.reader) \($0.channel)" })
    for (one, other) in zip(found, back) {
      #expect(other.change == .loses && other.reasons == one.reasons)
      #expect(other.before == one.after && other.after == one.before)
    }
  }

  @Test func fromNothingToTheWhole() throws {
    let found = try changes { $0.atoms[.fouo] = Predicate.nobody }
    let clerk = try #require(found.first { $0.reader == "clerk" && $0.channel == "portal" })
    #expect(clerk.change == .gains && clerk.before.decision == "withheld" && clerk.after.decision == "full")
    #expect(Set(clerk.reasons).isSuperset(of: ["atom(FOUO)", "hollow(bottom-line)"]))
  }

  @Test func aCeiling() throws {
    let found = try changes(reversed: true) { $0.channels[.emailTLS] = $0.channels[.emailPlain] }
    let officer = try #require(found.first { $0.reader == "officer" && $0.channel == "email-tls" })
    #expect(officer.change == .loses && officer.after.decision == "notice" && officer.reasons == ["channel-ceiling"])
    #expect(found.contains { $0.reader == "clerk" } && found.allSatisfy { $0.change == .loses })
  }

  @Test func bodiesOfWebhooks() throws {
    let found = try changes { $0.webhookThinAbove = Set([.government, .partner, .fouo, .les]) }
    #expect(Set(found.map(\.channel)) == ["webhook"])
    #expect(found.allSatisfy { $0.change == .loses && !$0.before.thin && $0.after.thin && $0.reasons == [] })
    #expect(found.contains { $0.reader == "officer" })
  }
}
