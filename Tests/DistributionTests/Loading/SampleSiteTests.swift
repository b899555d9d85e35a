// The site that ships loads without an error, completely, and the same from CSV.

import Bulletins
import Markings
import Testing

@testable import Distribution

@Suite struct SampleSiteTests {
  @Test func everythingIsThere() throws {
    let lists = SiteListsLoader.load(try SampleSite.listFiles(), vocabulary: SampleSite.words.vocabulary)
    #expect(lists.findings.isEmpty)
    #expect(!lists.hasErrors)
    #expect(lists.organizations.count == 88)
    #expect(lists.stakeholders.count == 302)
    #expect(lists.lists.count == 8)
    #expect(lists.policy.merged.atoms.count == 21)
    #expect(lists.readers().allSatisfy { $0.organization != nil })
  }

  @Test func theCheckHasNoErrors() throws {
    let lists = SiteListsLoader.load(try SampleSite.listFiles(), vocabulary: SampleSite.words.vocabulary)
    let findings = ListCheck.findings(
      in: ListCheckContext(
        lists: lists, vocabulary: SampleSite.words.vocabulary, site: SampleSite.site, now: SampleSite.now))
    #expect(findings.filter { $0.severity == .error } == [])
    #expect(Set(findings.map(\.rule)) == ["L05", "L06", "L07", "L08"])
    #expect(findings.contains { $0.rule == "L05" && $0.message.contains("r.hasting") })
    #expect(!findings.contains { $0.message.contains("i.halloway") })
  }

  @Test func factsOfReaders() throws {
    let lists = SiteListsLoader.load(try SampleSite.listFiles(), vocabulary: SampleSite.words.vocabulary)
    let readers = Dictionary(uniqueKeysWithValues: lists.stakeholders.map { ($0.value.id, $0.value) })
    let system = try #require(readers["system.northway-webhook"])
    #expect(system.mailbox == .system && system.channels == [.webhook] && system.format == .text)
    #expect(system.citizenship == .country("USA"))
    #expect(system.audienceAttested == CivilDate("2027-06-30"))
    #expect(system.subscription == Subscription(series: ["situational-awareness", "officer-safety"]))
    #expect(readers["p.marchbanks"]?.citizenship == .country("GBR"))
    #expect(readers["t.vance"]?.agreements == [])
    #expect(readers["o.penhallow"]?.vetting == nil)
    #expect(readers["d.farleigh"]?.status == .suspended)
    let halloway = try #require(readers["i.halloway"])
    #expect(halloway.agreements.first == Agreement("nda", until: try #require(CivilDate("2026-11-22"))))
    #expect(halloway.vetting?.by == "h.quill")
  }

  @Test func theSameTwentyReadersFromCSV() throws {
    let file = try SampleSite.file("Tests/Fixtures/samples/csv-example/stakeholders.csv")
    let csv = StakeholderLoader.read(csv: file, vocabulary: SampleSite.words.vocabulary)
    #expect(csv.findings.isEmpty)
    #expect(csv.readers.count == 20)
    let yaml = StakeholderLoader.read(
      yaml: try SampleSite.file("distribution-lists/stakeholders.yaml"), vocabulary: SampleSite.words.vocabulary)
    let known = Dictionary(uniqueKeysWithValues: yaml.readers.map { ($0.value.id, $0.value) })
    for reader in csv.readers { #expect(reader.value == known[reader.value.id]) }
  }

  @Test func vocabularies() {
    let words = SampleSite.words
    #expect(words.findings.isEmpty)
    #expect(words.vocabulary.sectors.count == 16 && words.vocabulary.disciplines.count == 18)
    #expect(words.vocabulary.regions.slugs.count == 371)
    #expect(words.vocabulary.regions.covers("metro-boston", "cambridge"))
    #expect(!words.vocabulary.regions.covers("middlesex-county", "cambridge"))
    #expect(words.vocabulary.countries.count == 249 && words.registry.countries.contains("CAN"))
    #expect(words.registry.categories["LEI"] == .basic && words.registry.categories["SP-SSI"] == .specified)
    #expect(words.registry.disseminationControls["NF"] == "NOFORN")
    #expect(words.registry.disseminationControls["NOFORN"] == "NOFORN")
    #expect(words.standingNeeds == Set(1...10))
    #expect(words.names["sectors"]?["energy"] == "Energy")
  }

  @Test func aSiteAddsWords() {
    let own = ListFile(path: "vocab/topics.csv", bytes: Array("slug,name\nharbor,Harbor\n".utf8))
    let more = ListFile(path: "vocab/regions.csv", bytes: Array("slug,name,parent\ndock,Dock,metro-boston\n".utf8))
    let base = ListFile(
      path: "templates/vocab/regions.csv", bytes: Array("slug,name,parent\nmetro-boston,Metro Boston,\n".utf8))
    let loaded = VocabularyLoader.load([base, own, more])
    #expect(loaded.findings.isEmpty)
    #expect(loaded.topics == ["harbor"])
    #expect(loaded.vocabulary.regions.covers("metro-boston", "dock"))
  }
}
