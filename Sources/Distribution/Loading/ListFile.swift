// What the loaders are given and how they report. They open nothing: the caller has read the bytes.

import Bulletins
import SiteFiles

/// A file of the workspace, read.
package struct ListFile: Hashable, Sendable {
  /// Relative to the workspace, with `/`: `distribution-lists/stakeholders.yaml`.
  package var path: String
  package var bytes: [UInt8]
  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// Collects the findings of one file.
struct FileReport {
  let path: String
  /// The rule under which unknown keys and words are reported: L01 in lists, P01 in policies.
  let unknownRule: String
  private(set) var findings: [Finding] = []
  /// False when entries may be missing from what was read: then an id that is not among them may still exist.
  private(set) var isComplete = true
  private var left = 0
  /// A broken export would otherwise give a finding for every row.
  private static let most = 1_000

  init(_ path: String, unknownRule: String = L01UnknownWord.id) {
    self.path = path
    self.unknownRule = unknownRule
  }

  func place(_ position: SourcePosition) -> Place {
    Place(file: path, line: position.line, column: position.column)
  }

  /// Everything found, and how much was left out.
  var all: [Finding] {
    guard left > 0 else { return findings }
    return findings + [L04MalformedValue.finding(at: Place(file: path), "\(left) further findings are not listed")]
  }

  mutating func add(_ finding: Finding) {
    // A value that is asked for twice is reported once.
    guard finding != findings.last else { return }
    if findings.count < Self.most { findings.append(finding) } else { left += 1 }
  }
  mutating func add(_ more: [Finding]) { for finding in more { add(finding) } }

  mutating func malformed(at position: SourcePosition, _ message: String, hint: String = "") {
    add(L04MalformedValue.finding(at: place(position), message, hint: hint))
  }

  mutating func unknown(_ word: String, what: String, known: some Sequence<String>, at position: SourcePosition) {
    add(
      L01UnknownWord.finding(word, what: what, known: known, at: place(position), rule: unknownRule))
  }

  mutating func add(_ problem: FileProblem) {
    let rule = problem.code == .unknownKey ? unknownRule : L04MalformedValue.id
    add(
      Finding(
        rule: rule, severity: .error, place: place(problem.position), message: problem.message,
        explanation: problem.hint))
  }
  mutating func add(_ problems: [FileProblem]) { for problem in problems { add(problem) } }
}

extension FileReport {
  /// The items of the list under the only key of a file.
  mutating func entries(of key: String, in bytes: [UInt8]) -> [Node] {
    guard let root = root(bytes) else { return [] }
    var fields = MapFields(root)
    let value = fields.required(key)
    add(fields.finish())
    if let list = value?.list {
      return list.filter { entry in
        if entry.map != nil { return true }
        malformed(at: entry.position, "an entry of `\(key)` must be a map of keys")
        return false
      }
    }
    isComplete = false
    if let value { malformed(at: value.position, "`\(key)` must be a list") }
    return []
  }

  /// The root of a YAML file; nil, with a finding, when it cannot be read. An empty file is an empty map.
  mutating func root(_ bytes: [UInt8]) -> Node? {
    var problems: [FileProblem] = []
    do {
      let node = try YAMLReader.read(bytes, problems: &problems) ?? Node(.map([]), position: SourcePosition(line: 1))
      add(problems)
      // A key of the root for the second time: what stands under it is not read.
      if let start = node.map?.first?.keyPosition.column,
        problems.contains(where: { $0.code == .repeatedKey && $0.position.column == start })
      {
        isComplete = false
      }
      return node
    } catch {
      add(error)
      isComplete = false
      return nil
    }
  }
}
