// One `:::` line, read by itself (bulletin-format.md, Blocks beyond Markdown). Where it may stand is the business of
// DirectiveFrames.

package import Markings
import SiteFiles

package struct Directive: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    /// Keys are AND, the values of a key OR; an empty clause is met by nobody.
    case only(clauses: [Clause], p23: Bool)
    case tearline
    case close
    /// A word that no directive has: what it encloses stays in place, in a file that is invalid.
    case unknown(String)
  }

  package struct Problem: Hashable, Sendable {
    package var message: String
    package var hint: String
    /// In bytes from the start of the line, from 1.
    package var byte: Int
    /// A clause without values is decided (nobody meets it); all else makes the file invalid.
    package var fatal: Bool
  }

  package var line: Int
  package var content: Content
  package var problems: [Problem]

  /// `text` begins with `:::`.
  static func read(_ text: String, line: Int) -> Directive {
    let words = text.dropFirst(3).split { $0 == " " || $0 == "\t" }
    guard let name = words.first else { return Directive(line: line, content: .close, problems: []) }
    let arguments = words.dropFirst()
    func byte(_ word: Substring) -> Int { text.utf8.distance(from: text.startIndex, to: word.startIndex) + 1 }
    switch name {
    case "only":
      return only(arguments.map { ($0, byte($0)) }, line: line)
    case "tearline":
      let problems = arguments.prefix(1).map {
        Problem(message: "`tearline` takes no arguments", hint: "write `::: tearline`", byte: byte($0), fatal: true)
      }
      return Directive(line: line, content: .tearline, problems: problems)
    default:
      let word = String(name)
      let hint = Suggestion.hint(for: word, in: ["only", "tearline"])
      let problem = Problem(
        message: "no directive is called `\(word)`", hint: hint.isEmpty ? "there are `only` and `tearline`" : hint,
        byte: byte(name), fatal: true)
      return Directive(line: line, content: .unknown(word), problems: [problem])
    }
  }

  private static func only(_ arguments: [(word: Substring, byte: Int)], line: Int) -> Directive {
    var clauses: [Clause] = []
    var p23 = false
    var problems: [Problem] = []
    if arguments.isEmpty {
      problems.append(
        Problem(
          message: "`only` does not say for whom", hint: "write `::: only sectors=energy,water` or `::: only p23`",
          byte: 4, fatal: true))
    }
    for (word, byte) in arguments {
      if word == "p23" {
        p23 = true
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let axis = Clause.Axis(rawValue: String(parts[0])) else {
        let known = Clause.Axis.allCases.map(\.rawValue) + ["p23"]
        let hint = Suggestion.hint(for: String(parts[0]), in: known)
        problems.append(
          Problem(
            message: parts.count == 2 ? "`only` has no key `\(parts[0])`" : "`\(word)` is no `key=value` of `only`",
            hint: hint.isEmpty ? "its keys are \(known.joined(separator: ", "))" : hint, byte: byte, fatal: true))
        continue
      }
      if clauses.contains(where: { $0.axis == axis }) {
        problems.append(
          Problem(
            message: "the key `\(axis.rawValue)` for the second time", hint: "write its values with commas between",
            byte: byte, fatal: true))
      }
      let values = parts[1].split(separator: ",").map(String.init)
      if values.isEmpty {
        problems.append(
          Problem(
            message: "`\(axis.rawValue)` has no values: nobody would see what is enclosed",
            hint: "write `\(axis.rawValue)=first,second`", byte: byte, fatal: false))
      }
      clauses.append(Clause(axis, Set(values)))
    }
    return Directive(line: line, content: .only(clauses: clauses, p23: p23), problems: problems)
  }
}
