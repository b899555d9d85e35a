// The variants and notices of one release as messages are made of them: what was stored at release is sent as it is;
// what a changed decision calls for is stored first. Each is composed once. Used by one thread at a time.

import Bulletins
import Distribution
import Mail
import Markings
import Outbox
import Rendering
import Store

final class ComposedBodies {
  /// What all readers of one variant, channel, format and list share.
  final class Composed {
    /// nil at a site without mail.
    let composer: MessageComposer?
    let unsubscribe: Unsubscribe?
    /// For events; nil for mail.
    let product: VariantContent?

    init(composer: MessageComposer?, unsubscribe: Unsubscribe?, product: VariantContent?) {
      self.composer = composer
      self.unsubscribe = unsubscribe
      self.product = product
    }
  }
  struct Key: Hashable {
    /// The store's key.
    var variant: String
    var channel: ChannelClass
    var format: BodyFormat
    var list: String?
  }
  /// What the headers say beside the body.
  struct Heading {
    var subject: MarkedText
    var urgency: Urgency
  }

  private let release: ReleaseRecord
  private let workspace: Workspace
  private let sender: Mail.Mailbox?
  /// The store's variants: ids by key.
  private var stored: [String: Int64]
  private var composed: [Key: Composed] = [:]

  init(_ release: ReleaseRecord, _ workspace: Workspace, sender: Mail.Mailbox?, _ session: any StoreSession) throws {
    self.release = release
    self.workspace = workspace
    self.sender = sender
    stored = Dictionary(try session.variants(release: release.id).map { ($0.key, $0.id) }) { first, _ in first }
  }

  subscript(key: Key) -> Composed? { composed[key] }
  func id(of key: Key) -> Int64 { stored[key.variant] ?? 0 }

  @discardableResult
  func keep(
    _ content: VariantContent, _ rendered: Rendered, _ heading: Heading, _ key: Key, _ store: any UnitOfWork
  ) throws -> Composed {
    let known = stored[content.key]
    let (id, kept) = try store.write { session in
      let id = try known ?? session.insert(variant: content, release: release.id)
      return (id, try session.variant(id) ?? content)
    }
    stored[content.key] = id
    let body = key.format == .text ? kept.plainBody : kept.body
    let list = workspace.lists.lists.first { $0.list.id == key.list }?.list
    let words = [heading.subject.mark?.text ?? "", heading.subject.text].filter { !$0.isEmpty }.joined(separator: " ")
    let made = Composed(
      composer: sender.map { sender in
        MessageComposer(
          MessageHeading(
            from: sender, subject: words, date: Instant(seconds: release.at.seconds), zone: workspace.site.zone,
            banner: rendered.headerBanner, urgency: heading.urgency,
            list: list.map { MailingList(id: $0.id, name: $0.name) }),
          body: EncodedBody(bytes: body.bytes, slots: body.slots))
      },
      unsubscribe: list?.mayLeave == true ? leaving : nil, product: key.channel == .webhook ? kept : nil)
    composed[key] = made
    return made
  }

  /// The row has this decision and variant from now on; nothing is written where it has them already.
  func settle(
    _ row: ClaimedDelivery, on key: Key, _ decision: @autoclosure () -> SharedDecision, now: Moment,
    _ store: any UnitOfWork
  ) throws {
    let variant = id(of: key)
    guard row.variant != variant else { return }
    var decision = decision()
    decision.variant = variant
    try store.write {
      let id = try $0.insert(decision: decision, release: row.release)
      try $0.set(decision: id, of: row.id, at: now)
    }
  }

  private var leaving: Unsubscribe? { .byWatch(workspace.site) }
}

extension Unsubscribe {
  /// A person at the watch takes a reader off a list; the page for it comes with the portal.
  static func byWatch(_ site: Site) -> Unsubscribe? {
    guard let watch = site.contacts["watch"]?.email, let address = try? EmailAddress(watch) else { return nil }
    return Unsubscribe(page: nil, mailbox: address)
  }
}

extension SharedDecision {
  /// Made now, by the site's policy as it is.
  init(
    _ outcome: Outcome, _ channel: DeliveryChannel, reasons: [Reason] = [], by policy: ReleasePolicy
  ) {
    let reasons = reasons.sorted()
    self.init(
      outcome: outcome, channel: channel, variant: nil, reasons: reasons.map(\.machine), words: reasons.map(\.words),
      policyName: policy.name, policyVersion: policy.version, policyHash: policy.hash)
  }

  /// One reason more, where there is one: what the reader was sent before.
  mutating func add(_ reason: (machine: String, words: String)?) {
    guard let reason else { return }
    reasons.append(reason.machine)
    words.append(reason.words)
  }
}
