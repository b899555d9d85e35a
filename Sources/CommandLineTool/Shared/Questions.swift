// Questions on a terminal, one at a time: what is suggested stands in brackets and is taken by an empty answer, and an
// answer that is not sound is asked for again at once. They go to standard error, so that standard output stays for
// machines. The terminal is left as it is: whoever breaks off breaks nothing.

import Foundation

enum Questions {
  /// Both ends are a terminal: somebody reads the question and can answer it.
  static var canBeAsked: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// - Parameters:
  ///   - suggestion: nil when something must be said; the empty text is shown as `none`.
  ///   - take: what is wrong with an answer; empty when it was taken.
  static func ask(
    _ words: String, help: String, suggestion: String?, take: (String) throws -> [String]
  ) throws {
    Terminal.error(words + (help.isEmpty ? "" : " (\(help))"))
    while true {
      let shown = suggestion.map { $0.isEmpty ? " [none]" : " [\($0)]" } ?? ""
      Terminal.write(Array(Terminal.harmless(" \(shown) > ").utf8), to: STDERR_FILENO)
      guard let line = readLine(strippingNewline: true) else {
        Terminal.error("")
        throw CommandFailure(
          .usage, "the answers ended, and nothing was written",
          hint: "answer every question, or give everything as flags: revere new --help")
      }
      let answer = line.allSatisfy(\.isWhitespace) ? suggestion ?? "" : line
      let problems = try take(answer)
      if problems.isEmpty { return }
      for problem in problems { Terminal.error("    " + problem) }
    }
  }
}

/// Text in lines of a width that is read well; words longer than a line stay whole.
enum Wrapped {
  static func text(_ text: String, indent: Int, width: Int = 80) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines.append(margin + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    if !line.isEmpty { lines.append(margin + line) }
    return lines.joined(separator: "\n")
  }
}
