// `revere release FILE --by ID`: check, decide, allocate the serial, render, write the ledger; nothing is sent yet.

import ArgumentParser
import Authoring
import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import Workflows

struct ReleaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Release a bulletin to exactly the readers who may see it.",
    discussion: """
      One transaction: the check passes, every reader is decided, the serial is allocated, variants are rendered and \
      the ledger is written, or nothing is. `revere dispatch` then sends. Decisions that widen who may read need a \
      reason and count for exactly this state of the file.
      """)

  @OptionGroup var version: VersionOptions

  @Flag(help: "It brings news of a bulletin that is out.")
  var update = false

  @Flag(help: "It mends a mistake in a bulletin that is out.")
  var correct = false

  func validate() throws {
    if update, correct { throw ValidationError("--update and --correct exclude each other.") }
  }

  func run() throws { try version.release(update ? .update : correct ? .correction : .release) }
}

/// What releasing, updating and correcting a bulletin ask for alike.
struct VersionOptions: ParsableArguments {
  @Argument(help: "The bulletin file.", completion: .file(extensions: ["md"]))
  var file: String

  @Option(help: ArgumentHelp("Who releases: the reader id of a release authority.", valueName: "id"))
  var by: String

  @Option(
    help: ArgumentHelp("The second person, another reader of the center; kept in the audit log.", valueName: "id"))
  var second: String?

  @Flag(help: "Decide: vetted private partners may read the center's own portions up to FOUO.")
  var privateRelease = false

  @Flag(help: "Decide: the center's own plain (U) portions are public.")
  var publicRelease = false

  @Option(help: ArgumentHelp("Decide: REL TO this country is effective (three letters).", valueName: "country"))
  var foreignRelease: [String] = []

  @Option(help: ArgumentHelp("Record: the originator of this source agreed.", valueName: "source"))
  var consent: [String] = []

  @Option(
    help: ArgumentHelp("Accept that readers without this section get nothing (immediate only).", valueName: "section"))
  var acceptHollow: [String] = []

  @Option(help: ArgumentHelp("Accept the warnings of this rule, for example D02.", valueName: "rule"))
  var accept: [String] = []

  @Option(help: "Why; kept with the decision and in the audit log.")
  var reason = ""

  @Flag(help: "One JSON object.")
  var json = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    for rule in accept where RuleExplanation.named(rule) == nil {
      throw ValidationError("--accept \(rule): there is no such rule. Give --accept once for each, as in --accept D02.")
    }
  }

  func release(_ kind: ReleaseKind) throws {
    let session = try Session(options)
    let workspace = try session.soundWorkspace()
    let bulletin = try session.bulletin(file, in: workspace)
    let store = try session.store(creating: true)
    let order = ReleaseOrder(
      by: by, second: second, reason: reason, kind: kind,
      decisions: RecordedDecisions(
        publicRelease: publicRelease, privateRelease: privateRelease, foreignRelease: Set(foreignRelease),
        consents: Set(consent), acceptHollow: Set(acceptHollow)),
      acceptedRules: Set(accept.map { $0.uppercased() }))
    try Session.words { try session.refuseLostSecret(store) }
    let summary = try Session.words {
      try ReleaseBulletin.run(
        bulletin, in: workspace, order: order, carriers: session.carriers(), store: store,
        now: session.clock.now,
        progress: { Terminal.status("\($0) readers decided") })
    }
    // A ledger's first release makes the key, so that the worker finds it.
    _ = try Session.words { try session.siteSecret(founding: store) }
    Terminal.status("")
    for finding in summary.ignored { Terminal.error(FindingsOutput.text(finding)) }
    json ? Terminal.print(JSONLine.encode(ReleaseLine(summary, session))) : show(summary, session)
    if order.decisions != .none {
      do throws(WorkspaceProblem) {
        _ = try DecisionExport.write(
          order, bulletin, in: workspace, files: session.files, now: Instant(seconds: summary.at.seconds))
      } catch {
        // The record in the store rules: the release stands.
        throw CommandFailure(
          .environment, "released as \(summary.serial), but its decisions could not be exported: \(error.message)",
          hint: error.hint)
      }
    }
  }

  private func show(_ summary: ReleaseSummary, _ session: Session) {
    Terminal.print("Released as \(summary.serial): \(summary.readers) readers.")
    if let other = summary.replaces {
      Terminal.print("It takes the place of \(other): \(summary.cancelled) rows that had not gone out are cancelled.")
    } else if summary.cancelled > 0 {
      Terminal.print("\(summary.cancelled) rows of earlier versions that had not gone out are cancelled.")
    }
    var columns = TextColumns()
    for line in summary.merged {
      columns.add(
        "  \(line.readers)", line.kind == .notice ? "notice" : "variant", line.banner,
        line.key.prefix(12) + (line.cut ? " cut by the channel" : ""))
    }
    for (reasons, count) in summary.withheld.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      columns.add("  \(count)", "withheld", ReasonsInShort.text(reasons))
    }
    Terminal.print(columns.text)
    if summary.leftBehind > 0 {
      Terminal.print(
        "\(summary.leftBehind) readers hold \(summary.replaces ?? "an earlier version") and are not sent this one: they are told that theirs is no longer current."
      )
    }
    if summary.startsAt > summary.at {
      let start = Instant(seconds: summary.startsAt.seconds).rfc3339(in: session.settings.site.zone)
      Terminal.print("Nothing is sent before \(start); then `revere dispatch` sends.")
    } else {
      Terminal.print("Nothing has been sent yet: `revere dispatch` sends.")
    }
  }
}

private struct ReleaseLine: Encodable {
  struct Line: Encodable {
    var key: String
    var kind: String
    var banner: String
    var cut: Bool
    var readers: Int
  }
  var serial: String
  /// The bulletin whose place it takes.
  var replaces: String?
  /// Rows of earlier versions, or of that bulletin, that had not gone out and never will.
  var cancelled: Int
  var startsAt: String
  var readers: Int
  /// Holders of an earlier version who are told that it is no longer current.
  var leftBehind: Int
  var variants: [Line]
  var withheld: [String: Int]

  init(_ summary: ReleaseSummary, _ session: Session) {
    serial = summary.serial
    replaces = summary.replaces
    cancelled = summary.cancelled
    startsAt = Instant(seconds: summary.startsAt.seconds).rfc3339(in: session.settings.site.zone)
    readers = summary.readers
    leftBehind = summary.leftBehind
    variants = summary.lines.map {
      Line(key: $0.key, kind: $0.kind.rawValue, banner: $0.banner, cut: $0.cut, readers: $0.readers)
    }
    withheld = summary.withheld
  }
}
