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
final class PreparedRelease: PreparedRows {
  let record: ReleaseRecord
  let assembly: ProductAssembly
  private let planner: PushPlanner
  let site: SiteState
  /// nil at a site without mail.
  private let desk: MailDesk?
  private let composed: ComposedBodies
  let posts: WebhookPosts
  /// Bodies of events, made once for all their readers.
  var bodies: [BodyKey: SharedBody] = [:]
  let keys: EndpointKeys
  private let urgency: Urgency
  /// For those who hold an earlier version; nil where there is none.
  let notices: PreparedNotices?
  /// The store's keys of visible sets: an id is a digest, and a batch has few of them.
  private var names: [StoredKey: String] = [:]
  /// What digests carry of it; readers of one visible set share it.
  private var parts: [DigestKey: DigestPart] = [:]
  private var ids: [DeliveryChannel: MessageIDs] = [:]
  /// The time of this attempt.
  var now: Moment

  private struct StoredKey: Hashable {
    var variant: VariantKey
    var hasPortal: Bool
  }

  /// What the rows of a release are prepared by.
  static func rows(
    of id: Int64, site: SiteState, store: any UnitOfWork, carriers: Carriers, keys: EndpointKeys
  ) throws -> any PreparedRows {
    let workspace = site.workspace
    let desk = try MailDesk(site)
    guard let layouts = workspace.layouts else {
      throw FindingsFailure("the layouts cannot be used", workspace.findings)
    }
    return try store.read { session in
      guard let record = try session.release(id) else { throw StoreError(.notFound, detail: "release \(id)") }
      let composed = try ComposedBodies(record, workspace, sender: desk?.sender, session)
      let notices =
        record.predecessor == nil && record.replaces == nil
        ? nil
        : try PreparedNotices(
          record, site: site, layouts: layouts, carriers: carriers, desk: desk, composed: composed, keys: keys,
          session)
      if let notices, !record.kind.bringsRevision { return notices }
      return try PreparedRelease(
        record, site: site, layouts: layouts, carriers: carriers, desk: desk, composed: composed, keys: keys,
        notices: notices, session)
    }
  }

  private init(
    _ record: ReleaseRecord, site: SiteState, layouts: Layouts, carriers: Carriers, desk: MailDesk?,
    composed: ComposedBodies, keys: EndpointKeys, notices: PreparedNotices?, _ session: any StoreSession
  ) throws {
    self.record = record
    self.site = site
    self.desk = desk
    self.composed = composed
    self.keys = keys
    self.notices = notices
    now = record.at
    let workspace = site.workspace
    let released = try StoredRevision(record, session).read(in: workspace)
    let revision = released.revision
    urgency = released.urgency
    assembly = ProductAssembly(
      revision, pictures: released.pictures, workspace: workspace, layouts: layouts, serial: record.serial,
      releasedAt: Instant(seconds: record.at.seconds), relation: released.relation)
    // Disabled ones too: their rows wait, held, and are not withheld.
    planner = PushPlanner(
      assembly.decider, lists: workspace.lists.lists.map(\.list),
      carriers: carriers.serving(record.kind, workspace.lists))
    posts = WebhookPosts(
      kind: record.kind, revisionHash: record.revisionHash, serial: record.serial, version: record.version,
      at: Instant(seconds: record.at.seconds),
      site: workspace.site.id, portal: workspace.site.portal, seriesName: revision.template.publicName,
      expires: revision.window(in: workspace.site).expires)
  }

  func prepare(
    _ rows: ArraySlice<ClaimedDelivery>, now: Moment, store: any UnitOfWork
  ) throws -> [PreparedAttempt] {
    try zip(rows, serve(rows, now: now)).map { row, served in
      do {
        switch served {
        case .not(let reader, let reasons): return try withhold(row, reader, reasons, store)
        case .variant(let key, let reader, let channel, let list):
          return try variant(key, row, reader, channel, list, store)
        case .notice(let content, let reader, let channel, let list):
          return try notice(content, row, reader, channel, list, store)
        }
      } catch let problem as LayoutProblem {
        // This message cannot be made; others of the release, and other releases, go on.
        return .unsendable(Failure(layout: problem))
      }
    }
  }

  /// What a reader gets of this release now.
  private enum Served {
    case not(Reader?, [Reason])
    /// With the first list that brings it.
    case variant(VariantKey, Reader, ChannelClass, list: String?)
    case notice(NoticeContent, Reader, ChannelClass, list: String?)
  }

  private func serve(_ rows: ArraySlice<ClaimedDelivery>, now: Moment) -> [Served] {
    self.now = now
    let instant = Instant(seconds: now.seconds)
    let round = assembly.decider.round(at: instant)
    let readers = rows.map { site.readers[$0.reader] }
    // In the order of the rows, without those who are not pushed to.
    var pushed = planner.rows(readers.lazy.compactMap { $0 }, now: instant)[...]
    return zip(rows, readers).map { row, reader in
      guard let reader else { return .not(nil, [Reason(.status, words: "no longer a reader of the center")]) }
      let plan = pushed.first?.reader.id == row.reader ? pushed.popFirst() : nil
      guard let channel = ChannelClass(rawValue: row.channel.rawValue) else {
        return .not(reader, [Reason(.noChannel)])
      }
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
            return .not(reader, [Reason(.noChannel, words: "no entry by which this could be sent is left")])
          }
          endpoint = Endpoint(.emailPlain)
        }
        // On no list any more: a list that does not exist lets nothing pass. With `to:` no list takes part.
        let ceiling = plan?.listCeiling ?? (assembly.decider.revision.document.frontMatter.to == nil ? .nothing : nil)
        decision = round.decide(reader, endpoint, listCeiling: ceiling).asPushed
      }
      switch decision {
      case .withheld(let reasons): return .not(reader, reasons)
      case .full(let key): return .variant(key, reader, endpoint.channel, list: plan?.lists.first)
      case .notice(let why):
        guard let content = round.notice(why, to: reader, endpoint.channel) else {
          return .not(reader, [Reason(.expired)])
        }
        return .notice(content, reader, endpoint.channel, list: plan?.lists.first)
      }
    }
  }

  // MARK: In a digest

  /// What each row brings into its reader's digest, or what else becomes of it.
  func digestParts(
    _ rows: ArraySlice<ClaimedDelivery>, now: Moment, store: any UnitOfWork
  ) throws -> [DigestShare] {
    try zip(rows, serve(rows, now: now)).map { row, served in
      do {
        switch served {
        case .not(let reader, let reasons): return .other(try withhold(row, reader, reasons, store))
        case .variant(let key, let reader, let channel, let list):
          // As if it went alone: what is stored of it, and the decision that the row names, are the same.
          let attempt = try variant(key, row, reader, channel, list, store)
          guard case .send(let mail) = attempt, let part = digestPart(key, channel, reader, list) else {
            return .other(attempt)
          }
          return .part(part, alone: mail)
        case .notice(let content, let reader, let channel, let list):
          let attempt = try notice(content, row, reader, channel, list, store)
          guard case .send(let mail) = attempt else { return .other(attempt) }
          let key = StoredProduct.key(content, hasPortal: hasPortal(reader))
          return .part(part(assembly.digestPart(content, hasPortal: hasPortal(reader)), key, list), alone: mail)
        }
      } catch let problem as LayoutProblem {
        return .other(.unsendable(Failure(layout: problem)))
      }
    }
  }

  private func digestPart(
    _ key: VariantKey, _ channel: ChannelClass, _ reader: Reader, _ list: String?
  ) -> DigestPart? {
    let name = DigestKey(variant: key, channel: channel, hasPortal: hasPortal(reader), list: list)
    if let known = parts[name] { return known }
    guard let made = assembly.digestPart(key, channel: channel, hasPortal: name.hasPortal) else { return nil }
    let stored = StoredProduct.key(key, assembly.decider, hasPortal: name.hasPortal)
    let part = part(made, "\(stored) \(channel.rawValue)", list)
    parts[name] = part
    return part
  }

  private func part(_ made: DigestPart, _ key: String, _ list: String?) -> DigestPart {
    var part = made
    part.key = "\(record.id) \(key)"
    part.revision = record.revisionHash
    part.releasedAt = record.at
    part.mayLeave = site.workspace.lists.lists.first { $0.list.id == list }?.list.mayLeave == true
    return part
  }

  private struct DigestKey: Hashable {
    var variant: VariantKey
    var channel: ChannelClass
    var hasPortal: Bool
    var list: String?
  }

  private func hasPortal(_ reader: Reader) -> Bool { reader.stakeholder.channels.contains(.portal) }

  /// Nothing of this version is for the reader. Who may hold an earlier one, and does not know yet that it counts no
  /// more, is told so.
  private func withhold(
    _ row: ClaimedDelivery, _ reader: Reader?, _ reasons: [Reason], _ store: any UnitOfWork
  ) throws -> PreparedAttempt {
    if let notices, let reader, notices.life.copies.newest(of: row.reader) != nil,
      !notices.life.copies.knowsOfTheEnd(row.reader)
    {
      return try notices.attempt(row, reader, because: reasons, now: now, store)
    }
    var decision = SharedDecision(.withheld, row.channel, reasons: reasons, by: site.workspace.policy)
    if reader == nil { decision.add(held(by: row.reader)) }
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
    let composer = ComposedBodies.Key(variant: name, channel: channel, format: row.format, list: list)
    if composed[composer] == nil {
      guard let made = try assembly.variant(key, channel: channel, hasPortal: hasPortal) else {
        return try withhold(row, reader, [Reason(.hollow, "title")], store)
      }
      let subject = assembly.decider.subject(key, channel).title
      let content = StoredProduct.content(
        key: name, kind: .variant, cut: key.cut, titleForm: made.variant.titleForm.rawValue, subject: subject,
        made.rendered)
      try composed.keep(content, made.rendered, heading(subject), composer, store)
    }
    return try message(row, reader, composer, .full, store, key)
  }

  private func notice(
    _ notice: NoticeContent, _ row: ClaimedDelivery, _ reader: Reader, _ channel: ChannelClass, _ list: String?,
    _ store: any UnitOfWork
  ) throws -> PreparedAttempt {
    let hasPortal = reader.stakeholder.channels.contains(.portal)
    let name = StoredProduct.key(notice, hasPortal: hasPortal)
    let composer = ComposedBodies.Key(variant: name, channel: channel, format: row.format, list: list)
    if composed[composer] == nil {
      let rendered = try assembly.notice(notice, hasPortal: hasPortal)
      let content = StoredProduct.content(
        key: name, kind: .notice, cut: false, titleForm: notice.title.form.rawValue, subject: notice.title.title,
        rendered)
      try composed.keep(content, rendered, heading(notice.title.title), composer, store)
    }
    return try message(row, reader, composer, .notice, store)
  }

  private func heading(_ subject: MarkedText) -> ComposedBodies.Heading {
    ComposedBodies.Heading(subject: subject, urgency: urgency)
  }

  private func message(
    _ row: ClaimedDelivery, _ reader: Reader, _ key: ComposedBodies.Key, _ outcome: SharedDecision.Outcome,
    _ store: any UnitOfWork, _ visible: VariantKey? = nil
  ) throws -> PreparedAttempt {
    guard let made = composed[key] else { return .expire }
    func settle() throws {
      try composed.settle(
        row, on: key, SharedDecision(outcome, row.channel, by: site.workspace.policy), now: now, store)
    }
    if key.channel == .webhook {
      try settle()
      return try post(row, reader, planner.carriers.webhooks[reader.id], key.variant, made.product, visible)
    }
    guard let desk else { return .unsendable(.noMail) }
    let token = made.composer?.hasSlot == true ? AcknowledgementToken(token(of: row, reader)) : nil
    try settle()
    let ids =
      self.ids[row.channel]
      ?? MessageIDs(revision: record.revisionHash, channel: row.channel.rawValue, domain: desk.sender.address)
    self.ids[row.channel] = ids
    return desk.attempt(
      row, to: reader, made,
      id: ids.id(of: reader.id),
      references: notices?.life.copies.references(of: reader.id, sender: desk.sender.address) ?? [], token: token)
  }
}

extension PreparedRelease {
  /// What the reader's own link ends with.
  func token(of row: ClaimedDelivery, _ reader: Reader) -> String {
    AcknowledgementToken.make(delivery: row.id, reader: row.reader, revision: record.revisionHash, site.secret)
  }

  func held(by reader: String) -> (machine: String, words: String)? { notices?.held(by: reader) }
}

extension Failure {
  init(layout problem: LayoutProblem) {
    self.init(stage: .compose, text: "templates: \(problem.name): \(problem.message)")
  }
}
