// The driver port: as little of a database as the store needs, so that a second one is a small target. SQL is written
// once, with `$1` for parameters, `ON CONFLICT` and `RETURNING`, which both dialects speak.

/// Which plain SQL of a schema change applies.
package enum Dialect: String, Hashable, Sendable, CaseIterable { case sqlite, postgres }

/// The few statements that truly differ; each driver has them in a file named DriverStatements.swift.
package struct DriverStatements: Hashable, Sendable {
  /// Begins a transaction that may write and waits for its turn now, not at the first write.
  package var beginWrite: String
  package var beginRead: String
  /// Leases rows of one channel and lane and returns them (`SQLSession.claim` says parameters and columns).
  package var claim: String
  /// The same, leaving out the paused releases.
  package var claimAroundPauses: String
  /// Leases what is due of one reader's digest and returns it (`SQLSession.claimDigests` says parameters). Two
  /// workers must not share a digest out between them.
  package var claimDigest: String
  package var claimDigestAroundPauses: String

  /// A condition on `deliveries` that leaves out the paused releases, the same for every driver.
  package static let aroundPauses = """
    AND release_id NOT IN (SELECT r.id FROM pauses p JOIN releases r ON r.serial = p.name WHERE p.scope = 'release')
    """

  package init(
    beginWrite: String, beginRead: String, claim: String, claimAroundPauses: String, claimDigest: String,
    claimDigestAroundPauses: String
  ) {
    self.claimDigest = claimDigest
    self.claimDigestAroundPauses = claimDigestAroundPauses
    self.beginWrite = beginWrite
    self.beginRead = beginRead
    self.claim = claim
    self.claimAroundPauses = claimAroundPauses
  }
}

/// Opens and shares connections; safe from any thread.
package protocol StoreDriver: Sendable {
  var dialect: Dialect { get }
  var statements: DriverStatements { get }
  /// The file or server, for errors.
  var place: String { get }
  /// Lends a connection to this thread alone for the time of the work. Not reentrant.
  func withConnection<Value>(_ work: (any StoreConnection) throws -> Value) throws -> Value
  /// Another value after any commit, by this process or another one; equal only where nothing was committed between. Far
  /// cheaper than a statement, and waits for nobody's work. nil: this database cannot tell.
  func stamp() -> StoreStamp?
  /// Closes every connection; later calls fail.
  func close() throws(StoreError)
}

/// Compared, never read.
package typealias StoreStamp = SIMD8<UInt64>

/// One connection, used by one thread at a time.
package protocol StoreConnection: AnyObject {
  /// A prepared statement, kept for the next time by its text. Reset before it is given out.
  func prepare(_ sql: String) throws(StoreError) -> any PreparedSQL
  /// Several statements without parameters: schema changes, begin, commit.
  func run(script: String) throws(StoreError)
  /// Called before each transaction that writes: sees that the file is still where it was, and lets others have
  /// their turn where the database does not see to that itself.
  func enterWrite() throws(StoreError)
}

/// A statement with its values. Parameters count from 1 like `$1`; they keep their values over `reset`. Columns count
/// from 0 and may be read after a `step` that said true.
package protocol PreparedSQL: AnyObject {
  func bind(_ index: Int, integer: Int64?)
  func bind(_ index: Int, text: String?)
  func bind(_ index: Int, bytes: [UInt8]?)
  /// True when there is a row.
  func step() throws(StoreError) -> Bool
  func reset()
  func integer(_ column: Int) -> Int64
  func optionalInteger(_ column: Int) -> Int64?
  func text(_ column: Int) -> String
  func optionalText(_ column: Int) -> String?
  func bytes(_ column: Int) -> [UInt8]
  /// How many rows the last completed step changed.
  var affected: Int { get }
}

/// A value for a parameter, where speed does not matter.
package enum SQLValue: Hashable, Sendable {
  case integer(Int64?)
  case text(String?)
  case bytes([UInt8]?)

  package static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }
  package static func flag(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
}
