// `revere render`: what a reader would get now, or every variant that somebody would get. Serial DRAFT, addressed to
// nobody.

import Bulletins
package import Distribution
import Foundation
import Mail
package import Markings
package import Rendering

package struct Preview: Sendable {
  /// The variant's id, or `notice-expired-short-title`.
  package var name: String
  package var banner: String
  /// Readers who get it, by their best servable channel.
  package var rendered: Rendered
  /// The whole message as it would be sent.
  package var message: [UInt8]
}

package enum RenderPreview {
  /// What one reader gets by one channel, as the class that it is served by; the reasons when it is nothing.
  package static func one(
    _ assembly: ProductAssembly, reader: Reader, endpoint: Endpoint, mail: MailSettings?, now: Instant
  ) throws -> (decision: Decision, preview: Preview?) {
    let endpoint = Endpoint(endpoint.channel.served, fullBody: endpoint.fullBody)
    let round = assembly.decider.round(at: now)
    let decision = round.decide(reader, endpoint)
    let hasPortal = reader.stakeholder.channels.contains(.portal)
    switch decision {
    case .withheld: return (decision, nil)
    case .notice(let why):
      guard let content = round.notice(why, to: reader, endpoint.channel) else { return (decision, nil) }
      let rendered = try assembly.notice(content, hasPortal: hasPortal)
      return (decision, try preview(rendered.id, rendered, assembly, mail, now))
    case .full(let key):
      guard let made = try assembly.variant(key, channel: endpoint.channel, hasPortal: hasPortal) else {
        return (decision, nil)
      }
      return (decision, try preview(made.variant.id, made.rendered, assembly, mail, now))
    }
  }

  /// Every variant that some reader would get by some channel of theirs, in order of id.
  package static func all(
    _ assembly: ProductAssembly, readers: [Reader], mail: MailSettings?, now: Instant
  ) throws -> [Preview] {
    let round = assembly.decider.round(at: now)
    var keys: [String: (key: VariantKey, channel: ChannelClass)] = [:]
    for reader in readers {
      for channel in reader.stakeholder.channels.map(\.served) {
        guard case .full(let key) = round.decide(reader, Endpoint(channel), words: false) else { continue }
        let id = VariantBuilder.id(key, assembly.decider.revision)
        if keys[id] == nil { keys[id] = (key, channel) }
      }
    }
    var previews: [Preview] = []
    for (id, found) in keys.sorted(by: { $0.key < $1.key }) {
      guard let made = try assembly.variant(found.key, channel: found.channel, hasPortal: false) else { continue }
      previews.append(try preview(id, made.rendered, assembly, mail, now))
    }
    return previews
  }

  private static func preview(
    _ name: String, _ rendered: Rendered, _ assembly: ProductAssembly, _ mail: MailSettings?, _ now: Instant
  ) throws -> Preview {
    let sender = try Mailbox(parsing: mail?.from ?? "preview@invalid")
    let front = assembly.decider.revision.document.frontMatter
    let heading = MessageHeading(
      from: sender, subject: rendered.subject, date: now, zone: assembly.decider.site.zone,
      banner: rendered.headerBanner,
      urgency: front.urgency ?? assembly.decider.revision.template.urgency)
    let message = try MessageComposer(heading, body: EncodedBody(rendered)).preview(
      revision: assembly.decider.revision.hash)
    return Preview(name: name, banner: rendered.banner.text, rendered: rendered, message: message)
  }
}
