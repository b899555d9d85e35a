// The YAML of ```chart and ```subject fences, typed. Whatever cannot be typed makes the file invalid: a misspelled
// `mark:` must not lower a label.

import Bulletins
import Markings
import SiteFiles

struct FenceReader {
  let text: String
  /// Of the fence; its content begins on the next.
  let line: Int
  let marks: MarkMemo

  private static let limit = 1 << 16

  private func fields(_ findings: inout FindingList) -> MapFields? {
    var problems: [FileProblem] = []
    defer { findings.add(problems, lineOffset: line) }
    do throws(FileProblem) {
      if let node = try YAMLReader.read(Array(text.utf8), limit: Self.limit, problems: &problems), node.map != nil {
        return MapFields(node)
      }
      problems.append(FileProblem(.wrongType, at: SourcePosition(line: 0), "the fence holds no keys"))
    } catch { problems.append(error) }
    return nil
  }

  /// nil when it cannot be typed. `table` is the table right before it, `data` finds a CSV file.
  func chart(
    table: [[String]]?, data find: (String) -> [UInt8]?, _ findings: inout FindingList
  ) -> Chart? {
    guard var fields = fields(&findings) else { return nil }
    let kind = fields.required("kind").flatMap { _ in fields.choice("kind", of: Chart.Kind.self) }
    let data = fields.requiredText("data")
    let x = fields.requiredText("x")
    let y = fields.required("y").flatMap { _ in fields.texts("y") } ?? []
    let title = fields.requiredText("title")
    let alternative = fields.text("alt") ?? ""
    let position = fields.entry("data")?.value.position ?? SourcePosition(line: 0)
    var rows: [[String]] = []
    if data == "table" {
      if let table {
        rows = table
      } else {
        fields.report(
          FileProblem(
            .badValue, at: position, "there is no table right before the chart",
            hint: "put the chart right below its table, or name a CSV file beside the bulletin"))
      }
    } else if let data {
      rows = csv(data, find, position, &fields)
    }
    if let header = rows.first {
      for name in [x].compactMap({ $0 }) + y where !header.contains(name) {
        fields.report(
          FileProblem(
            .badValue, at: position, "the data has no column `\(name)`", hint: Suggestion.hint(for: name, in: header)))
      }
    }
    let problems = fields.finish()
    findings.add(problems, lineOffset: line)
    guard problems.isEmpty, let kind, let data, let x, let title else { return nil }
    return Chart(
      kind: kind, data: data == "table" ? .table : .file(data), x: x, y: y, title: title, alternative: alternative,
      rows: rows)
  }

  private func csv(
    _ name: String, _ find: (String) -> [UInt8]?, _ position: SourcePosition, _ fields: inout MapFields
  ) -> [[String]] {
    guard FileName.isPlain(name), name.lowercased().hasSuffix(".csv") else {
      fields.report(
        FileProblem(
          .badValue, at: position, "`data` must be `table` or the name of a CSV file beside the bulletin",
          hint: "name the file alone, without a folder or an address"))
      return []
    }
    guard let bytes = find(name) else {
      fields.report(FileProblem(.badValue, at: position, "there is no file `\(name)` beside the bulletin"))
      return []
    }
    guard bytes.count <= 1 << 20 else {
      fields.report(FileProblem(.tooLarge, at: position, "`\(name)` has more than 1 MB"))
      return []
    }
    do {
      let rows = try CSVReader.records(bytes).map(\.fields)
      if let width = rows.first?.count, rows.count > 1, rows.allSatisfy({ $0.count == width }) { return rows }
      fields.report(
        FileProblem(.columnCount, at: position, "`\(name)` has no rows, or rows of different length than its header"))
    } catch let problem as FileProblem {
      fields.report(
        FileProblem(problem.code, at: position, "`\(name)`, line \(problem.position.line): \(problem.message)"))
    } catch { fields.report(FileProblem(.syntax, at: position, "`\(name)` cannot be read")) }
    return []
  }

  /// The subject, and its own mark with the place in the file; the mark is returned even when the rest is not typed.
  func subject(
    _ findings: inout FindingList
  ) -> (subject: Subject?, mark: (reading: MarkReading, line: Int, column: Int)?) {
    guard var fields = fields(&findings) else { return (nil, nil) }
    let kind = fields.required("kind").flatMap { _ in fields.choice("kind", of: Subject.Kind.self) }
    var mark: (reading: MarkReading, line: Int, column: Int)?
    if let text = fields.text("mark"), let position = fields.entry("mark")?.value.position {
      let reading = marks.readBare(text)
      mark = (reading, position.line + line, position.column)
      if reading.mark == nil {
        fields.report(FileProblem(.badValue, at: position, "`\(text)` is no mark", hint: "write it as U//LES"))
      }
    }
    let photo = fields.text("photo")
    if let photo, !FileName.isPlain(photo), let position = fields.entry("photo")?.value.position {
      fields.report(
        FileProblem(.badValue, at: position, "`photo` must be the name of a file beside the bulletin"))
    }
    let plain = [
      "name", "aliases", "dob", "descriptors", "caution", "vehicle", "plate", "make", "model", "year", "color",
      "warrant",
    ]
    for key in plain { _ = fields.value(key) }
    var read: [Subject.Field] = []
    var impossible: [SourcePosition] = []
    for entry in fields.node.map ?? [] where plain.contains(entry.key) && !entry.value.isEmpty {
      read.append(Subject.Field(name: entry.key, values: values(entry.value, entry.key, &fields, &impossible)))
    }
    for position in impossible {
      findings.error("F04", line: position.line + line, column: position.column, "this date does not exist")
    }
    let problems = fields.finish()
    findings.add(problems, lineOffset: line)
    guard problems.isEmpty, let kind else { return (nil, mark) }
    return (Subject(kind: kind, mark: mark?.reading.mark, fields: read, photo: photo), mark)
  }

  private func values(
    _ node: Node, _ key: String, _ fields: inout MapFields, _ impossible: inout [SourcePosition]
  ) -> [Subject.Field.Value] {
    func text(_ node: Node, _ key: String) -> String? {
      guard let text = node.text else {
        fields.report(FileProblem(.wrongType, at: node.position, "`\(key)` must be a single text"))
        return nil
      }
      if ["dob", "date"].contains(key), Moment.looksLikeDate(text), CivilDate(text) == nil {
        impossible.append(node.position)
      }
      return text
    }
    switch node.content {
    case .scalar: return text(node, key).map { [.text($0)] } ?? []
    case .list(let items): return items.compactMap { item in text(item, key).map { .text($0) } }
    case .map(let entries):
      return entries.compactMap { entry in text(entry.value, entry.key).map { .pair(entry.key, $0) } }
    }
  }
}
