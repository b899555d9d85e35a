// Typed access to the entries of one map: what is missing, of the wrong type or unknown is collected as problems,
// with place and suggestion, so that one reading reports everything.

package struct MapFields {
  package let node: Node
  /// Path of the map for messages: `site.cui`; empty at the root.
  package let path: String
  package private(set) var problems: [FileProblem] = []
  private var known: Set<String> = []

  /// A node that is no map is reported and read as an empty one.
  package init(_ node: Node, path: String = "") {
    self.node = node
    self.path = path
    if node.map == nil, !node.isEmpty {
      problems.append(
        FileProblem(.wrongType, at: node.position, "\(path.isEmpty ? "the file" : "`\(path)`") must be a map of keys"))
    }
  }

  /// Every key that was asked for is known; the rest are reported here, once all have been asked for.
  package mutating func finish(alsoKnown: Set<String> = []) -> [FileProblem] {
    let all = known.union(alsoKnown)
    for entry in node.map ?? [] where !all.contains(entry.key) {
      problems.append(
        FileProblem(
          .unknownKey, at: entry.keyPosition, "unknown key `\(name(entry.key))`",
          hint: Suggestion.hint(for: entry.key, in: all)))
    }
    return problems
  }

  package mutating func report(_ problem: FileProblem) { problems.append(problem) }
  package mutating func report(_ more: [FileProblem]) { problems += more }

  package func entry(_ key: String) -> Node.Entry? { node.map?.first { $0.key == key } }

  /// The value as it is; an empty value counts as absent.
  package mutating func value(_ key: String) -> Node? {
    known.insert(key)
    guard let value = entry(key)?.value, !value.isEmpty else { return nil }
    return value
  }

  package mutating func required(_ key: String) -> Node? {
    if let value = value(key) { return value }
    problems.append(FileProblem(.missingKey, at: node.position, "the key `\(name(key))` is missing"))
    return nil
  }

  package mutating func text(_ key: String) -> String? {
    value(key).flatMap { text(of: $0, key) }
  }

  package mutating func requiredText(_ key: String) -> String? {
    required(key).flatMap { text(of: $0, key) }
  }

  /// A list of texts; a single text is a list of one. Absent is nil, `[]` is empty.
  package mutating func texts(_ key: String) -> [String]? {
    guard let value = value(key) else { return nil }
    return located(value, key).map(\.text)
  }

  /// As `texts`, each with its place.
  package mutating func locatedTexts(_ key: String) -> [(text: String, position: SourcePosition)]? {
    value(key).map { located($0, key) }
  }

  package mutating func bool(_ key: String) -> Bool? {
    choice(key, ["true": true, "false": false])
  }

  package mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = value(key) else { return nil }
    if let text = value.text, let number = Int(text), range.contains(number) { return number }
    problems.append(
      FileProblem(
        .badValue, at: value.position,
        "`\(name(key))` must be a whole number from \(range.lowerBound) to \(range.upperBound)"))
    return nil
  }

  /// One of a closed set of words.
  package mutating func choice<Value>(_ key: String, _ words: [String: Value]) -> Value? {
    guard let value = value(key) else { return nil }
    if let text = value.text, let found = words[text] { return found }
    let list = words.keys.sorted().joined(separator: ", ")
    problems.append(
      FileProblem(
        .badValue, at: value.position, "`\(name(key))` must be one of: \(list)",
        hint: Suggestion.hint(for: value.text ?? "", in: words.keys)))
    return nil
  }

  package mutating func choice<Value: CaseIterable & RawRepresentable>(
    _ key: String, of type: Value.Type
  ) -> Value? where Value.RawValue == String {
    if let text = entry(key)?.value.text, let found = Value(rawValue: text) {
      known.insert(key)
      return found
    }
    return choice(key, Dictionary(uniqueKeysWithValues: type.allCases.map { ($0.rawValue, $0) }))
  }

  /// Reads a nested map with its own set of known keys.
  package mutating func nested<Value>(_ key: String, _ read: (inout MapFields) -> Value?) -> Value? {
    guard let value = value(key) else { return nil }
    var fields = MapFields(value, path: name(key))
    let result = read(&fields)
    problems += fields.finish()
    return result
  }

  private mutating func text(of node: Node, _ key: String) -> String? {
    if let text = node.text { return text }
    problems.append(FileProblem(.wrongType, at: node.position, "`\(name(key))` must be a single text"))
    return nil
  }

  private mutating func located(_ node: Node, _ key: String) -> [(text: String, position: SourcePosition)] {
    if let text = node.text { return [(text, node.position)] }
    guard let list = node.list else {
      problems.append(FileProblem(.wrongType, at: node.position, "`\(name(key))` must be a list"))
      return []
    }
    return list.compactMap { item in
      if let text = item.text { return (text, item.position) }
      problems.append(FileProblem(.wrongType, at: item.position, "`\(name(key))` must be a list of single texts"))
      return nil
    }
  }

  private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
