// `revere deliveries SERIAL [--state bounced] [--json]`: the ledger's rows, one reader and channel a line.

import ArgumentParser
import Bulletins
import Foundation
import Markings
import Outbox
import Store
import Workflows

struct DeliveriesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deliveries", abstract: "The ledger of one release: who got what, who did not, and why.")

  @Argument(help: "A serial or a bulletin's name.")
  var serial: String

  @Option(help: ArgumentHelp("Only rows in this state; may be given several times.", valueName: "state"))
  var state: [DeliveryState] = []

  @Flag(help: "Only readers who did not get it, or not yet.")
  var missing = false

  @Flag(help: "One JSON object a line.")
  var json = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session(options)
    let store = try session.store()
    try Session.words {
      let release = try LedgerReports.release(named: serial, in: store)
      let zone = session.settings.site.zone
      let now = session.clock.moment
      let settings = session.settings
      let show: (DeliveryRecord) -> Bool = { record in
        let waiting = record.waiting(now: now, settings)
        Terminal.print(
          json ? JSONLine.encode(DeliveryLine(record, waiting, zone: zone)) : Self.text(record, waiting, zone))
        return true
      }
      try store.read { ledger in
        if missing {
          try ledger.withoutIt(release: release.id, visit: show)
        } else {
          try ledger.deliveries(release: release.id, states: state, visit: show)
        }
        // No row of the ledger: nobody sends what a partner pulls.
        guard !missing, state.isEmpty else { return }
        for pull in try ledger.pulls(release: release.id) {
          let line = PullLine(pull, serial: release.serial, zone: zone)
          Terminal.print(json ? JSONLine.encode(line) : line.text)
        }
      }
    }
  }

  private static func text(_ record: DeliveryRecord, _ waiting: Waiting?, _ zone: TimeZone) -> String {
    var parts = [
      record.state.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0), record.reader,
      record.channel == .none ? "-" : record.channel.rawValue,
    ]
    if let kind = record.kind, kind == .notice { parts.append("notice") }
    let reply = [record.reply.code.map(String.init), record.reply.enhanced, record.reply.text].compactMap { $0 }
      .filter { !$0.isEmpty }
    if !reply.isEmpty { parts.append(reply.joined(separator: " ")) }
    if let held = record.held { parts.append("held: \(held)") }
    if let waiting {
      let until = Instant(seconds: waiting.until.seconds).rfc3339(in: zone)
      switch waiting.cause {
      case .scheduled: parts.append("scheduled for \(until)")
      case .digest: parts.append("waits for the digest of \(until)")
      case .retry: parts.append("next try \(until)")
      case .quietHours: parts.append("quiet hours until \(until)")
      }
    }
    if !record.reasons.isEmpty {
      let reasons = zip(record.reasons, record.words).map { $1.isEmpty ? $0 : "\($0): \($1)" }
      parts.append(reasons.joined(separator: "; "))
    }
    return parts.joined(separator: "  ")
  }
}

extension DeliveryState: ExpressibleByArgument {}

struct PullLine: Encodable {
  var serial: String
  var reader: String
  var channel = "feed"
  var state = "pulled"
  var feed: String
  var version: Int
  /// `variant`, `title`, `notice`.
  var carries: String
  /// recall, expiry or withdrawal: the end that it told of.
  var end: String?
  var variant: String?
  var banner: String?
  var firstAt: String
  var lastAt: String
  var count: Int64

  init(_ pull: PullRecord, serial: String, zone: TimeZone) {
    func time(_ moment: Moment) -> String { Instant(seconds: moment.seconds).rfc3339(in: zone) }
    self.serial = serial
    reader = pull.partner
    feed = pull.feed
    version = pull.version
    carries = pull.kind.carries
    end = pull.kind.end
    variant = pull.variant.isEmpty ? nil : pull.variant
    banner = pull.banner.isEmpty ? nil : pull.banner
    firstAt = time(pull.firstAt)
    lastAt = time(pull.lastAt)
    count = pull.count
  }

  var text: String {
    let again = count > 1 ? "  \(count) times, last \(lastAt)" : ""
    let what = [end, carries == "variant" ? nil : carries, banner].compactMap { $0 }.joined(separator: " ")
    return [
      state.padding(toLength: 10, withPad: " ", startingAt: 0), reader, "\(channel) \(feed)", what, firstAt + again,
    ]
    .filter { !$0.isEmpty }.joined(separator: "  ")
  }
}

struct DeliveryLine: Encodable {
  var serial: String
  var reader: String
  var channel: String
  var address: String
  var kind: String?
  var variant: String?
  var state: String
  var attempts: Int
  var secondCopies: Int
  var relay: String?
  var replyCode: Int?
  var replyEnhanced: String?
  var replyText: String?
  var queueID: String?
  var messageID: String?
  var reasons: [String]
  var words: [String]
  var held: String?
  var nextAttempt: String?
  /// scheduled, digest, retry or quiet-hours.
  var waitsFor: String?
  var waitsUntil: String?
  /// The time of the reader's digest that it is part of.
  var digest: String?
  var decidedAt: String
  var changedAt: String
  var policyVersion: String

  init(_ record: DeliveryRecord, _ waiting: Waiting?, zone: TimeZone) {
    func time(_ moment: Moment) -> String { Instant(seconds: moment.seconds).rfc3339(in: zone) }
    serial = record.serial
    reader = record.reader
    channel = record.channel.rawValue
    address = record.address
    kind = record.kind?.rawValue
    variant = record.variant
    state = record.state.rawValue
    attempts = record.attempts
    secondCopies = record.secondCopies
    relay = record.relay
    replyCode = record.reply.code
    replyEnhanced = record.reply.enhanced
    replyText = record.reply.text.isEmpty ? nil : record.reply.text
    queueID = record.queueID
    messageID = record.messageID
    reasons = record.reasons
    words = record.words
    held = record.held
    nextAttempt = record.nextAttempt.map(time)
    waitsFor = waiting?.cause.rawValue
    waitsUntil = waiting.map { time($0.until) }
    digest = record.digest.map(time)
    decidedAt = time(record.decidedAt)
    changedAt = time(record.changedAt)
    policyVersion = record.policyVersion
  }
}
