// Bodies of every format: thin where nothing else may be said, the same bytes for the same event, harmless in a chat.

import Foundation
import Markings
import Testing
import Webhooks

@Suite struct FormatTests {
  private static let content = WebhookContent(
    title: "Secret title", series: "Officer safety", text: "body text", html: "<p>body</p>",
    expires: Instant(seconds: 1_800_000_000))

  static func event(
    _ type: WebhookEventType = .released, banner: String = "UNCLASSIFIED//FOR OFFICIAL USE ONLY",
    content: WebhookContent? = nil, link: String? = "https://portal.example.gov/bulletins/CFC-OS-2026-0042"
  ) -> WebhookEvent {
    WebhookEvent(
      type, at: Instant(seconds: 1_795_356_000), id: "urn:uuid:7c0bd4c4-0000-5000-8000-000000000000",
      serial: "CFC-OS-2026-0042", version: 1, banner: banner, link: link, content: content)
  }

  private static func object(_ body: [UInt8]) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
  }

  @Test(arguments: WebhookEventType.allCases) func standard(_ type: WebhookEventType) throws {
    let object = try Self.object(try WebhookFormat.standard.body(Self.event(type)))
    #expect(Set(object.keys) == ["type", "timestamp", "data"])
    #expect(object["type"] as? String == type.rawValue)
    #expect(object["timestamp"] as? String == "2026-11-22T14:00:00Z")
    let data = try #require(object["data"] as? [String: Any])
    #expect(Set(data.keys) == ["id", "serial", "version", "banner", "link"])
  }

  @Test func fullAndThin() throws {
    let full = try Self.object(try WebhookFormat.standard.body(Self.event(content: Self.content)))
    let data = try #require(full["data"] as? [String: Any])
    #expect(data["title"] as? String == "Secret title")
    #expect(data["expires"] as? String == "2027-01-15T08:00:00Z")
    let thin = try WebhookFormat.standard.body(Self.event(link: nil))
    #expect(!String(decoding: thin, as: UTF8.self).contains("link"))
  }

  @Test(arguments: WebhookFormat.allCases.filter(\.isChat)) func chatsAreThin(_ format: WebhookFormat) throws {
    let body = String(decoding: try format.body(Self.event(.corrected, content: Self.content)), as: UTF8.self)
    for word in ["Secret", "body text", "<p>", "Officer safety"] { #expect(!body.contains(word)) }
    for word in ["2026", "corrected", "portal.example.gov"] { #expect(body.contains(word), "\(body)") }
  }

  @Test(arguments: WebhookFormat.allCases) func theSameEventIsTheSameBytes(_ format: WebhookFormat) throws {
    #expect(try format.body(Self.event()) == format.body(Self.event()))
    #expect(try format.body(Self.event()).count < 4096)
    #expect(throws: WebhookProblem.self) {
      try format.body(Self.event(banner: String(repeating: "X", count: 5_000)))
    }
  }

  @Test func aChatCannotBeMadeToCallOrLink() throws {
    let banner = "<!channel> & [x](https://evil.test) @all"
    let slack = try Self.object(try WebhookFormat.slack.body(Self.event(banner: banner)))
    #expect((slack["text"] as? String)?.hasPrefix("&lt;!channel&gt; &amp;") == true)
    let mattermost = try Self.object(try WebhookFormat.mattermost.body(Self.event(banner: banner)))
    #expect((mattermost["text"] as? String)?.contains(#"\[x\]\("#) == true)
    #expect((mattermost["text"] as? String)?.contains(#"\@all"#) == true)
    let teams = try Self.object(try WebhookFormat.teams.body(Self.event()))
    #expect(teams["type"] as? String == "message")
  }
}
