// The `sources` of front matter, and where every key of it stands.

import Bulletins
import Markings
import SiteFiles

enum SourceEntries {
  /// One entry and one portion for each source, in order.
  static func read(_ keys: inout FrontMatterFields, _ portions: inout PortionList) -> [SourceEntry] {
    guard let value = keys.fields.value("sources") else { return [] }
    guard let items = value.list else {
      keys.report("sources", "`sources` must be a list")
      return []
    }
    var entries: [SourceEntry] = []
    var seen: Set<String> = []
    for (index, item) in items.enumerated() {
      let path = "sources.\(item["id"]?.text ?? String(index + 1))"
      var inner = FrontMatterFields(MapFields(item, path: path), keys.reader)
      guard item.map != nil else {
        keys.fields.report(inner.fields.problems)
        continue
      }
      entries.append(read(&inner, &seen, &portions))
      keys.fields.report(inner.fields.finish())
      keys.others += inner.others
    }
    return entries
  }

  private static func read(
    _ keys: inout FrontMatterFields, _ seen: inout Set<String>, _ portions: inout PortionList
  ) -> SourceEntry {
    let id = keys.fields.requiredText("id")
    if let id {
      if !FootnoteLabel.isPlain(id) {
        keys.report("id", "`\(id)` is no id of a source", hint: "use letters, digits, `.`, `_` and `-`")
      }
      if !seen.insert(id.lowercased()).inserted {
        keys.fields.report(
          FileProblem(
            .repeatedKey, at: keys.fields.entry("id")?.value.position ?? keys.fields.node.position,
            "a second source with the id `\(id)`"))
      }
    }
    _ = keys.fields.required("describe")
    let describe = keys.marked("describe")
    let mark = keys.bareMark("mark")
    let originator = keys.fields.text("originator")
    let consent = keys.fields.choice("consent", of: SourceEntry.Consent.self)
    let p23 = keys.fields.bool("p23") ?? false
    let reliability = keys.fields.choice("reliability", reliabilities)
    let credibility = keys.fields.choice("credibility", credibilities)
    let date = keys.date("date")

    let line = keys.fields.node.position.line + keys.reader.offset
    let portion = portions.add(
      Portion(
        kind: .source(id ?? ""), mark: describe?.text.mark, furtherMarks: [mark?.mark].compactMap { $0 }, line: line))
    if let reading = describe?.reading, let position = keys.fields.entry("describe")?.value.position {
      keys.reader.note(reading, .leading, portion, position, &portions)
    }
    if let mark, let position = keys.fields.entry("mark")?.value.position {
      keys.reader.note(mark, .bare, portion, position, &portions)
    }
    return SourceEntry(
      id: id ?? "", describe: describe?.text ?? MarkedText(mark: nil, text: ""), mark: mark?.mark,
      originator: originator, consent: consent, p23: p23, reliability: reliability, credibility: credibility,
      date: date, line: line)
  }

  private static let reliabilities = ["A": "A", "B": "B", "C": "C", "D": "D", "E": "E", "F": "F"]
  private static let credibilities = ["1": "1", "2": "2", "3": "3", "4": "4", "5": "5", "6": "6"]
}

enum KeyLines {
  /// The line of each key, nested ones by path: `sources.s1.mark`, `audience.regions`.
  static func all(_ node: Node, offset: Int) -> [String: Int] {
    var lines: [String: Int] = [:]
    add(node, path: "", offset: offset, &lines)
    return lines
  }

  private static func add(_ node: Node, path: String, offset: Int, _ lines: inout [String: Int]) {
    for entry in node.map ?? [] {
      let key = path.isEmpty ? entry.key : path + "." + entry.key
      lines[key] = entry.keyPosition.line + offset
      switch entry.value.content {
      case .map: add(entry.value, path: key, offset: offset, &lines)
      case .list(let items):
        for (index, item) in items.enumerated() where item.map != nil {
          let itemPath = key + "." + (item["id"]?.text ?? String(index + 1))
          lines[itemPath] = item.position.line + offset
          add(item, path: itemPath, offset: offset, &lines)
        }
      case .scalar: break
      }
    }
  }
}
