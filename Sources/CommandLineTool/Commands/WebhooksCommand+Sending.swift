// `revere webhooks test` and `replay`: requests that a person asks for, outside of the ledger's rows; each is in the
// audit log before it leaves, and the kill switch stops them too.

import ArgumentParser
import Bulletins
import Couriers
import Distribution
import Foundation
import Markings
import Outbox
import Store
import Webhooks
import Workflows

extension WebhooksCommand {
  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send a signed event of type webhook.test.",
      discussion: "Exit status: 0 it was accepted, 1 it was not, 2 usage, 3 it cannot be sent.")

    @Argument(help: ArgumentHelp("The endpoint's id.", valueName: "endpoint"))
    var id: String

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let endpoint = try Session.words { try session.endpoint(id, in: try session.workspace()) }
      let store = try session.store(creating: true)
      let now = session.clock.moment
      let post = try Session.words {
        try EndpointVerbs.test(
          endpoint, site: session.settings.site, keys: session.endpointKeys(store), store: store, now: now)
      }
      let sent = try WebhookErrand.send([post], session.webhookSettings()).first
      let line = SentLine(endpoint.id, serial: nil, post, sent)
      Terminal.print(json ? JSONLine.encode(line) : line.text)
      if line.result != "accepted" { throw ExitCode(CommandFailure.Kind.findings.rawValue) }
    }
  }

  struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send again what was released in a time range, with the same webhook-ids.",
      discussion: """
        Each event is decided anew: what its reader may no longer see is not sent. Deliveries that still wait go by \
        themselves. Exit status: 0 all were accepted, 1 some were not, 2 usage, 3 they cannot be sent.
        """)

    @Argument(help: ArgumentHelp("The endpoint's id.", valueName: "endpoint"))
    var id: String

    @Option(help: ArgumentHelp("From this time of release on (RFC 3339).", valueName: "time"))
    var since: String

    @Option(help: ArgumentHelp("Before this time; default: now.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("Who does it, for the audit log.", valueName: "id"))
    var by: String?

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let now = session.clock.moment
      let (start, end) = (try moment(since, "--since"), try until.map { try moment($0, "--until") } ?? now)
      guard start < end else { throw ValidationError("--since must be before --until.") }
      let endpoint = try Session.words { try session.endpoint(id, in: try session.workspace()) }
      let store = try session.store()
      let plan = try Session.words {
        let preparer = try DeliveryPreparer(
          files: session.files, store: store, carriers: try session.carriers(), keys: session.endpointKeys(store),
          secret: try session.siteSecret(), now: now)
        return try EndpointVerbs.replay(
          endpoint, since: start, until: end, by: session.actor(by), preparer: preparer, store: store, now: now)
      }
      let sent = try WebhookErrand.send(plan.posts.map(\.post), session.webhookSettings())
      var failed = 0
      for (entry, what) in zip(plan.posts, sent) {
        let line = SentLine(endpoint.id, serial: entry.delivery.serial, entry.post, what)
        if line.result == "accepted" {
          try Session.words { try EndpointVerbs.replayed(entry.delivery, store: store, now: session.clock.moment) }
        } else {
          failed += 1
        }
        Terminal.print(json ? JSONLine.encode(line) : line.text)
      }
      for (delivery, why) in plan.left {
        let line = SentLine(endpoint: endpoint.id, serial: delivery.serial, id: nil, result: "left", text: why)
        Terminal.print(json ? JSONLine.encode(line) : line.text)
      }
      if !json { Terminal.print("\(plan.posts.count - failed) sent again, \(failed) failed, \(plan.left.count) left.") }
      if failed > 0 { throw ExitCode(CommandFailure.Kind.findings.rawValue) }
    }

    private func moment(_ text: String, _ option: String) throws -> Moment {
      guard let instant = Instant(rfc3339: text) else {
        throw ValidationError("\(option) takes a time such as 2026-11-22T02:14:00-05:00, not `\(text)`.")
      }
      return Moment(seconds: instant.seconds)
    }
  }
}

/// Requests of a person's command: sent by a loop of their own, all awaited.
enum WebhookErrand {
  /// One answer for each, in order.
  static func send(_ posts: [OutgoingPost], _ settings: WebhookSettings) throws -> [WebhookReceipt.What] {
    guard !posts.isEmpty else { return [] }
    let told = DispatchSemaphore(value: 0)
    guard let loop = WebhookLoop(settings, listener: { told.signal() }) else {
      throw CommandFailure(.environment, "no file descriptors are left", hint: "raise `ulimit -n`")
    }
    loop.start()
    loop.submit(posts.enumerated().map { WebhookParcel(number: Int64($0.offset), post: $0.element) })
    var answers: [WebhookReceipt.What] = posts.map { _ in .returned }
    var missing = posts.count
    while missing > 0 {
      told.wait()
      for receipt in loop.receipts() {
        answers[Int(receipt.number)] = receipt.what
        missing -= 1
      }
    }
    loop.stop()
    return answers
  }
}

private struct SentLine: Encodable {
  var endpoint: String
  var serial: String?
  var webhookID: String?
  /// accepted, failed, or left: not sent, `message` says why.
  var result: String
  var status: Int?
  var message: String

  enum CodingKeys: String, CodingKey {
    case endpoint, serial, result, status, message
    case webhookID = "webhook-id"
  }

  init(endpoint: String, serial: String?, id: String?, result: String, status: Int? = nil, text: String) {
    self.endpoint = endpoint
    self.serial = serial
    webhookID = id
    self.result = result
    self.status = status
    message = text
  }

  init(_ endpoint: String, serial: String?, _ post: OutgoingPost, _ what: WebhookReceipt.What?) {
    switch what {
    case .accepted(let status, let text):
      self.init(endpoint: endpoint, serial: serial, id: post.id, result: "accepted", status: status, text: text)
    case .failed(let failure, _):
      self.init(
        endpoint: endpoint, serial: serial, id: post.id, result: "failed", status: failure.code, text: failure.text)
    case .returned, nil:
      self.init(endpoint: endpoint, serial: serial, id: post.id, result: "failed", text: "it could not be sent")
    }
  }

  var text: String {
    ([serial ?? endpoint, result] + [status.map { "HTTP \($0)" }, message.isEmpty ? nil : message].compactMap { $0 })
      .joined(separator: "  ")
  }
}
