// `revere acknowledge TOKEN` or `--serial S --reader R --by ID`: records that a reader has read it.

import ArgumentParser
import Bulletins
import Foundation
import Markings
import Outbox
import Store
import Workflows

struct AcknowledgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "acknowledge", abstract: "Record that a reader has read it.",
    discussion: """
      With the token of a reader's link, read from standard input for `-`, so that it stands in no shell's history; or \
      by a person who reached the reader. The first record stands: doing it again changes nothing.
      """)

  @Argument(help: "The end of the reader's link, or `-`.")
  var token: String?

  @Option(help: "With --reader and --by: the version that was read.")
  var serial: String?

  @Option(help: ArgumentHelp("Who read it.", valueName: "id"))
  var reader: String?

  @Option(help: ArgumentHelp("Who records it.", valueName: "id"))
  var by: String?

  @Flag(help: "One JSON object.")
  var json = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    let named = [serial, reader, by].compactMap { $0 }.count
    guard token == nil ? named == 3 : named == 0 else {
      throw ValidationError("Give a token, or all of --serial, --reader and --by.")
    }
  }

  func run() throws {
    let session = try Session(options)
    let store = try session.store()
    let done: AcknowledgementDone
    do {
      if let token {
        guard let secret = try session.siteSecretIfAny() else {
          throw CommandFailure(
            .environment, "\(session.settings.keyFile): there is no secret key: no link was ever made",
            hint: "restore it from the backup if there were any")
        }
        let given = token == "-" ? (readLine() ?? "") : token
        done = try RecordAcknowledgement.byToken(
          given.trimmingCharacters(in: .whitespaces), secret: secret, store: store, now: session.clock.now)
      } else {
        done = try RecordAcknowledgement.byPerson(
          by ?? "", reader: reader ?? "", serial: serial ?? "", in: try session.workspace(), store: store,
          now: session.clock.now)
      }
    } catch let problem as AcknowledgementProblem {
      throw CommandFailure(.findings, problem.message, hint: problem.hint)
    } catch {
      throw CommandFailure(error) ?? error
    }
    show(done, session)
  }

  private func show(_ done: AcknowledgementDone, _ session: Session) {
    let zone = session.settings.site.zone
    var known: (by: String, at: String)?
    if case .known(let by, let at) = done.result {
      known = (by, Instant(seconds: at.seconds).rfc3339(in: zone))
    }
    if json {
      Terminal.print(
        JSONLine.encode(
          AcknowledgementLine(
            serial: done.serial, reader: done.reader, recorded: known == nil, knownBy: known?.by, knownAt: known?.at)))
    } else if let known {
      Terminal.print("\(done.reader) had acknowledged \(done.serial) already: by \(known.by) at \(known.at).")
    } else {
      Terminal.print("\(done.reader) has acknowledged \(done.serial).")
    }
  }
}

private struct AcknowledgementLine: Encodable {
  var serial: String
  var reader: String
  var recorded: Bool
  var knownBy: String?
  var knownAt: String?
}
