// `revere recall SERIAL --by ID --reason ".."` and `revere expire ..`: the end of a bulletin before its time. Writes the
// notices; `revere dispatch` sends them.

import ArgumentParser
import Store
import Workflows

struct RecallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recall", abstract: "Take a bulletin back, and tell everybody who was sent it.",
    discussion: """
      Nothing of it goes out any more: what waits is cancelled, second copies included. Everybody who was sent a \
      version, or may have been, gets a notice by the same channels, which says no more than they may know. A reason \
      is needed; it is kept in the audit log and never sent.
      """)

  @OptionGroup var end: EndOptions
  func run() throws { try end.run(.recall) }
}

struct ExpireCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expire", abstract: "End a bulletin before its time, and tell everybody who was sent it.",
    discussion: """
      As a recall, for what was right and does not hold any more. A bulletin that reaches the end of its time needs no \
      order: it is not pushed from then on, and no notice is sent.
      """)

  @OptionGroup var end: EndOptions
  func run() throws { try end.run(.expiry) }
}

struct EndOptions: ParsableArguments {
  @Argument(help: "A serial, or the bulletin's name; all its versions end.")
  var serial: String

  @Option(help: ArgumentHelp("Who orders it: the reader id of a release authority.", valueName: "id"))
  var by: String

  @Option(
    help: ArgumentHelp("The second person, another reader of the center; kept in the audit log.", valueName: "id"))
  var second: String?

  @Option(help: "Why; kept in the audit log, never sent.")
  var reason: String

  @Flag(help: "One JSON object.")
  var json = false

  @OptionGroup var options: GlobalOptions

  func run(_ kind: ReleaseKind) throws {
    let session = try Session(options)
    let store = try session.store()
    let workspace = try session.soundWorkspace()
    let order = EndOrder(kind, by: by, second: second, reason: reason)
    let summary: EndSummary
    do {
      summary = try EndBulletin.run(
        serial, in: workspace, order: order, carriers: try session.carriers(), store: store, now: session.clock.now,
        progress: { Terminal.status("\($0) readers") })
    } catch let refusal as ReleaseRefusal {
      throw CommandFailure(
        .findings, "not \(kind == .recall ? "recalled" : "ended"): \(refusal.message)", hint: refusal.hint,
        findings: refusal.findings)
    } catch {
      throw CommandFailure(error) ?? error
    }
    Terminal.status("")
    json ? Terminal.print(JSONLine.encode(EndLine(summary, kind))) : show(summary, kind)
  }

  private func show(_ summary: EndSummary, _ kind: ReleaseKind) {
    Terminal.print("\(kind == .recall ? "Recalled" : "Ended") \(summary.serial).")
    Terminal.print("\(summary.cancelled) rows that had not gone out are cancelled.")
    if summary.pulledBy > 0 { showPulls(summary) }
    guard summary.holders > 0 else {
      if summary.pulledBy == 0 { Terminal.print("Nothing had gone out: nobody needs to be told.") }
      return
    }
    Terminal.print("\(summary.holders) readers were sent it, or may have been:")
    var columns = TextColumns()
    for line in summary.lines { columns.add("  \(line.readers)", "notice", line.banner, line.key) }
    for (reasons, count) in summary.unreachable.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      columns.add("  \(count)", "cannot be told", ReasonsInShort.text(reasons), "a person must: see `revere who`")
    }
    Terminal.print(columns.text)
    if summary.held > 0 {
      Terminal.print(
        "\(summary.held) of these notices wait until their endpoints are enabled: see `revere webhooks enable`.")
    }
    Terminal.print("Nothing has been sent yet: `revere dispatch` sends.")
  }

  private func showPulls(_ summary: EndSummary) {
    let pulled = "\(summary.pulledBy) partner systems pulled it, or its title"
    let isFetched = "and `revere who` says who has fetched that."
    let told = summary.pulledBy - summary.untold.count
    guard told < summary.pulledBy else {
      return Terminal.print("\(pulled): their feeds say so from now on, \(isFetched)")
    }
    Terminal.print(
      told == 0
        ? "\(pulled), and none can be told by a feed:"
        : "\(pulled): the feeds of \(told) say so from now on, \(isFetched) The others cannot be told by a feed:")
    var columns = TextColumns()
    for (partner, hindrance) in summary.untold.sorted(by: { $0.key < $1.key }) {
      columns.add("  \(partner)", hindrance.words, "a person must: see `revere partners list`")
    }
    Terminal.print(columns.text)
  }
}

private struct EndLine: Encodable {
  struct Line: Encodable {
    var key: String
    var banner: String
    var readers: Int
  }
  var serial: String
  var kind: String
  var cancelled: Int
  var holders: Int
  var pulledBy: Int
  /// Partner systems whose feeds will not tell them, by id, with what hinders it.
  var untold: [String: String]
  var notices: [Line]
  var unreachable: [String: Int]
  /// Notices for disabled endpoints, held until a person enables these.
  var held: Int

  init(_ summary: EndSummary, _ kind: ReleaseKind) {
    serial = summary.serial
    self.kind = kind.rawValue
    cancelled = summary.cancelled
    holders = summary.holders
    pulledBy = summary.pulledBy
    untold = summary.untold.mapValues(\.rawValue)
    notices = summary.lines.map { Line(key: $0.key, banner: $0.banner, readers: $0.readers) }
    unreachable = summary.unreachable
    held = summary.held
  }
}

extension FeedHindrance {
  fileprivate var words: String {
    switch self {
    case .noReader: "no reader of the lists any more"
    case .status: "not active"
    case .noCredential: "no open credential"
    case .scope: "no credential for a feed that holds it"
    case .facts: "nothing of it is for this reader any more"
    case .noFeeds: "no feed can be made: see `revere doctor`"
    }
  }
}
