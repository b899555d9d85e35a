// stakeholders.yaml and stakeholders.csv. The CSV is read from chunks, so that of a list of 100,000 readers only the
// values lie in memory; a row that has not as many fields as the header is left out, because its facts may have moved.

package import Bulletins
import SiteFiles

/// A value and where it is written.
package struct Located<Value: Sendable>: Sendable {
  package var value: Value
  package var place: Place
  package init(_ value: Value, at place: Place) {
    self.value = value
    self.place = place
  }
}

package enum StakeholderLoader {
  package static func read(
    yaml file: ListFile, vocabulary: Vocabulary
  ) -> (readers: [Located<Stakeholder>], findings: [Finding], isComplete: Bool) {
    var report = FileReport(file.path)
    var readers: [Located<Stakeholder>] = []
    var pool = WordPool()
    for node in report.entries(of: "stakeholders", in: file.bytes) {
      var facts = FactReader(NodeFacts(fields: MapFields(node)), report: FileReport(file.path))
      if let reader = StakeholderFacts.read(&facts, vocabulary: vocabulary, pool: &pool) {
        readers.append(Located(reader, at: report.place(node.position)))
      }
      report.add(facts.report.findings)
      report.add(facts.source.fields.finish(alsoKnown: Set(StakeholderFacts.keys)))
    }
    return (readers, report.all, report.isComplete)
  }

  package static func read(
    csv file: ListFile, vocabulary: Vocabulary
  ) -> (readers: [Located<Stakeholder>], findings: [Finding], isComplete: Bool) {
    var stream = StakeholderStream(path: file.path, vocabulary: vocabulary)
    stream.read(file.bytes)
    let read = stream.finish()
    return (read.readers, read.findings, stream.isComplete)
  }
}

/// Reads a CSV of stakeholders chunk by chunk.
package struct StakeholderStream {
  private let vocabulary: Vocabulary
  private var csv = CSVReader()
  private var rows: Rows
  private var broken = false
  /// False when a file that is broken, or has no usable header, left out readers.
  var isComplete: Bool { !broken && rows.columns?.isEmpty == false }

  package init(path: String, vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    rows = Rows(report: FileReport(path))
  }

  package mutating func read(_ chunk: [UInt8]) {
    guard !broken else { return }
    do {
      try csv.read(chunk) { [vocabulary] record in rows.take(record, vocabulary) }
    } catch {
      fail(error)
    }
  }

  package mutating func finish() -> (readers: [Located<Stakeholder>], findings: [Finding]) {
    if !broken {
      do {
        try csv.finish { [vocabulary] record in rows.take(record, vocabulary) }
      } catch {
        fail(error)
      }
    }
    if rows.columns == nil, !broken {
      rows.report.malformed(at: SourcePosition(line: 1), "the file has no header row")
    }
    return (rows.readers, rows.report.all)
  }

  private mutating func fail(_ error: any Error) {
    broken = true
    if let problem = error as? FileProblem {
      rows.report.add(problem)
    } else {
      rows.report.malformed(at: SourcePosition(line: 1), "the file cannot be read: \(error)")
    }
  }

  private struct Rows {
    var report: FileReport
    var readers: [Located<Stakeholder>] = []
    /// nil until the header was read; empty when it cannot be used.
    var columns: [(name: String, index: Int)]?
    var width = 0
    var pool = WordPool()

    mutating func take(_ record: CSVRecord, _ vocabulary: Vocabulary) {
      guard let columns else {
        header(record)
        return
      }
      guard !columns.isEmpty else { return }
      guard record.fields.count == width else {
        report.malformed(
          at: SourcePosition(line: record.line),
          "the row has \(record.fields.count) fields, the header \(width)",
          hint: "quote a field that holds a comma")
        return
      }
      var facts = FactReader(RowFacts(record: record, columns: columns), report: FileReport(report.path))
      if let reader = StakeholderFacts.read(&facts, vocabulary: vocabulary, pool: &pool) {
        readers.append(Located(reader, at: report.place(SourcePosition(line: record.line))))
      }
      if !facts.report.findings.isEmpty { report.add(facts.report.findings) }
    }

    private mutating func header(_ record: CSVRecord) {
      var found: [(name: String, index: Int)] = []
      width = record.fields.count
      let source = RowFacts(record: record, columns: [])
      for (index, name) in record.fields.enumerated() {
        let position = source.position(SourcePosition(line: record.line, column: index))
        if !StakeholderFacts.keys.contains(name) {
          report.unknown(name, what: "the header", known: StakeholderFacts.keys, at: position)
        } else if found.contains(where: { $0.name == name }) {
          report.malformed(at: position, "the column `\(name)` for the second time")
        } else {
          found.append((name, index))
        }
      }
      if !found.contains(where: { $0.name == "id" }) {
        report.malformed(at: SourcePosition(line: record.line), "the header has no column `id`")
        found = []
      }
      columns = found
    }
  }
}
