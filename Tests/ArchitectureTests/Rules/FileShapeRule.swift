// The shape of a Swift file: it opens with a comment that says what it promises, stays under 400 lines or says in that
// comment why it is long, leaves nothing unfinished, and names no type so that an import would collide with it.

enum FileShapeRule {
  static let longest = 400

  /// Names that Swift Testing, GRDB and Hummingbird define.
  static let takenNames: Set<String> = [
    "Attachment", "Issue", "Tag", "Comment", "SourceLocation", "Configuration", "Row", "Column", "Table", "Statement",
    "Request", "Response", "Environment", "Application",
  ]

  private static let declarations: Set<String> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
  // In two pieces, so that this file does not break its own rule.
  private static let unfinished = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]

  static func violations(in sources: [SwiftSource], modules: Set<String> = Set(HousePlan.rooms.keys)) -> [Violation] {
    sources.flatMap { violations(in: $0, modules: modules) }
  }

  private static func violations(in source: SwiftSource, modules: Set<String>) -> [Violation] {
    var found: [Violation] = []
    let header = source.header.joined(separator: " ")
    if header.filter(\.isLetter).count < 15 {
      found.append(Violation(path: source.path, line: 1, message: "opens without a comment that says what it promises"))
    }
    if source.lineCount > longest && !header.lowercased().contains("long") {
      let message = "\(source.lineCount) lines, and the opening comment does not say why it is so long"
      found.append(Violation(path: source.path, line: 1, message: message))
    }
    for (index, line) in source.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      for word in unfinished where line.contains(word) {
        found.append(Violation(path: source.path, line: index + 1, message: "unfinished: \(word)"))
      }
    }
    for (index, line) in source.code.enumerated() where line.first?.isWhitespace == false {
      let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }.map(String.init)
      guard let keyword = words.firstIndex(where: declarations.contains), keyword + 1 < words.count else { continue }
      let name = words[keyword + 1]
      if takenNames.contains(name) {
        found.append(Violation(path: source.path, line: index + 1, message: "\(name) collides with a library's type"))
      } else if modules.contains(name) {
        found.append(Violation(path: source.path, line: index + 1, message: "\(name) is the name of a module"))
      }
    }
    return found
  }
}
