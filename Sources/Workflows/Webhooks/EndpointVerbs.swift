// What a person does with endpoints: look at them, disable and enable, test, and send again what was released in a time
// range. Words and exit codes are made elsewhere; requests are sent by the caller.

package import Bulletins
package import Distribution
import Markings
package import Outbox
package import Store
import Webhooks

package struct EndpointStanding: Sendable {
  package var endpoint: WebhookEndpoint
  /// nil: it never failed.
  package var state: EndpointState?
  /// That sign now.
  package var secrets: Int
  /// Deliveries that wait, held or not.
  package var waiting: Int

  package init(endpoint: WebhookEndpoint, state: EndpointState?, secrets: Int, waiting: Int) {
    self.endpoint = endpoint
    self.state = state
    self.secrets = secrets
    self.waiting = waiting
  }

  /// Of the address, the part that may be shown: a chat's path is its secret.
  package var host: String { String(endpoint.url.dropFirst("https://".count).prefix { !"/?#".contains($0) }) }
}

package enum EndpointVerbs {
  package static func standings(
    _ workspace: Workspace, store: some UnitOfWork, now: Moment
  ) throws -> [EndpointStanding] {
    try store.read { session in
      let states = Dictionary(try session.endpointStates().map { ($0.id, $0) }) { first, _ in first }
      let secrets = Dictionary(grouping: try session.secrets(endpoint: nil, now: now), by: \.endpoint)
      return try workspace.lists.endpoints.map(\.value).sorted { $0.id < $1.id }.map { endpoint in
        EndpointStanding(
          endpoint: endpoint, state: states[endpoint.id], secrets: secrets[endpoint.id]?.count ?? 0,
          waiting: try session.waiting(reader: endpoint.stakeholder, channel: .webhook))
      }
    }
  }

  /// - Returns: false when it was disabled before; how many deliveries wait.
  package static func disable(
    _ endpoint: WebhookEndpoint, by: String, why: String, store: some UnitOfWork, now: Moment
  ) throws -> (changed: Bool, rows: Int) {
    try store.write { session in
      guard try session.disable(endpoint: endpoint.id, by: by, why: why, at: now) else { return (false, 0) }
      let rows = try session.hold(
        reader: endpoint.stakeholder, channel: .webhook, reason: EndpointState.held, at: now)
      try session.audit(
        actor: by, action: "webhook-disabled", subject: endpoint.id, detail: "\(why); \(rows) deliveries wait", at: now)
      return (true, rows)
    }
  }

  package static func enable(
    _ endpoint: WebhookEndpoint, by: String, store: some UnitOfWork, now: Moment
  ) throws -> (changed: Bool, rows: Int) {
    try store.write { session in
      guard try session.enable(endpoint: endpoint.id) else { return (false, 0) }
      let rows = try session.letGo(
        reader: endpoint.stakeholder, channel: .webhook, reason: EndpointState.held, at: now)
      try session.audit(
        actor: by, action: "webhook-enabled", subject: endpoint.id, detail: "\(rows) deliveries go on", at: now)
      return (true, rows)
    }
  }

  /// A signed event of type `webhook.test`.
  package static func test(
    _ endpoint: WebhookEndpoint, site: Site, keys: EndpointKeys, store: some UnitOfWork, now: Moment
  ) throws -> OutgoingPost {
    try refuseWhenStopped(endpoint, store)
    let event = WebhookEvent(
      .test, at: Instant(seconds: now.seconds), id: WebhookPosts.urn(site: site.id, serial: "test"), serial: "TEST",
      version: 1, banner: "UNCLASSIFIED", link: site.portal)
    let id = "msg_test_\(now.milliseconds)"
    return WebhookPosts.post(
      endpoint, id: id, body: try WebhookFormat(endpoint).body(event), keys: try keys.keys(of: endpoint, now: now),
      now: now)
  }

  package struct ReplayPlan: Sendable {
    package var posts: [(delivery: DeliveryRecord, post: OutgoingPost)] = []
    /// Not sent, and why.
    package var left: [(delivery: DeliveryRecord, why: String)] = []
  }

  /// Decides and signs anew what was released in [since, until), and writes into the audit log that it goes out again.
  package static func replay(
    _ endpoint: WebhookEndpoint, since: Moment, until: Moment, by: String, preparer: some AttemptPreparer,
    store: some UnitOfWork, now: Moment
  ) throws -> ReplayPlan {
    try refuseWhenStopped(endpoint, store)
    let (rows, claimed, pauses) = try store.read { session in
      if let state = try session.endpointStates().first(where: { $0.id == endpoint.id }), state.isDisabled {
        throw EndpointProblem(
          .disabled, endpoint.id, "it is disabled: \(state.disabledWhy ?? "")",
          hint: "enable it first with `revere webhooks enable \(endpoint.id)`")
      }
      let rows = try session.deliveries(
        reader: endpoint.stakeholder, channel: .webhook, since: since, until: until)
      return (
        rows, try rows.map { try session.isOvertaken(release: $0.release) ? nil : claim($0, session) },
        try session.pauses()
      )
    }
    var plan = ReplayPlan()
    for (row, claim) in zip(rows, claimed) {
      switch row.state {
      case .pending, .leased, .deferred: plan.left.append((row, "still \(row.state.rawValue)"))
      case .cancelled, .withheld, .expired: plan.left.append((row, row.state.rawValue))
      case .accepted, .uncertain, .bounced:
        if let pause = pauses.first(where: { $0.stops(row) }) {
          plan.left.append((row, "paused: \(Switches.subject(pause.scope, pause.name))"))
          continue
        }
        guard let claim, let attempt = try preparer.prepare([claim], now: now).first else {
          plan.left.append((row, "its bulletin was updated, recalled or expired since"))
          continue
        }
        switch attempt {
        case .post(let post): plan.posts.append((row, post))
        case .withhold, .expire: plan.left.append((row, "its reader may not have it any more"))
        case .send, .split, .unsendable: plan.left.append((row, "no request can be made of it"))
        }
      }
    }
    let count = plan.posts.count
    try store.write {
      try $0.audit(
        actor: by, action: "webhook-replay", subject: endpoint.id,
        detail: "\(count) deliveries: \(plan.posts.map(\.delivery.serial).joined(separator: " "))", at: now)
    }
    return plan
  }

  /// A replay was accepted: what was uncertain is so no more.
  package static func replayed(_ delivery: DeliveryRecord, store: some UnitOfWork, now: Moment) throws {
    guard delivery.state == .uncertain else { return }
    try store.write {
      try $0.apply(
        .settle, delivery: delivery.id, reply: DeliveryOutcome.Reply(text: "accepted when it was sent again"),
        nextAttempt: nil, at: now)
    }
  }

  /// When nothing goes to any endpoint; a pause of a lane or a release is about single rows.
  private static func refuseWhenStopped(_ endpoint: WebhookEndpoint, _ store: some UnitOfWork) throws {
    let stopping = try Switches.standing(in: store).first {
      $0.scope == .halt || $0.scope == .all || ($0.scope == .channel && $0.name == DeliveryChannel.webhook.rawValue)
    }
    guard let stopping else { return }
    let what =
      stopping.scope == .halt ? "everything is halted" : "\(Switches.subject(stopping.scope, stopping.name)) is paused"
    throw EndpointProblem(
      .disabled, endpoint.id, "nothing is sent to it: \(what) by \(stopping.by)", hint: "see `revere status`")
  }

  /// The row as a worker would claim it; nil without a variant.
  private static func claim(_ row: DeliveryRecord, _ session: any StoreSession) throws -> ClaimedDelivery? {
    guard let release = try session.release(row.release), let key = row.variant,
      let variant = try session.variant(key: key, release: row.release)
    else { return nil }
    return ClaimedDelivery(
      id: row.id, release: row.release, reader: row.reader, channel: row.channel, address: row.address, format: .html,
      variant: variant, lane: row.lane, attempts: row.attempts, decisionHash: row.decisionHash,
      lifetimeEnd: release.lifetimeEnd, onUncertain: release.onUncertain)
  }
}

extension Pause {
  /// As a claim reads it.
  fileprivate func stops(_ row: DeliveryRecord) -> Bool {
    switch scope {
    case .halt, .all: true
    case .lane: name == row.lane.name
    case .channel: name == row.channel.rawValue
    case .release: name == row.serial
    case .relay: false
    }
  }
}
