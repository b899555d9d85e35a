// One Swift file as the rules see it: its target, its opening comment, its imports, and its code with comments and
// string literals blanked out, so that a rule about calls is not set off by prose. A scanner, not a parser: it knows
// nested comments, raw and multi-line strings, and leaves interpolated code out.

struct SwiftSource {
  struct Import: Equatable {
    var module: String
    var line: Int
    var attributes: [String]
  }

  var path: String
  var text: String
  /// The text with comments and strings as spaces; lines stay where they were.
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    self.text = text
    code = Self.blanked(text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// `Authoring` of `Sources/Authoring/Rules/M01.swift`.
  var target: String {
    let parts = path.split(separator: "/")
    return parts.count > 1 ? String(parts[1]) : ""
  }

  var lineCount: Int { text.split(separator: "\n", omittingEmptySubsequences: false).count - 1 }

  /// The comment lines with which the file opens.
  var header: [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix("//") }.map(String.init)
  }

  var imports: [Import] {
    var found: [Import] = []
    for (index, line) in code.enumerated() {
      for piece in line.split(separator: ";") {
        var words = piece.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let keyword = words.firstIndex(of: "import"),
          words[..<keyword].allSatisfy({ $0.hasPrefix("@") || Self.modifiers.contains($0) })
        else { continue }
        let attributes = Array(words[..<keyword])
        words.removeFirst(keyword + 1)
        if let kind = words.first, Self.kinds.contains(kind) { words.removeFirst() }
        guard let name = words.first?.split(separator: ".").first else { continue }
        found.append(Import(module: String(name), line: index + 1, attributes: attributes))
      }
    }
    return found
  }

  private static let modifiers: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
  private static let kinds: Set<String> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]

  // Bytes, not characters: the whole repository is scanned in each run. Everything that the scanner looks for is ASCII.
  private static func blanked(_ text: String) -> String {
    var bytes = Array(text.utf8)
    var at = 0
    while at < bytes.count {
      var end = at
      if starts(bytes, at, "//") {
        while end < bytes.count && bytes[end] != newline { end += 1 }
      } else if starts(bytes, at, "/*") {
        end = endOfComment(bytes, at)
      } else {
        end = endOfString(bytes, at) ?? at
      }
      for index in at..<end where bytes[index] != newline { bytes[index] = UInt8(ascii: " ") }
      at = max(end, at + 1)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let newline = UInt8(ascii: "\n")

  private static func starts(_ bytes: [UInt8], _ at: Int, _ word: StaticString) -> Bool {
    guard at + word.utf8CodeUnitCount <= bytes.count else { return false }
    for index in 0..<word.utf8CodeUnitCount where bytes[at + index] != word.utf8Start[index] { return false }
    return true
  }

  /// Where the comment that starts here ends, with the comments nested in it.
  private static func endOfComment(_ bytes: [UInt8], _ start: Int) -> Int {
    var depth = 0
    var at = start
    while at < bytes.count {
      let opens = starts(bytes, at, "/*")
      guard opens || starts(bytes, at, "*/") else {
        at += 1
        continue
      }
      depth += opens ? 1 : -1
      at += 2
      if depth == 0 { return at }
    }
    return bytes.count
  }

  /// Where the string literal that starts here ends, its delimiters included; nil when none starts here. A quote inside
  /// an interpolation ends it early: the rest is then read as code, which only asks more of it.
  private static func endOfString(_ bytes: [UInt8], _ start: Int) -> Int? {
    var at = start
    while at < bytes.count && bytes[at] == UInt8(ascii: "#") { at += 1 }
    let hashes = at - start
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
    let isBlock = starts(bytes, at, "\"\"\"")
    let quotes = isBlock ? 3 : 1
    func hashesFollow(_ from: Int) -> Bool {
      from + hashes <= bytes.count && bytes[from..<from + hashes].allSatisfy { $0 == UInt8(ascii: "#") }
    }
    at += quotes
    while at < bytes.count {
      let closes = isBlock ? starts(bytes, at, "\"\"\"") : bytes[at] == UInt8(ascii: "\"")
      if closes && hashesFollow(at + quotes) { return at + quotes + hashes }
      if !isBlock && bytes[at] == newline { return at }
      at += bytes[at] == UInt8(ascii: "\\") && hashesFollow(at + 1) ? hashes + 2 : 1
    }
    return bytes.count
  }
}
