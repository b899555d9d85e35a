// Rows of notices about earlier versions, made in the transaction of the release that they belong to: every notice
// stored once, every shared decision once, one row for a reader and channel.

import Distribution
import Markings
import Outbox
import Store

struct NoticeRows {
  private let life: LifeNotices
  private let why: NoticeWhy
  private let release: Int64
  private let policy: ReleasePolicy
  private let now: Instant
  private var stored: [String: Int64] = [:]
  private var decisions: [SharedDecision: Int64] = [:]
  private(set) var lines: [String: ReleaseSummary.Line] = [:]
  /// Readers who hold a version and cannot be told, by what hinders it.
  private(set) var unreachable: [String: Int] = [:]
  private(set) var readers = 0
  /// Readers whose endpoint has a version and is disabled, with a notice for it.
  private(set) var waiting: Set<String> = []

  init(_ life: LifeNotices, _ why: NoticeWhy, release: Int64, policy: ReleasePolicy, now: Instant) {
    self.life = life
    self.why = why
    self.release = release
    self.policy = policy
    self.now = now
  }

  /// - Parameter because: why the newer version is not for them, where there is one.
  mutating func deliveries(
    for id: String, _ reader: Reader?, because reasons: [Reason] = [], _ session: any StoreSession
  ) throws -> [NewDelivery] {
    readers += 1
    let held = life.copies.words(for: id)
    return try life.outcomes(why, for: id, reader, now: now).map { channel, outcome in
      var decision = SharedDecision(
        outcome: .notice, channel: channel, variant: nil, reasons: reasons.map(\.machine), words: reasons.map(\.words),
        policyName: policy.name, policyVersion: policy.version, policyHash: policy.hash)
      var digest: [UInt8]
      switch outcome {
      case .notice(let channel, let content, let version):
        decision.variant = try store(content, version, session)
        digest = life.digest(reader, version: version, channel)
      case .withhold(let hindrances):
        decision.outcome = .withheld
        decision.reasons += hindrances.map(\.machine)
        decision.words += hindrances.map(\.words)
        digest = [UInt8](repeating: 0, count: 32)
        unreachable[hindrances.map(\.machine).joined(separator: ", "), default: 0] += 1
      }
      decision.add(held)
      var endpoint: String?
      if channel == .webhook {
        endpoint = (life.carriers.webhooks[id] ?? life.disabled[id])?.id
        if life.disabled[id] != nil, decision.outcome == .notice { waiting.insert(id) }
      }
      return NewDelivery(
        reader: id, address: endpoint ?? reader?.stakeholder.email ?? "",
        format: reader?.stakeholder.format == .text ? .text : .html, decision: try store(decision, session),
        decisionHash: digest)
    }
  }

  /// Once the rows are in the ledger: what is for a disabled endpoint waits until a person enables it.
  func hold(_ session: any StoreSession) throws {
    for reader in waiting.sorted() {
      _ = try session.hold(
        reader: reader, channel: .webhook, reason: EndpointState.held, at: Moment(seconds: now.seconds))
    }
  }

  private mutating func store(
    _ content: NoticeContent, _ version: Int, _ session: any StoreSession
  ) throws -> Int64? {
    let key = life.key(content, version: version)
    lines[key]?.readers += 1
    if let known = stored[key] { return known }
    let ended = content.why == .expired ? now : nil
    guard let rendered = try life.rendered(content, version: version, ended: ended) else { return nil }
    let variant = StoredProduct.content(
      key: key, kind: .notice, cut: false, titleForm: content.title.form.rawValue,
      subject: life.subject(content, version: version), rendered)
    let id = try session.insert(variant: variant, release: release)
    stored[key] = id
    lines[key] = ReleaseSummary.Line(key: key, kind: .notice, banner: variant.banner, cut: false, readers: 1)
    return id
  }

  private mutating func store(_ decision: SharedDecision, _ session: any StoreSession) throws -> Int64 {
    if let known = decisions[decision] { return known }
    let id = try session.insert(decision: decision, release: release)
    decisions[decision] = id
    return id
  }
}
