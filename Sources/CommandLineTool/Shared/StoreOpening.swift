// Opens the store that the settings name. The only place where a driver is chosen.

import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Workflows

extension Session {
  /// Where the database of SQLite is.
  func databasePath(existing: Bool) throws -> String {
    guard settings.store.hasPrefix("sqlite:") else {
      throw StoreOpening.notBuiltIn(settings.store)
    }
    let name = String(settings.store.dropFirst("sqlite:".count))
    let path = name.hasPrefix("/") ? name : root + "/" + name
    guard !existing || FileManager.default.fileExists(atPath: path) else {
      throw CommandFailure(.environment, "nothing has been released from this workspace: \(name) does not exist yet")
    }
    return path
  }
}

enum StoreOpening {
  static func notBuiltIn(_ setting: String) -> CommandFailure {
    CommandFailure(
      .environment, "the store `\(setting.prefix(while: { $0 != ":" }))` is not built into this version",
      hint: "use `store: sqlite:var/revere.db`")
  }

  /// - Parameters:
  ///   - setting: `sqlite:PATH`, relative to the workspace.
  ///   - creating: false asks for a store that a release has made already.
  static func open(_ setting: String, root: String, now: Instant, creating: Bool) throws -> SQLStore {
    guard setting.hasPrefix("sqlite:") else {
      throw notBuiltIn(setting)
    }
    let path = String(setting.dropFirst("sqlite:".count))
    let full = path.hasPrefix("/") ? path : root + "/" + path
    guard creating || FileManager.default.fileExists(atPath: full) else {
      throw CommandFailure(.environment, "nothing has been released from this workspace: \(path) does not exist yet")
    }
    do {
      return try SQLStore(driver: try SQLiteDriver(path: full), at: now.seconds * 1_000)
    } catch let error as StoreError { throw CommandFailure(error) }
  }
}
