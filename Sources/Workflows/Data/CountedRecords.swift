// The records that count: of several entries of the same person and incident that of the records system with the lower
// precedence, and of one system's the newest.

package import Statistics
package import Store

package enum CountedRecords {
  /// Visits each that counts, of arrests on these days; nil for all.
  /// - Returns: the imports that gave some, with how many of theirs were second entries of another system or in one file
  ///   (those of the file as a whole, whatever the day).
  package static func forEach(
    in store: any UnitOfWork, days: ClosedRange<Int>?,
    _ body: (PackedRecord, RecordBlock, DataImportRecord) throws -> Void
  ) throws -> [(record: DataImportRecord, counted: Int, doubled: Int)] {
    let imports = try store.read { try $0.dataImports() }
    var seen = KeyIndex()
    var found: [(record: DataImportRecord, counted: Int, doubled: Int)] = []
    for (batch, record) in imports.enumerated() {
      // Second entries in one file were counted and not stored, unless another import had the first too.
      var (counted, doubled, stored) = (0, 0, 0)
      // All days are looked at for doubles: a second entry may give another date.
      try RecordBlock.forEach(of: record, in: store, days: nil) { block in
        stored += block.count
        try block.visit { packed in
          let isWanted = days?.contains(Int(packed.arrested)) ?? true
          if let other = seen.insert(packed.key, at: KeyIndex.Place(batch: UInt32(batch), line: packed.line)) {
            let isNewer = other.batch != batch && imports[Int(other.batch)].about.source == record.about.source
            if isWanted, !isNewer { doubled += 1 }
          } else if isWanted {
            counted += 1
            try body(packed, block, record)
          }
        }
      }
      doubled += max(0, record.counts.mapped + record.counts.doubled - stored)
      if counted > 0 || doubled > 0 { found.append((record, counted, doubled)) }
    }
    return found
  }
}
