// What the store can fail with, as facts; words for people are made at the edge. A failed unit of work changed nothing.

package struct StoreError: Error, Hashable, Sendable {
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// Another process held the lock longer than the busy time-out.
    case locked
    /// No room on the disk, or the file is at its limit.
    case full
    case corrupt
    case notADatabase = "not-a-database"
    case readOnly = "read-only"
    /// The file or its folder does not exist or may not be opened.
    case cannotOpen = "cannot-open"
    /// There is something already where a file is to be made.
    case exists
    /// The file was moved or deleted while it was open.
    case moved
    /// Reading or writing failed below the database.
    case io
    /// Written by a newer version of revere.
    case newerSchema = "newer-schema"
    /// A database of another program.
    case foreignSchema = "foreign-schema"
    /// A row broke a rule of the schema.
    case constraint
    /// The very same revision was released before.
    case alreadyReleased = "already-released"
    /// No such bulletin, serial, delivery.
    case notFound = "not-found"
    /// The state machine forbids it.
    case illegalTransition = "illegal-transition"
    /// The chain of the audit log does not hold.
    case auditBroken = "audit-broken"
    /// Everything else; the detail has what the database said.
    case other
  }
  package var code: Code
  /// What the database said, or which thing it is about; not for readers.
  package var detail: String
  /// The file or server.
  package var place: String

  package init(_ code: Code, detail: String = "", place: String = "") {
    self.code = code
    self.detail = detail
    self.place = place
  }

  /// What the operator can do.
  package var hint: String {
    switch code {
    case .locked: "another process is writing; wait for it, or see which one with fuser or lsof"
    case .full: "free space on the disk of the database, then start again; nothing was lost"
    case .corrupt: "stop all workers, keep the file, and restore the last backup"
    case .notADatabase: "the store setting names a file that is no database"
    case .readOnly: "make the file and its folder writable for the user that runs revere"
    case .cannotOpen: "see that the folder exists and may be written to"
    case .exists: "give another name; nothing is overwritten"
    case .moved: "put the file back where the store setting says, and start again"
    case .io: "see the system's log for disk errors"
    case .newerSchema: "this file was written by a newer revere: install that version, or restore a backup from before"
    case .foreignSchema: "the store setting names a database of another program"
    case .constraint: "this is a fault of revere: please report it with the detail"
    case .alreadyReleased: "change the bulletin and release it as an update or a correction"
    case .notFound: ""
    case .illegalTransition: "the row moved on meanwhile: look at it again"
    case .auditBroken: "somebody changed the audit log: keep the file and find out who"
    case .other: ""
    }
  }
}
