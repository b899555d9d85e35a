// What a site file says before anybody knows what it means: scalars as text, lists and maps, each with its place.
// Nothing is typed here: `NO` is the text NO, `1e3` the text 1e3, a date the text of a date.

/// Counts from 1; columns in Unicode scalars.
package struct SourcePosition: Hashable, Sendable, Comparable {
  package var line: Int
  package var column: Int
  package init(line: Int, column: Int = 1) {
    self.line = line
    self.column = column
  }
  package static func < (a: SourcePosition, b: SourcePosition) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

package struct Node: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    /// `quoted` is false for plain scalars, in which YAML cuts at ` #` and refuses `: `.
    case scalar(text: String, quoted: Bool)
    case list([Node])
    case map([Entry])
  }
  package struct Entry: Hashable, Sendable {
    package var key: String
    package var keyPosition: SourcePosition
    package var value: Node
    package init(key: String, keyPosition: SourcePosition, value: Node) {
      self.key = key
      self.keyPosition = keyPosition
      self.value = value
    }
  }

  package var content: Content
  package var position: SourcePosition
  package init(_ content: Content, position: SourcePosition) {
    self.content = content
    self.position = position
  }

  /// The text of a scalar.
  package var text: String? { if case .scalar(let text, _) = content { text } else { nil } }
  package var list: [Node]? { if case .list(let nodes) = content { nodes } else { nil } }
  package var map: [Entry]? { if case .map(let entries) = content { entries } else { nil } }
  /// A key without a value, or `~` / `null` unquoted.
  package var isEmpty: Bool {
    if case .scalar(let text, quoted: false) = content { text.isEmpty || text == "~" || text == "null" } else { false }
  }
  /// The first entry of that name.
  package subscript(key: String) -> Node? { map?.first { $0.key == key }?.value }
}

/// What is wrong with a file as a file; `code` is for machines and tests, the words for people.
package struct FileProblem: Error, Hashable, Sendable {
  package enum Code: String, Hashable, Sendable {
    case notUTF8 = "not-utf8"
    case tooLarge = "too-large"
    case tooDeep = "too-deep"
    case syntax
    case alias
    case tag
    case severalDocuments = "several-documents"
    case keyNotText = "key-not-text"
    case repeatedKey = "repeated-key"
    case unknownKey = "unknown-key"
    case missingKey = "missing-key"
    case wrongType = "wrong-type"
    case badValue = "bad-value"
    case columnCount = "column-count"
  }
  package var code: Code
  package var position: SourcePosition
  package var message: String
  /// What to do about it; may be empty.
  package var hint: String
  package init(_ code: Code, at position: SourcePosition, _ message: String, hint: String = "") {
    self.code = code
    self.position = position
    self.message = message
    self.hint = hint
  }
}
