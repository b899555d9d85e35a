// Where settings come from, and that no secret is among them.

import Bulletins
import Markings
import Outbox
import SiteFiles
import Testing
import Workflows

@Suite struct SettingOriginsTests {
  private let text = """
    site: { id: x, name: X, serial-prefix: XY, time-zone: America/Boise, release-authority: [a, b] }
    mail:
      from: x@x.example.gov
      bounce-domain: b.example.gov
      relays:
        - name: main
          host: relay.example.gov
          tls: required
          password-file: var/password
    """

  private func values(_ text: String, later: [SettingValue] = []) throws -> [String: SettingValue] {
    let values = SettingOrigins.values(of: try YAMLReader.read(Array(text.utf8)), file: "revere.yaml", later: later)
    return Dictionary(uniqueKeysWithValues: values.map { ($0.key, $0) })
  }

  @Test func originsAreNamed() throws {
    let found = try values(
      text, later: [SettingValue("store", "postgres://u:pw@h/db", .environment("REVERE_STORE"))])
    #expect(found["site.id"]?.origin == .file("revere.yaml", line: 1))
    #expect(found["site.release-authority"]?.value == "a, b")
    #expect(found["mail.relays[main].host"]?.origin == .file("revere.yaml", line: 7))
    #expect(found["mail.relays[main].port"]?.origin == .byDefault && found["mail.relays[main].port"]?.value == "25")
    #expect(found["mail.relays[main].password-file"]?.value == "var/password")
    #expect(found["store"]?.value == "postgres://u:(not shown)@h/db")
    #expect(found["store"]?.origin.words == "environment REVERE_STORE")
  }

  @Test func secretsInTheWrongPlaceAreNotShown() throws {
    let found = try values(text + "\n      password: hunter2\n      api-key: k2\n")
    #expect(found.values.allSatisfy { !$0.value.contains("hunter2") && !$0.value.contains("k2") })
  }

  /// The table of defaults says what the reader does.
  @Test func defaultsAreThoseOfTheReader() throws {
    let settings = try #require(try SettingsReader.read(Array(text.utf8)).settings)
    let relay = try #require(settings.mail?.relays.first)
    let site = settings.site
    let read = [
      "site.country": site.country, "site.default-scheme": site.defaultScheme.rawValue,
      "delivery.digest-at": settings.delivery.digestAt == .sevenInTheMorning ? "07:00" : "?",
      "delivery.reserved-connections": String(settings.delivery.reservedConnections), "store": settings.store,
      "header-ceiling": site.headerCeiling, "secrets.key-file": settings.keyFile,
      "webhooks.connections": String(settings.webhooks.connections), "serve.listen": settings.serve.listen,
    ]
    #expect(Dictionary(uniqueKeysWithValues: SettingOrigins.defaults.map { ($0.key, $0.value) }) == read)
    let ofRelay = [
      "port": String(relay.port), "max-connections": String(relay.maxConnections),
      "messages-per-connection": String(relay.messagesPerConnection),
    ]
    #expect(Dictionary(uniqueKeysWithValues: SettingOrigins.relayDefaults.map { ($0.key, $0.value) }) == ofRelay)
  }
}
