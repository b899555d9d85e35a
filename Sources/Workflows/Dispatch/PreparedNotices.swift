// Notices about earlier versions, made anew before each attempt: of a recall or an expiry, and of an update to those
// who are not sent it. What they say is decided with the reader as they are now.

import Bulletins
import Distribution
import Mail
import Markings
import Outbox
import Rendering
import Store
import Webhooks

/// Rows of one release, ready to be prepared; used by one thread at a time.
protocol PreparedRows: AnyObject {
  func prepare(_ rows: ArraySlice<ClaimedDelivery>, now: Moment, store: any UnitOfWork) throws -> [PreparedAttempt]
  /// What each row brings into its reader's digest.
  func digestParts(_ rows: ArraySlice<ClaimedDelivery>, now: Moment, store: any UnitOfWork) throws -> [DigestShare]
  /// The earlier version that this reader was sent or may have been, as a reason of the ledger; nil: none.
  func held(by reader: String) -> (machine: String, words: String)?
}

extension PreparedRows {
  /// Nothing: it goes alone.
  func digestParts(_ rows: ArraySlice<ClaimedDelivery>, now: Moment, store: any UnitOfWork) throws -> [DigestShare] {
    try prepare(rows, now: now, store: store).map(DigestShare.other)
  }
}

final class PreparedNotices: PreparedRows {
  let life: LifeNotices
  private let record: ReleaseRecord
  private let site: SiteState
  private let desk: MailDesk?
  private let composed: ComposedBodies
  private let keys: EndpointKeys
  private let endpoints: [String: WebhookEndpoint]
  private let why: NoticeWhy

  init(
    _ record: ReleaseRecord, site: SiteState, layouts: Layouts, carriers: Carriers, desk: MailDesk?,
    composed: ComposedBodies, keys: EndpointKeys, _ session: any StoreSession
  ) throws {
    self.record = record
    self.site = site
    self.desk = desk
    self.composed = composed
    self.keys = keys
    // To a machine, what is not current any more has expired.
    let carriers = carriers.serving(record.kind == .recall ? .recall : .expiry, site.workspace.lists)
    endpoints = carriers.webhooks
    why =
      switch record.kind {
      case .recall: .recalled
      case .expiry: .expired
      case .release, .update, .correction: .withdrawn
      }
    life = try LifeNotices(
      try EarlierCopies(record.bulletin, before: record.id, replacing: record.replaces?.bulletin, session),
      in: site.workspace, layouts: layouts, carriers: carriers, session)
  }

  func prepare(_ rows: ArraySlice<ClaimedDelivery>, now: Moment, store: any UnitOfWork) throws -> [PreparedAttempt] {
    try rows.map { try attempt($0, site.readers[$0.reader], now: now, store) }
  }

  /// - Parameter reasons: why the newer version is not for this reader, where there is one.
  func attempt(
    _ row: ClaimedDelivery, _ reader: Reader?, because reasons: [Reason] = [], now: Moment, _ store: any UnitOfWork
  ) throws -> PreparedAttempt {
    let instant = Instant(seconds: now.seconds)
    func decision(_ outcome: SharedDecision.Outcome, _ reasons: [Reason]) -> SharedDecision {
      var decision = SharedDecision(outcome, row.channel, reasons: reasons, by: site.workspace.policy)
      decision.add(held(by: row.reader))
      return decision
    }
    switch life.outcome(why, for: row.reader, reader, by: row.channel, now: instant) {
    case .withhold(let hindrances):
      let refused = decision(.withheld, reasons + hindrances)
      return .withhold(decision: try store.write { try $0.insert(decision: refused, release: row.release) })
    case .notice(let channel, let content, let version):
      guard let reader else { return .expire }
      let key = ComposedBodies.Key(
        variant: life.key(content, version: version), channel: channel, format: row.format, list: nil)
      let made: ComposedBodies.Composed
      do {
        made = try composed[key] ?? compose(content, version, key, store)
      } catch let problem as LayoutProblem {
        return .unsendable(Failure(stage: .compose, text: "templates: \(problem.name): \(problem.message)"))
      }
      try composed.settle(row, on: key, decision(.notice, reasons), now: now, store)
      if channel == .webhook { return try post(reader, version, content, now: now) }
      guard let desk else { return .unsendable(.noMail) }
      return desk.attempt(
        row, to: reader, made,
        id: MessageID(
          serial: life.copies.serial(of: version), event: content.why.rawValue, reader: reader.id,
          channel: row.channel.rawValue, domain: desk.sender.address),
        references: life.copies.references(of: reader.id, sender: desk.sender.address))
    }
  }

  func held(by reader: String) -> (machine: String, words: String)? { life.copies.words(for: reader) }

  private func compose(
    _ content: NoticeContent, _ version: Int, _ key: ComposedBodies.Key, _ store: any UnitOfWork
  ) throws -> ComposedBodies.Composed {
    let ended = content.why == .expired ? Instant(seconds: record.at.seconds) : nil
    guard let rendered = try life.rendered(content, version: version, ended: ended) else {
      throw UnusableRelease(message: "\(record.serial) tells of a version that is not there")
    }
    let subject = life.subject(content, version: version)
    let stored = StoredProduct.content(
      key: key.variant, kind: .notice, cut: false, titleForm: content.title.form.rawValue, subject: subject, rendered)
    return try composed.keep(
      stored, rendered, ComposedBodies.Heading(subject: subject, urgency: urgency(content, version)), key, store)
  }

  /// The event names the bulletin and the version that its reader holds; no newer one.
  private func post(
    _ reader: Reader, _ version: Int, _ content: NoticeContent, now: Moment
  ) throws -> PreparedAttempt {
    guard let endpoint = endpoints[reader.id] else {
      return .unsendable(Failure(stage: .endpoint, text: "no endpoint of this reader is left"))
    }
    let held = life.copies.releases[version]
    let posts = WebhookPosts(
      kind: content.why == .recalled ? .recall : .expiry, revisionHash: held.revisionHash,
      serial: life.copies.serial(of: version),
      version: held.version, at: Instant(seconds: record.at.seconds), site: site.workspace.site.id,
      portal: site.workspace.site.portal, seriesName: "", expires: nil)
    do {
      let body = try WebhookFormat(endpoint).body(posts.notice(banner: content.banner.text))
      return .post(
        WebhookPosts.post(
          endpoint, id: posts.id(reader: reader.id), body: body, keys: try keys.keys(of: endpoint, now: now), now: now))
    } catch let problem as WebhookProblem {
      return .unsendable(Failure(stage: .compose, text: problem.message))
    } catch let problem as EndpointProblem {
      return .unsendable(Failure(stage: .endpoint, text: problem.message))
    }
  }

  /// A recall is as urgent as can be; anything else as what it is about.
  private func urgency(_ content: NoticeContent, _ version: Int) -> Urgency {
    content.why == .recalled ? .immediate : life.urgency(version: version)
  }
}
