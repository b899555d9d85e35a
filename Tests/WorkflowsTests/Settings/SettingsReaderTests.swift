// revere.yaml: the sample reads clean, and what is wrong is reported with its place.

import Bulletins
import Foundation
import Markings
import Outbox
import SiteFiles
import Testing
import Workflows

@Suite struct SettingsReaderTests {
  @Test func sampleSite() throws {
    let (settings, problems) = try SettingsReader.read(try Repository.bytes("templates/sample/revere.yaml"))
    #expect(problems.isEmpty)
    let site = try #require(settings?.site)
    #expect(site.serialPrefix == "CFC")
    #expect(site.zone.identifier == "America/New_York")
    #expect(site.releaseAuthorities == ["p.munroe", "t.renfrew"])
    #expect(site.designation?.pointOfContact == "watch")
    let relay = try #require(settings?.mail?.relays.first)
    #expect(relay.security == .implicit && relay.isVerified && relay.maxConnections == 8)
    #expect(settings?.store == "sqlite:var/revere.db")
  }

  @Test func starterSite() throws {
    let (settings, problems) = try SettingsReader.read(try Repository.bytes("templates/site/revere.yaml"))
    #expect(problems.isEmpty)
    #expect(settings != nil)
  }

  private func problems(_ text: String) throws -> [FileProblem] {
    try SettingsReader.read(Array(text.utf8)).problems
  }

  @Test func whatIsWrong() throws {
    let text = """
      site: { id: x, name: X, serial-prefix: XY, time-zone: America/Bostn, portl: y }
      mail:
        from: a
        bounce-domain: b
        relays:
          - { name: r, host: h, tls: none, class: email-tls }
          - { name: r, host: h, port: 99999, tls: maybe }
      deliverry: {}
      """
    let found = try problems(text)
    #expect(Set(found.map(\.code)) == [.badValue, .unknownKey])
    #expect(found.contains { $0.message.contains("claims class email-tls") })
    #expect(found.contains { $0.hint == "did you mean `portal`?" && $0.position.line == 1 })
    #expect(found.contains { $0.hint == "did you mean `delivery`?" })
    #expect(found.contains { $0.message.contains("time-zone") })
    #expect(try SettingsReader.read(Array(text.utf8)).settings == nil)
  }

  @Test func timesOfDelivery() throws {
    func read(_ delivery: String) throws -> (settings: SiteSettings?, problems: [FileProblem]) {
      let site = "site: { id: x, name: X, serial-prefix: XY, time-zone: America/New_York }\n"
      return try SettingsReader.read(Array((site + delivery).utf8))
    }
    let usual = try read("").settings?.delivery
    #expect(usual?.quietHours == nil && usual?.digestAt.description == "07:00" && usual?.hold == [:])
    let said = try read(
      "delivery: { quiet-hours: 22:00-06:00, digest-at: 16:30, hold: { immediate: 15s, routine: 2m } }")
    #expect(said.problems.isEmpty)
    #expect(said.settings?.delivery.quietHours?.description == "22:00-06:00")
    #expect(said.settings?.delivery.digestAt.description == "16:30")
    #expect(said.settings?.delivery.hold == [.immediate: 15, .routine: 120])
    // 03:00 of the night in which clocks are set back, and the end of the quiet hours in standard time.
    let night = try #require(Instant(rfc3339: "2026-11-01T00:30:00-04:00"))
    let end = try #require(Instant(rfc3339: "2026-11-01T06:00:00-05:00"))
    #expect(
      said.settings?.quietUntil(Moment(seconds: night.seconds)) == Moment(seconds: end.seconds))
    #expect(said.settings?.quietUntil(Moment(seconds: end.seconds)) == nil)
    for (wrong, words) in [
      ("quiet-hours: 22:00", "no span of hours"), ("quiet-hours: 6:00-22:00", "no span of hours"),
      ("quiet-hours: 22:00-22:00", "would last all day"), ("digest-at: 24:00", "no time of day"),
      ("digest-at: 7", "no time of day"), ("hold: { routine: 60 }", "no duration"),
    ] {
      let found = try read("delivery: { \(wrong) }").problems
      #expect(found.count == 1 && found[0].code == .badValue && found[0].message.contains(words), "\(wrong): \(found)")
      #expect(found.first?.position.line == 2)
    }
  }

  @Test func designationMustNameAContact() throws {
    let text = """
      site: { id: x, name: X, serial-prefix: XY, time-zone: UTC, cui: { controlled-by: Us, point-of-contact: wach } }
      contacts: { watch: { name: Watch } }
      """
    #expect(try problems(text).map(\.hint) == ["did you mean `watch`?"])
  }
}
