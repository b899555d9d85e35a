// `revere restore FILE`: puts a backup in the place of the ledger. Everything comes up halted: the copy does not know
// what was sent since it was made.

import ArgumentParser
import Bulletins
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Workflows

struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Put a backup in the place of the ledger; nothing goes out until you say so.",
    discussion: """
      Refused while anything has the database open. What was there is set aside, not deleted. Afterwards everything is \
      halted, and each release with open rows is paused beside that: its rows may have been sent after the backup was \
      made. See Documentation/operations.md before you resume. Exit status: 0 restored, 2 usage, 3 refused or failed.
      """)

  @Argument(help: "A file that `revere backup` made.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("Who restores, for the audit log; default: the user of this shell.", valueName: "name"))
  var by: String?

  @Option(
    help: ArgumentHelp(
      "The newest serial that was given out, such as CFC-OS-2026-0051, where the replaced database cannot tell: no number is given twice. May be given several times.",
      valueName: "serial"))
  var issued: [String] = []

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    for text in issued where Serial(text) == nil {
      throw ValidationError("--issued takes a serial such as CFC-OS-2026-0051, not `\(text)`.")
    }
  }

  func run() throws {
    let session = try Session(options)
    let path = try session.databasePath(existing: false)
    guard FileManager.default.fileExists(atPath: file) else {
      throw CommandFailure(.usage, "\(file): there is no such file")
    }
    let at = session.clock.moment
    let actor = by ?? ProcessInfo.processInfo.userName
    let given = try issuedCounters(session)
    try Session.words {
      if let process = SQLiteRestore.holder(of: path) { throw SQLiteRestore.inUse(process, path) }
      let known = Self.known(to: path)
      let prepared = try aboutTheCopy { try SQLiteRestore.prepare(file, for: path) }
      let ledger: RestoredLedger
      do {
        let store = try aboutTheCopy {
          try SQLStore(driver: try SQLiteDriver(path: prepared), at: at.milliseconds)
        }
        ledger = try RestoreLedger.mark(
          store, counters: known.counters + given, credentials: known.credentials, by: actor, at: at,
          copy: URL(fileURLWithPath: file).lastPathComponent)
        try store.close()
      } catch {
        for ending in ["", "-wal", "-shm", "-journal"] { unlink(prepared + ending) }
        throw error
      }
      let aside = try SQLiteRestore.place(prepared, at: path, aside: ".replaced-\(at.seconds)")
      say(ledger, aside, session)
    }
  }

  /// What the store says of a file that is no backup is about the file that was named, not about its own.
  private func aboutTheCopy<Value>(_ work: () throws -> Value) throws -> Value {
    do {
      return try work()
    } catch let error as StoreError where [.notADatabase, .foreignSchema, .corrupt].contains(error.code) {
      var failure = CommandFailure(StoreError(error.code, detail: error.detail, place: file))
      failure.hint = "name a file that `revere backup` made; nothing was changed"
      throw failure
    }
  }

  private func say(_ ledger: RestoredLedger, _ aside: String?, _ session: Session) {
    let marks = ledger.marks
    let until = ledger.newest.map { Instant(seconds: $0.seconds).rfc3339(in: session.settings.site.zone) } ?? "unknown"
    Terminal.print("Restored: \(ledger.releases) releases, \(ledger.rows) rows; the newest entry is of \(until).")
    if let aside { Terminal.print("What was there is now \(aside).") }
    for counter in ledger.advanced {
      Terminal.print("Serials of \(counter.series) \(counter.year) go on after \(counter.last).")
    }
    if ledger.closedCredentials > 0 {
      Terminal.print("\(ledger.closedCredentials) credentials of partners were revoked or ended since; they stay so.")
    }
    if marks.leases > 0 { Terminal.print("\(marks.leases) rows were in the hands of workers; their leases are ended.") }
    Terminal.print("Everything outgoing is HALTED until `revere resume --halt`.")
    if !marks.paused.isEmpty {
      Terminal.print(
        """
        \(marks.openRows) rows of \(marks.paused.count) releases were open when the backup was made and may have been \
        sent since. Each release is paused by its own until `revere resume --release SERIAL` (readers may get a \
        second copy then, with the Message-ID of the first):
          \(marks.paused.joined(separator: "\n  "))
        """)
    }
    if marks.uncertainRows > 0 { Terminal.print("\(marks.uncertainRows) rows are uncertain and wait for a person.") }
    if aside == nil {
      Terminal.print("Releases, recalls and pauses made after that time are not in it: see operations.md.")
    }
  }

  /// What the database that is there knows of numbers and credentials, if it can still be read. One that is older than
  /// the table of credentials has none.
  private static func known(to path: String) -> (counters: [SerialCounter], credentials: [CredentialRecord]) {
    guard FileManager.default.fileExists(atPath: path),
      let driver = try? SQLiteDriver(path: path, settings: SQLiteDriver.Settings(busySeconds: 1, readOnly: true))
    else { return ([], []) }
    let store = SQLStore(asIs: driver)
    defer { try? store.close() }
    return (
      (try? store.read { try $0.serialCounters() }) ?? [], (try? store.read { try $0.credentials(partner: nil) }) ?? []
    )
  }

  /// `CFC-OS-2026-0051` -> series by its code.
  private func issuedCounters(_ session: Session) throws -> [SerialCounter] {
    guard !issued.isEmpty else { return [] }
    let templates = try session.workspace().templates
    return try issued.compactMap(Serial.init).map { serial in
      guard let series = templates.first(where: { $0.value.code == serial.code })?.key else {
        throw CommandFailure(.usage, "no series has the code \(serial.code)")
      }
      return SerialCounter(series: series, year: serial.year, last: serial.number)
    }
  }
}
