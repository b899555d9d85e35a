// revere.yaml: the sample reads clean, and what is wrong is reported with its place.

import Bulletins
import Foundation
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

  @Test func designationMustNameAContact() throws {
    let text = """
      site: { id: x, name: X, serial-prefix: XY, time-zone: UTC, cui: { controlled-by: Us, point-of-contact: wach } }
      contacts: { watch: { name: Watch } }
      """
    #expect(try problems(text).map(\.hint) == ["did you mean `watch`?"])
  }
}
