// The body of an event in the format that its endpoint reads: Standard Webhooks, or what the incoming hooks of Slack,
// Teams and Mattermost take. The chat formats are adaptors on the same event and always thin: a chat has readers whom
// nobody vetted (release-policy.md section 5). Same event, same bytes.

import Bulletins
import Foundation
import Markings

/// No body can be made of an event.
package struct WebhookProblem: Error, Hashable, Sendable {
  package var message: String
}

package enum WebhookFormat: String, Hashable, Sendable, CaseIterable {
  case standard, slack, teams, mattermost

  /// Beyond it a thin body is refused: something is in it that does not belong there.
  package static let thinLimit = 4_095

  package var isChat: Bool { self != .standard }

  package func body(_ event: WebhookEvent) throws(WebhookProblem) -> [UInt8] {
    let event = isChat ? event.thinned : event
    let body =
      switch self {
      case .standard: Self.json(StandardBody(event))
      case .slack: Self.json(TextBody(text: Self.text(event, escaping: Self.slack)))
      case .mattermost: Self.json(TextBody(text: Self.text(event, escaping: Self.markdown)))
      case .teams: Self.json(TeamsBody(event))
      }
    guard let body else { throw WebhookProblem(message: "the event cannot be written as JSON") }
    if event.isThin, body.count > Self.thinLimit {
      throw WebhookProblem(message: "the thin event has \(body.count) bytes, \(Self.thinLimit) are the most")
    }
    return body
  }

  private static func json(_ value: some Encodable) -> [UInt8]? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { [UInt8]($0) }
  }

  // MARK: Chat

  private static func text(_ event: WebhookEvent, escaping escape: (String) -> String) -> String {
    ([escape(event.banner), escape(headline(event))] + [event.link].compactMap { $0 }).joined(separator: "\n")
  }

  fileprivate static func headline(_ event: WebhookEvent) -> String {
    event.type == .test
      ? "\(event.serial): a test of this channel"
      : "\(event.serial), version \(event.version): bulletin \(event.type.word)"
        + (event.replaces.map { ", in place of \($0)" } ?? "")
  }

  private static func slack(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: escaped.append(character)
      }
    }
  }

  fileprivate static func markdown(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      if "\\`*_{}[]<>()#+!|~@".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
  }
}

extension WebhookEvent {
  var thinned: WebhookEvent {
    var event = self
    event.content = nil
    return event
  }
}

/// `{type, timestamp, data}`.
private struct StandardBody: Encodable {
  struct Item: Encodable {
    var id: String
    var serial: String
    var version: Int
    var banner: String
    var link: String?
    var replaces: String?
    var title: String?
    var series: String?
    var expires: String?
    var text: String?
    var html: String?
  }
  var type: String
  var timestamp: String
  var data: Item

  init(_ event: WebhookEvent) {
    type = event.type.rawValue
    timestamp = Self.time(event.at)
    let content = event.content
    data = Item(
      id: event.id, serial: event.serial, version: event.version, banner: event.banner, link: event.link,
      replaces: event.replaces, title: content?.title, series: content?.series,
      expires: content?.expires.map(Self.time), text: content?.text, html: content?.html)
  }

  private static func time(_ instant: Instant) -> String {
    let utc = TimeZone(secondsFromGMT: 0).map { instant.rfc3339(in: $0) } ?? ""
    return utc.hasSuffix("+00:00") ? utc.dropLast(6) + "Z" : utc
  }
}

private struct TextBody: Encodable {
  var text: String
}

/// A message with one Adaptive Card, as the workflows of Teams take it.
private struct TeamsBody: Encodable {
  struct Block: Encodable {
    var type = "TextBlock"
    var text: String
    var weight: String?
    var wrap = true
  }
  struct Action: Encodable {
    var type = "Action.OpenUrl"
    var title = "Open"
    var url: String
  }
  struct Card: Encodable {
    enum CodingKeys: String, CodingKey {
      case schema = "$schema"
      case type, version, body, actions
    }
    var schema = "http://adaptivecards.io/schemas/adaptive-card.json"
    var type = "AdaptiveCard"
    var version = "1.4"
    var body: [Block]
    var actions: [Action]?
  }
  struct Holder: Encodable {
    var contentType = "application/vnd.microsoft.card.adaptive"
    var content: Card
  }
  var type = "message"
  var attachments: [Holder]

  init(_ event: WebhookEvent) {
    let blocks = [
      Block(text: WebhookFormat.markdown(event.banner), weight: "Bolder"),
      Block(text: WebhookFormat.markdown(WebhookFormat.headline(event))),
    ]
    attachments = [Holder(content: Card(body: blocks, actions: event.link.map { [Action(url: $0)] }))]
  }
}
