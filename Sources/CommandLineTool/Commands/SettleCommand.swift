// `revere settle SERIAL sent|again|failed|cancel`: a person decides about rows that wait for one.

import ArgumentParser
import Foundation
import Store
import Workflows

struct SettleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settle", abstract: "Decide about rows that wait for a person: uncertain or held ones.",
    discussion: """
      An uncertain row may or may not have gone out: look for its Message-ID in the relay's log (`revere deliveries SERIAL \
      --state uncertain --json` shows it). A held row belongs to a message that relays refused. sent: uncertain rows went \
      out. again: send uncertain rows once more, with the same Message-ID, and let go what is held. failed: uncertain \
      rows did not arrive. cancel: do not send what is held. Exit status: 1 when no row waits for that word.
      """)

  @Argument(help: "A serial or a bulletin's name.")
  var serial: String

  @Argument(help: "sent, again, failed or cancel.")
  var word: SettleWord

  @Option(help: ArgumentHelp("Only this reader's rows; may be given several times.", valueName: "id"))
  var reader: [String] = []

  @OptionGroup var actor: SwitchActor
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session(options)
    let store = try session.store()
    let done = try Session.words {
      try SettleRows.settle(
        try LedgerReports.release(named: serial, in: store), word, readers: Set(reader), by: session.actor(actor.by),
        reason: actor.reason, at: session.clock.moment, in: store)
    }
    guard done.rows > 0 else {
      throw CommandFailure(
        .findings, "\(done.serial): no row waits for the word `\(word.rawValue)`",
        hint: done.waiting > 0
          ? "\(done.waiting) rows wait for another: see `revere deliveries \(done.serial)`"
          : done.heldForEndpoints > 0
            ? "\(done.heldForEndpoints) rows wait for a disabled endpoint: `revere webhooks enable ENDPOINT` sends them"
            : "none waits for a person")
    }
    Terminal.print(
      actor.json
        ? JSONLine.encode(Record(serial: done.serial, word: word.rawValue, rows: done.rows, waiting: done.waiting))
        : "\(done.serial): \(done.rows) rows settled as \(word.rawValue)"
          + (done.waiting > 0 ? "; \(done.waiting) still wait for a person" : ""))
  }

  private struct Record: Encodable {
    var serial: String
    var word: String
    var rows: Int
    var waiting: Int
  }
}

extension SettleWord: ExpressibleByArgument {}
