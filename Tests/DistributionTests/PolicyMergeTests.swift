// Merging a site's policy: it can only tighten, and what it adds is named (release-policy.md section 2).

import Distribution
import Markings
import Testing

@Suite struct PolicyMergeTests {
  let base = ReleasePolicy(
    name: "cfc", version: "2",
    atoms: [.fouo: .clearance("fouo"), .les: .clearance("les")],
    channels: [.emailTLS: .only([.government, .fouo]), .portal: .all], webhookThinAbove: [.government, .partner],
    headerCeiling: .emailTLS)

  @Test func anAtomThatBothNameNeedsBoth() {
    let site = ReleasePolicy(name: "site", version: "1", atoms: [.les: .attested])
    let (merged, widenings) = base.merged(withSite: site)
    #expect(merged.atoms[.les] == .all([.clearance("les"), .attested]))
    #expect(merged.atoms[.fouo] == .clearance("fouo"))
    #expect(widenings.isEmpty)
  }

  @Test func anAtomThatOnlyTheSiteNamesIsAWidening() {
    let site = ReleasePolicy(name: "site", version: "1", atoms: [Atom("ORCON"): .everybody])
    let (merged, widenings) = base.merged(withSite: site)
    #expect(merged.atoms[Atom("ORCON")] == .everybody)
    #expect(widenings == [Atom("ORCON")])
  }

  @Test func ceilingsIntersectAndAClassOfTheSiteAloneCarriesNothing() {
    let site = ReleasePolicy(
      name: "site", version: "1",
      channels: [.emailTLS: .only([.fouo, .les]), .portal: .only([.fouo]), .feed: .all],
      webhookThinAbove: [.government, .fouo], headerCeiling: .emailPlain)
    let merged = base.merged(withSite: site).policy
    #expect(merged.ceiling(.emailTLS) == .only([.fouo]))
    #expect(merged.ceiling(.portal) == .only([.fouo]))
    #expect(merged.ceiling(.feed) == .nothing)
    #expect(merged.webhookThinAbove == [.government])
    #expect(merged.headerCeiling == .emailPlain)
  }
}
