// The port for imported records. The store knows imports and their blocks as bytes; what a block says is Statistics'
// affair. An import is seen by others once it is complete.

package import Outbox

package struct NewDataImport: Hashable, Sendable {
  package var source: String
  package var name: String
  package var precedence: Int
  package var fileName: String
  /// Day of the extract, as a date.
  package var asOf: String
  package var by: String
  package var mapHash: String
  package init(
    source: String, name: String, precedence: Int, fileName: String, asOf: String, by: String, mapHash: String
  ) {
    self.source = source
    self.name = name
    self.precedence = precedence
    self.fileName = fileName
    self.asOf = asOf
    self.by = by
    self.mapHash = mapHash
  }
}

package struct DataImportCounts: Hashable, Sendable {
  package var mapped: Int
  package var dropped: Int
  /// Of the dropped; nil for imports from before they were told apart.
  package var underAge: Int?
  package var noSubstance: Int?
  package var doubled: Int
  package var unknown: Int
  package var rows: Int { mapped + dropped + doubled + unknown }
  package init(
    mapped: Int = 0, dropped: Int = 0, underAge: Int? = nil, noSubstance: Int? = nil, doubled: Int = 0, unknown: Int = 0
  ) {
    self.mapped = mapped
    self.dropped = dropped
    self.underAge = underAge
    self.noSubstance = noSubstance
    self.doubled = doubled
    self.unknown = unknown
  }
}

package struct DataImportRecord: Hashable, Sendable {
  package var id: Int64
  package var about: NewDataImport
  package var completedAt: Moment
  package var fileHash: String
  package var counts: DataImportCounts
}

package struct DataBlock: Hashable, Sendable {
  /// Counts from 1 within the import.
  package var number: Int
  package var count: Int
  /// Days since 1970.
  package var firstDay: Int
  package var lastDay: Int
  package var content: [UInt8]
  package init(number: Int, count: Int, firstDay: Int, lastDay: Int, content: [UInt8]) {
    self.number = number
    self.count = count
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.content = content
  }
}

package protocol DataStore {
  func begin(dataImport: NewDataImport, at: Moment) throws(StoreError) -> Int64
  func insert(dataBlock: DataBlock, dataImport: Int64) throws(StoreError)
  func complete(dataImport: Int64, fileHash: String, counts: DataImportCounts, at: Moment) throws(StoreError)
  /// Complete ones, in the order in which their records count: precedence, source, the newest first.
  func dataImports() throws(StoreError) -> [DataImportRecord]
  /// The blocks of an import with arrests between two days, both included, in order; the visitor gets the bytes.
  func dataBlocks(dataImport: Int64, from: Int, through: Int, visit: ([UInt8]) throws -> Void) throws
  /// With its blocks; false when there is none.
  func delete(dataImport: Int64) throws(StoreError) -> Bool
  /// Begun before then and never completed: left by a process that died.
  func deleteUnfinishedDataImports(before: Moment) throws(StoreError) -> Int
}
