// `revere backup FILE`: a copy of the ledger while dispatchers go on.

import ArgumentParser
import Bulletins
import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Workflows

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the ledger while it is in use.",
    discussion: """
      The copy is one file, holds the state between two transactions, and has passed an integrity check when this ends. \
      It holds readers' addresses: keep it as you keep the database. revere.yaml, templates/, distribution-lists/, \
      bulletins/ and the keys in var/ are files of their own: back them up beside it.
      """)

  @Argument(help: "The file to make, or a folder, in which it gets a name with the time.", completion: .file())
  var file: String

  @Flag(help: "One JSON object.")
  var json = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if file.isEmpty { throw ValidationError("Name the file to make.") }
  }

  func run() throws {
    let session = try Session(options)
    let path = try session.databasePath(existing: true)
    var target = file
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
      let time = session.clock.now.rfc3339(in: .gmt).prefix(19).filter { $0 != ":" && $0 != "-" }
      target = file + (file.hasSuffix("/") ? "" : "/") + "revere-\(session.settings.site.id)-\(time)Z.db"
    }
    try Session.words {
      try SQLiteBackup.copy(path, to: target)
      let copy = SQLStore(asIs: try SQLiteDriver(path: target, settings: SQLiteDriver.Settings(readOnly: true)))
      let (figures, newest, releases) = try copy.read { session in
        (try session.figures(), try session.newestMoment(), try session.releases(limit: Int(Int32.max)).count)
      }
      try copy.close()
      let bytes = (try? FileManager.default.attributesOfItem(atPath: target)[.size] as? Int) ?? 0
      let until = newest.map { Instant(seconds: $0.seconds).rfc3339(in: session.settings.site.zone) }
      Terminal.print(
        json
          ? JSONLine.encode(
            Record(
              file: target, bytes: bytes, releases: releases, rows: figures.total, open: figures.open, newest: until))
          : """
          \(target): \(bytes) bytes, \(releases) releases, \(figures.total) rows, \(figures.open) of them open; \
          integrity checked\(until.map { "; the newest entry is of \($0)" } ?? "")
          """)
    }
  }

  private struct Record: Encodable {
    var file: String
    var bytes: Int
    var releases: Int
    var rows: Int
    var open: Int
    var newest: String?
  }
}
