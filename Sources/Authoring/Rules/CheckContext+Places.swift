// Finding places again: where a key of the front matter and each of its values stands, and the findings that the
// reader made or that marks carry.

import Bulletins
import Markings
import SiteFiles

extension CheckContext {
  /// The line of a key of the front matter; 1 when it is not there.
  func line(of key: String) -> Int { frontMatter.lines[key] ?? 1 }

  struct LocatedText {
    var text: String
    var line: Int
    var column: Int
  }

  /// The texts under a key, one or a list of them; `audience.regions` goes into maps.
  func texts(_ path: String) -> [LocatedText] {
    var node = bulletin.frontMatter
    for key in path.split(separator: ".") { node = node?[String(key)] }
    return node.map(texts(of:)) ?? []
  }

  func texts(of node: Node) -> [LocatedText] {
    if let text = node.text {
      return [
        LocatedText(text: text, line: node.position.line + bulletin.frontMatterOffset, column: node.position.column)
      ]
    }
    return (node.list ?? []).flatMap { $0.text == nil ? [] : texts(of: $0) }
  }

  /// What the reader found while reading, for the rules that only reading can decide.
  func found(_ rule: String, explanation: String) -> [Finding] {
    bulletin.findings.filter { $0.rule == rule }.map { finding in
      var finding = finding
      var own = finding.explanation
      // Hints are written without a full stop; another sentence follows.
      if let last = own.last { own += ".!?".contains(last) ? " " : ". " }
      finding.explanation = own + explanation
      return finding
    }
  }

  /// The problems of one rule in all marks, each with the canonical mark as its fix.
  func problems(
    _ rule: String, _ severity: Finding.Severity = .error, explanation: String,
    isSafe: (PortionMark) -> Bool = { _ in true }
  ) -> [Finding] {
    bulletin.marks.flatMap { site in
      site.reading.problems.filter { $0.rule == rule }.map { problem in
        let fix = problem.canonical.map { canonical in
          replacement(
            of: site.reading.written, with: canonical, line: site.line, "write \(canonical)",
            safe: site.reading.mark.map(isSafe) ?? false)
        }
        return Finding(
          rule: rule, severity: severity,
          place: Place(file: file, line: max(1, site.line), column: max(1, site.column)),
          message: problem.message, explanation: explanation, fix: fix)
      }
    }
  }

  /// Advice alone when the line does not hold the text as it was read: an entity, an escape.
  func replacement(of text: String, with new: String, line: Int, _ summary: String, safe: Bool) -> Finding.Fix {
    guard !text.isEmpty, bulletin.source.line(line).contains(text) else {
      return Finding.Fix(summary: summary, line: line)
    }
    return Finding.Fix(summary: summary, line: line, replacing: text, replacement: new, safe: safe)
  }
}
