// One release while it is being sent: its decisions made anew for each batch of rows, its variants composed once.

import Authoring
import Bulletins
import Distribution
import Mail
import Markings
import Outbox
import Rendering
import Store

/// Used by one thread at a time: the preparer sees to it.
/// One release that nothing can be made of, whoever reads it.
struct UnusableRelease: Error {
  var message: String
}

final class PreparedRelease {
  private let record: ReleaseRecord
  let assembly: ProductAssembly
  private let planner: PushPlanner
  let posts: WebhookPosts
  /// Bodies of events, made once for all their readers.
  var bodies: [BodyKey: [UInt8]] = [:]
  let keys: EndpointKeys
  private let site: SiteState
  private let sender: Mail.Mailbox
  private let atBounceDomain: String
  private let urgency: Urgency
  /// Earlier releases of the bulletin, oldest first, and who was sent them by which channel.
  private let earlier: [(hash: String, sentTo: [String: DeliveryChannel])]
  /// The store's variants by key, and the keys by id.
  private var stored: [String: Int64]
  private var composed: [ComposerKey: Composed] = [:]
  /// The store's keys of visible sets: an id is a digest, and a batch has few of them.
  private var names: [StoredKey: String] = [:]
  private var ids: [DeliveryChannel: MessageIDs] = [:]
  /// The time of this attempt.
  var now: Moment

  private struct StoredKey: Hashable {
    var variant: VariantKey
    var hasPortal: Bool
  }
  /// What all readers of one variant, channel, format and list share.
  struct Composed {
    var composer: MessageComposer
    var unsubscribe: Unsubscribe?
    /// For events; nil for mail.
    var product: VariantContent?
  }
  struct ComposerKey: Hashable {
    var variant: String
    var channel: ChannelClass
    var format: BodyFormat
    var list: String?
  }

  init(_ id: Int64, site: SiteState, store: any UnitOfWork, carriers: Carriers, keys: EndpointKeys) throws {
    self.site = site
    self.keys = keys
    let workspace = site.workspace
    guard let mail = workspace.settings.mail else {
      throw FindingsFailure("revere.yaml has no `mail`", [])
    }
    guard let layouts = workspace.layouts else {
      throw FindingsFailure("the layouts cannot be used", workspace.findings)
    }
    sender = try Mail.Mailbox(parsing: mail.from)
    atBounceDomain = try "@" + EmailAddress("bounce@" + mail.bounceDomain).domain
    let found = try store.read {
      session -> (
        ReleaseRecord, [StoredFile], [RecordedDecision], [String: Int64], [(String, [String: DeliveryChannel])]
      ) in
      guard let record = try session.release(id) else { throw StoreError(.notFound, detail: "release \(id)") }
      let variants = try session.variants(release: id)
      var earlier: [(String, [String: DeliveryChannel])] = []
      for release in try session.releases(bulletin: record.bulletin)
      where release.kind.bringsRevision && release.version < record.version {
        var sentTo: [String: DeliveryChannel] = [:]
        try session.deliveries(release: release.id, states: [.accepted, .uncertain]) {
          sentTo[$0.reader] = $0.channel
          return true
        }
        earlier.append((release.revisionHash, sentTo))
      }
      return (
        record, try session.files(release: id),
        try session.recordedDecisions(revisionHash: record.revisionHash),
        Dictionary(variants.map { ($0.key, $0.id) }) { first, _ in first }, earlier
      )
    }
    record = found.0
    now = record.at
    stored = found.3
    earlier = found.4.map { (hash: $0.0, sentTo: $0.1) }
    let folder = FilesInMemory(Dictionary(found.1.map { ($0.name, $0.bytes) }) { first, _ in first })
    let file = try? BulletinFile.load(
      name: record.bulletin + ".md", path: record.serial, folder: folder, settings: workspace.readerSettings())
    guard let file, file.hash == record.revisionHash else {
      throw UnusableRelease(message: "the stored files of \(record.serial) are not those that were released")
    }
    let at = Instant(seconds: record.at.seconds)
    let (revision, _) = RevisionBuilding.revision(
      file, in: workspace,
      recorded: .effective(found.2, authorities: workspace.site.releaseAuthorities, now: at), now: at)
    urgency = revision.document.frontMatter.urgency ?? revision.template.urgency
    assembly = ProductAssembly(
      revision, pictures: file.pictures, workspace: workspace, layouts: layouts, serial: record.serial,
      releasedAt: at, relation: try Self.relation(record, store))
    var carriers = carriers
    // Disabled ones too: their rows wait, held, and are not withheld.
    carriers.webhooks = EndpointDirectory.serving(record.kind, workspace.lists)
    planner = PushPlanner(assembly.decider, lists: workspace.lists.lists.map(\.list), carriers: carriers)
    posts = WebhookPosts(
      kind: record.kind, revisionHash: record.revisionHash, serial: record.serial, version: record.version, at: at,
      site: workspace.site.id, portal: workspace.site.portal, seriesName: revision.template.publicName,
      expires: revision.window(in: workspace.site).expires)
  }

  private static func relation(_ record: ReleaseRecord, _ store: any UnitOfWork) throws -> Relation? {
    guard let predecessor = record.predecessor,
      let serial = try store.read({ try $0.release(predecessor)?.serial })
    else { return nil }
    return Relation(record.kind == .correction ? .corrects : .updates, serial: serial)
  }

  func prepare(
    _ rows: ArraySlice<ClaimedDelivery>, now: Moment, store: any UnitOfWork
  ) throws -> [PreparedAttempt] {
    self.now = now
    let instant = Instant(seconds: now.seconds)
    let round = assembly.decider.round(at: instant)
    let readers = rows.map { site.readers[$0.reader] }
    // In the order of the rows, without those who are not pushed to.
    var pushed = planner.rows(readers.lazy.compactMap { $0 }, now: instant)[...]
    return try zip(rows, readers).map { row, reader in
      guard let reader else {
        return try withhold(row, [Reason(.status, words: "no longer a reader of the center")], store)
      }
      let plan = pushed.first?.reader.id == row.reader ? pushed.popFirst() : nil
      guard let channel = ChannelClass(rawValue: row.channel.rawValue) else { return .expire }
      var endpoint = Endpoint(channel)
      let decision: Decision
      if channel == .webhook { endpoint.fullBody = planner.carriers.webhooks[row.reader]?.fullBody ?? false }
      if let plan, plan.endpoint == endpoint {
        decision = plan.decision
      } else {
        // The reader's entries changed since the row was written: it goes by the lower of then and now, or not at all.
        let left = planner.candidates(reader).map { $0.channel.lowered(to: channel) }
        if !left.contains(channel) {
          guard channel == .emailTLS, left.contains(.emailPlain) else {
            return try withhold(row, [Reason(.noChannel, words: "no entry by which this could be sent is left")], store)
          }
          endpoint = Endpoint(.emailPlain)
        }
        // On no list any more: a list that does not exist lets nothing pass. With `to:` no list takes part.
        let ceiling = plan?.listCeiling ?? (assembly.decider.revision.document.frontMatter.to == nil ? .nothing : nil)
        decision = round.decide(reader, endpoint, listCeiling: ceiling).asPushed
      }
      do {
        switch decision {
        case .withheld(let reasons): return try withhold(row, reasons, store)
        case .full(let key): return try variant(key, row, reader, endpoint.channel, plan?.lists.first, store)
        case .notice(let why):
          guard let content = round.notice(why, to: reader, endpoint.channel) else {
            return try withhold(row, [Reason(.expired)], store)
          }
          return try notice(content, row, reader, endpoint.channel, plan?.lists.first, store)
        }
      } catch let problem as LayoutProblem {
        // This message cannot be made; others of the release, and other releases, go on.
        return .unsendable(Failure(stage: .compose, text: "templates: \(problem.name): \(problem.message)"))
      }
    }
  }

  private func withhold(
    _ row: ClaimedDelivery, _ reasons: [Reason], _ store: any UnitOfWork
  ) throws -> PreparedAttempt {
    let reasons = reasons.sorted()
    let policy = site.workspace.policy
    let decision = SharedDecision(
      outcome: .withheld, channel: row.channel, variant: nil, reasons: reasons.map(\.machine),
      words: reasons.map(\.words), policyName: policy.name, policyVersion: policy.version, policyHash: policy.hash)
    return .withhold(decision: try store.write { try $0.insert(decision: decision, release: row.release) })
  }

  private func variant(
    _ key: VariantKey, _ row: ClaimedDelivery, _ reader: Reader, _ channel: ChannelClass, _ list: String?,
    _ store: any UnitOfWork
  ) throws -> PreparedAttempt {
    let hasPortal = reader.stakeholder.channels.contains(.portal)
    let storedKey = StoredKey(variant: key, hasPortal: hasPortal)
    let name = names[storedKey] ?? StoredProduct.key(key, assembly.decider, hasPortal: hasPortal)
    names[storedKey] = name
    let composer = ComposerKey(variant: name, channel: channel, format: row.format, list: list)
    if composed[composer] == nil {
      guard let made = try assembly.variant(key, channel: channel, hasPortal: hasPortal) else {
        return try withhold(row, [Reason(.hollow, "title")], store)
      }
      let subject = assembly.decider.subject(key, channel).title
      let content = StoredProduct.content(
        key: name, kind: .variant, cut: key.cut, titleForm: made.variant.titleForm.rawValue, subject: subject,
        made.rendered)
      try keep(content, made.rendered, subject, composer, row, store)
    }
    return try message(row, reader, composer, stored[name] ?? 0, .full, store, key)
  }

  private func notice(
    _ notice: NoticeContent, _ row: ClaimedDelivery, _ reader: Reader, _ channel: ChannelClass, _ list: String?,
    _ store: any UnitOfWork
  ) throws -> PreparedAttempt {
    let hasPortal = reader.stakeholder.channels.contains(.portal)
    let name = StoredProduct.key(notice, hasPortal: hasPortal)
    let composer = ComposerKey(variant: name, channel: channel, format: row.format, list: list)
    if composed[composer] == nil {
      let rendered = try assembly.notice(notice, hasPortal: hasPortal)
      let content = StoredProduct.content(
        key: name, kind: .notice, cut: false, titleForm: notice.title.form.rawValue, subject: notice.title.title,
        rendered)
      try keep(content, rendered, notice.title.title, composer, row, store)
    }
    return try message(row, reader, composer, stored[name] ?? 0, .notice, store)
  }

  /// What was stored at release is sent as it is; what a changed decision calls for is stored first.
  private func keep(
    _ content: VariantContent, _ rendered: Rendered, _ subject: MarkedText, _ key: ComposerKey, _ row: ClaimedDelivery,
    _ store: any UnitOfWork
  ) throws {
    let known = stored[content.key]
    let (id, kept) = try store.write { session in
      let id = try known ?? session.insert(variant: content, release: row.release)
      return (id, try session.variant(id) ?? content)
    }
    stored[content.key] = id
    let body = key.format == .text ? kept.plainBody : kept.body
    let list = site.workspace.lists.lists.first { $0.list.id == key.list }?.list
    let words = [subject.mark?.text ?? "", subject.text].filter { !$0.isEmpty }.joined(separator: " ")
    composed[key] = Composed(
      composer: MessageComposer(
        MessageHeading(
          from: sender, subject: words, date: Instant(seconds: record.at.seconds), zone: site.workspace.site.zone,
          banner: rendered.headerBanner, urgency: urgency, list: list.map { MailingList(id: $0.id, name: $0.name) }),
        body: EncodedBody(bytes: body.bytes, slots: [])),
      unsubscribe: list?.mayLeave == true ? leaving : nil, product: key.channel == .webhook ? kept : nil)
  }

  private func message(
    _ row: ClaimedDelivery, _ reader: Reader, _ key: ComposerKey, _ variant: Int64, _ outcome: SharedDecision.Outcome,
    _ store: any UnitOfWork, _ visible: VariantKey? = nil
  ) throws -> PreparedAttempt {
    if row.variant != variant {
      let policy = site.workspace.policy
      let decision = SharedDecision(
        outcome: outcome, channel: row.channel, variant: variant, policyName: policy.name,
        policyVersion: policy.version, policyHash: policy.hash)
      try store.write {
        let id = try $0.insert(decision: decision, release: row.release)
        try $0.set(decision: id, of: row.id, at: now)
      }
    }
    guard let shared = composed[key] else { return .expire }
    if key.channel == .webhook {
      return try post(reader, planner.carriers.webhooks[reader.id], key.variant, shared.product, visible)
    }
    let address: EmailAddress
    do throws(AddressProblem) {
      address = try EmailAddress(reader.stakeholder.email ?? "")
    } catch {
      return .unsendable(Failure(stage: .address, enhanced: "5.1.3", text: error.message))
    }
    let mailbox = Mail.Mailbox(name: reader.stakeholder.name.isEmpty ? nil : reader.stakeholder.name, address: address)
    func id(_ revision: String, _ channel: DeliveryChannel) -> MessageID {
      MessageID(revision: revision, reader: reader.id, channel: channel.rawValue, domain: sender.address)
    }
    let ids =
      self.ids[row.channel]
      ?? MessageIDs(revision: record.revisionHash, channel: row.channel.rawValue, domain: sender.address)
    self.ids[row.channel] = ids
    let own = ids.id(of: reader.id)
    var references: [MessageID] = []
    if !earlier.isEmpty {
      references = earlier.compactMap { version in version.sentTo[reader.id].map { id(version.hash, $0) } }
    }
    return .send(
      OutgoingMail(
        from: "bounce+" + String(row.id) + atBounceDomain, to: address.description, envelopeID: String(row.id),
        messageID: "<" + own.text + ">",
        segments: shared.composer.segments(
          to: mailbox, id: own, earlier: references, unsubscribe: shared.unsubscribe),
        hasUTF8Headers: shared.composer.needsSMTPUTF8(to: mailbox)))
  }

  /// A person at the watch takes a reader off a list; the page for it comes with the portal.
  private var leaving: Unsubscribe? {
    guard let watch = site.workspace.site.contacts["watch"]?.email, let address = try? EmailAddress(watch) else {
      return nil
    }
    return Unsubscribe(page: nil, mailbox: address)
  }
}
