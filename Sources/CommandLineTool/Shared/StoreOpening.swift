// Opens the store that the settings name. The only place where a driver is chosen.

import Foundation
import Markings
import Outbox
import Store
import StoreSQLite
import Workflows

enum StoreOpening {
  /// - Parameters:
  ///   - setting: `sqlite:PATH`, relative to the workspace.
  ///   - creating: false asks for a store that a release has made already.
  static func open(_ setting: String, root: String, now: Instant, creating: Bool) throws -> SQLStore {
    guard setting.hasPrefix("sqlite:") else {
      throw CommandFailure(
        .environment, "the store `\(setting.prefix(while: { $0 != ":" }))` is not built into this version",
        hint: "use `store: sqlite:var/revere.db`")
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
