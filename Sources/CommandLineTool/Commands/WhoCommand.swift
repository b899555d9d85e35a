// `revere who SERIAL [--version N] [--not-acknowledged] [--csv | --json]`: the dissemination record.

import ArgumentParser
import Bulletins
import Foundation
import Markings
import Outbox
import Store
import Workflows

struct WhoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "who",
    abstract: "The dissemination record: who got or pulled what, why, when, and who has acknowledged.",
    discussion: """
      The first version's serial, or the bulletin's name, gives everything that was sent of it, notices included; the \
      serial of a later version gives that version. Names are those of the site's files at its release.
      """)

  @Argument(help: "A serial or a bulletin's name.")
  var serial: String

  @Option(help: ArgumentHelp("Only this version, counted from 1.", valueName: "number"))
  var version: Int?

  @Flag(help: "Only readers for whom no acknowledgement is recorded.")
  var notAcknowledged = false

  @Flag(help: "Comma-separated values with a header line (RFC 4180).")
  var csv = false

  @Flag(help: "One JSON object a line.")
  var json = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if csv, json { throw ValidationError("--csv and --json exclude each other.") }
    if let version, version < 1 { throw ValidationError("--version takes 1 or more.") }
  }

  func run() throws {
    let session = try Session(options)
    let store = try session.store()
    let zone = session.settings.site.zone
    var count = 0
    if csv { Terminal.print(CSVLine.text(WhoLine.columns)) }
    try Session.words {
      try DisseminationRecord.entries(of: serial, version: version, in: store) { entry in
        if notAcknowledged, !entry.lacksAcknowledgement { return }
        count += 1
        let line = WhoLine(entry, zone: zone)
        Terminal.print(csv ? CSVLine.text(line.cells) : json ? JSONLine.encode(line) : line.text)
      }
    }
    // A pull asks for no acknowledgement.
    let pulls =
      try notAcknowledged
      ? [] : Session.words { try DisseminationRecord.pulls(of: serial, version: version, in: store) }
    for pull in pulls {
      count += 1
      let line = WhoLine(pull, zone: zone)
      Terminal.print(csv ? CSVLine.text(line.cells) : json ? JSONLine.encode(line) : line.text)
    }
    if count == 0, !csv, !json {
      Terminal.print(notAcknowledged ? "Everybody has acknowledged it." : "Nobody is on its lists.")
    }
  }
}

/// RFC 4180, with CRLF left to the terminal's line end.
enum CSVLine {
  /// A cell that a spreadsheet would take for a formula begins with an apostrophe.
  static func text(_ cells: [String]) -> String {
    cells.map { cell in
      var cell = cell
      if let first = cell.first, "=+-@\t\r".contains(first) { cell = "'" + cell }
      guard cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return cell }
      return "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }.joined(separator: ",")
  }
}

struct WhoLine: Encodable {
  var serial: String
  var version: Int
  /// `release`, `update`, `correction`, `recall`, `expiry`; `withdrawal` where a feed says no more than that it is over.
  var event: String
  var reader: String
  var name: String
  var organization: String
  var organizationName: String
  var channel: String
  var address: String
  /// `variant`, `notice`; of a pull `title` too; nil: nothing.
  var carries: String?
  var banner: String?
  var state: String
  /// `yes`, `perhaps`, `no`.
  var sent: String
  /// nil: it was not sent, or nobody knows when.
  var sentAt: String?
  /// The relay or endpoint took it; else it may have.
  var certain: Bool
  var decidedAt: String
  var policyVersion: String
  /// SHA-256 of all that the decision was made from.
  var decision: String
  var reasons: [String]
  var words: [String]
  /// `list(ID)`, or `to`: what brought the reader to this release.
  var broughtBy: [String]
  var releasedBy: String
  /// The second person, where one was named.
  var second: String?
  var releaseReason: String
  var acknowledgedAt: String?
  var acknowledgedBy: String?
  /// Where it was pulled and not sent: by which feed, when last, how often; `sentAt` is the first time.
  var feed: String?
  var lastPulledAt: String?
  var pulls: Int64?

  init(_ entry: PulledEntry, zone: TimeZone) {
    func time(_ moment: Moment) -> String { Instant(seconds: moment.seconds).rfc3339(in: zone) }
    serial = entry.serial
    version = entry.version
    event = entry.pull.kind.end ?? entry.event.rawValue
    reader = entry.reader
    name = entry.name
    organization = entry.organization
    organizationName = entry.organizationName
    channel = "feed"
    address = ""
    carries = entry.pull.kind.carries
    banner = entry.pull.banner.isEmpty ? nil : entry.pull.banner
    state = "pulled"
    sent = DisseminationEntry.Copy.yes.rawValue
    sentAt = time(entry.pull.firstAt)
    certain = true
    decidedAt = time(entry.pull.firstAt)
    policyVersion = entry.release.policyVersion
    broughtBy = []
    releasedBy = entry.release.by
    second = entry.release.second
    releaseReason = entry.release.reason
    decision = ""
    reasons = []
    words = []
    feed = entry.pull.feed
    lastPulledAt = time(entry.pull.lastAt)
    pulls = entry.pull.count
  }

  init(_ entry: DisseminationEntry, zone: TimeZone) {
    func time(_ moment: Moment) -> String { Instant(seconds: moment.seconds).rfc3339(in: zone) }
    serial = entry.serial
    version = entry.version
    event = entry.event.rawValue
    reader = entry.reader
    name = entry.name
    organization = entry.organization
    organizationName = entry.organizationName
    channel = entry.delivery.channel.rawValue
    address = entry.delivery.address
    carries = entry.delivery.state == .withheld ? nil : entry.delivery.kind?.rawValue
    banner = entry.delivery.state == .withheld ? nil : entry.banner
    state = entry.delivery.state.rawValue
    sent = entry.copy.rawValue
    sentAt = entry.sentAt.map(time)
    certain = entry.copy == .yes
    decidedAt = time(entry.delivery.decidedAt)
    policyVersion = entry.delivery.policyVersion
    decision = entry.delivery.decisionHash.hexadecimal
    reasons = entry.delivery.reasons
    words = entry.delivery.words
    broughtBy = entry.broughtBy
    releasedBy = entry.release.by
    second = entry.release.second
    releaseReason = entry.release.reason
    acknowledgedAt = entry.delivery.acknowledgedAt.map(time)
    acknowledgedBy = entry.delivery.acknowledgedBy
  }

  static let columns = [
    "serial", "version", "event", "reader", "name", "organization", "organization name", "channel", "carries", "banner",
    "state", "sent", "certain", "decided", "policy version", "why", "acknowledged", "acknowledged by", "feed",
    "last pulled", "pulls", "brought by", "released by", "second", "release reason",
  ]

  /// Of a decision against the reader its reasons, else what brought them.
  private var why: String {
    if reasons.isEmpty { return broughtBy.joined(separator: "; ") }
    return zip(reasons, words).map { $1.isEmpty ? $0 : "\($0): \($1)" }.joined(separator: "; ")
  }

  private var hasCopy: Bool { sent != DisseminationEntry.Copy.no.rawValue }

  var cells: [String] {
    [
      serial, String(version), event, reader, name, organization, organizationName, channel, carries ?? "",
      banner ?? "", state, sentAt ?? "", hasCopy ? certain ? "yes" : "no" : "", decidedAt, policyVersion, why,
      acknowledgedAt ?? "", acknowledgedBy ?? "", feed ?? "", lastPulledAt ?? "", pulls.map(String.init) ?? "",
      broughtBy.joined(separator: " "), releasedBy, second ?? "", releaseReason,
    ]
  }

  var text: String {
    var parts = [serial + (["recall", "expiry", "withdrawal"].contains(event) ? " \(event)" : ""), reader]
    if !name.isEmpty { parts.append(name) }
    if !organizationName.isEmpty { parts.append(organizationName) }
    parts.append(channel == "none" ? "-" : channel)
    if let carries { parts.append([carries, banner].compactMap { $0 }.joined(separator: " ")) }
    if let feed, let sentAt, let lastPulledAt, let pulls {
      parts.append("pulled by \(feed)  \(sentAt)" + (pulls > 1 ? "  \(pulls) times, last \(lastPulledAt)" : ""))
      return parts.joined(separator: "  ")
    }
    parts.append(state)
    if let sentAt {
      parts.append(certain ? sentAt : "perhaps at \(sentAt)")
    } else if hasCopy {
      parts.append("perhaps sent, nobody knows when")
    }
    if let acknowledgedAt, let acknowledgedBy {
      parts.append("acknowledged \(acknowledgedAt)" + (acknowledgedBy == reader ? "" : " by \(acknowledgedBy)"))
    }
    if !why.isEmpty { parts.append(why) }
    return parts.joined(separator: "  ")
  }
}

extension PullKind {
  /// In the words of deliveries.
  var carries: String {
    switch self {
    case .text: "variant"
    case .title: "title"
    case .notice, .recalled, .expired, .withdrawn: "notice"
    }
  }

  /// The end that it tells of.
  var end: String? {
    switch self {
    case .recalled: ReleaseKind.recall.rawValue
    case .expired: ReleaseKind.expiry.rawValue
    case .withdrawn: "withdrawal"
    case .text, .title, .notice: nil
    }
  }
}
