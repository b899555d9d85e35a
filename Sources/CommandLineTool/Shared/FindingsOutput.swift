// Findings as text for people and editors, as JSON, one object a line, or as one SARIF log.

import ArgumentParser
import Bulletins
import Foundation

enum FindingsFormat: String, ExpressibleByArgument, CaseIterable { case text, json, sarif }

struct FindingsOutput {
  var format: FindingsFormat

  /// - Parameter line: the text of a line of a file, for the fixes of a SARIF log.
  func print(_ findings: [Finding], line: (Place) -> String? = { _ in nil }) {
    if format == .sarif {
      Terminal.print(JSONLine.encode(SarifLog(findings, line: line)))
      return
    }
    for finding in findings {
      Terminal.print(format == .json ? json(finding) : Self.text(finding))
    }
  }

  /// `3 errors, 1 warning in 2 files`, for the end of a text report.
  static func summary(_ findings: [Finding], files: Int) -> String {
    let errors = findings.filter { $0.severity == .error }.count
    let warnings = findings.count - errors
    func count(_ n: Int, _ word: String) -> String { "\(n) \(word)\(n == 1 ? "" : "s")" }
    if findings.isEmpty { return "\(count(files, "file")), nothing found." }
    return "\(count(errors, "error")), \(count(warnings, "warning")) in \(count(files, "file"))."
  }

  /// `file:line:column: severity: [ID] message`; words of the file cannot begin a line of their own.
  static func text(_ finding: Finding) -> String {
    let place = finding.place
    let message = String(finding.message.map { $0.isNewline ? " " : $0 })
    var lines = [
      "\(place.file):\(place.line):\(place.column): \(finding.severity.rawValue): [\(finding.rule)] \(message)"
    ]
    if !finding.explanation.isEmpty { lines.append("    " + finding.explanation) }
    if let fix = finding.fix { lines.append("    fix: " + fix.summary) }
    return lines.joined(separator: "\n")
  }

  private struct Record: Encodable {
    struct Fix: Encodable {
      var summary: String
      var line: Int
      var replacing: String?
      var replacement: String?
      var safe: Bool
    }
    var file: String
    var line: Int
    var column: Int
    var severity: String
    var rule: String
    var message: String
    var explanation: String?
    var fix: Fix?
  }

  private func json(_ finding: Finding) -> String {
    JSONLine.encode(
      Record(
        file: finding.place.file, line: finding.place.line, column: finding.place.column,
        severity: finding.severity.rawValue, rule: finding.rule, message: finding.message,
        explanation: finding.explanation.isEmpty ? nil : finding.explanation,
        fix: finding.fix.map {
          Record.Fix(
            summary: $0.summary, line: $0.line, replacing: $0.replacing, replacement: $0.replacement, safe: $0.safe)
        }))
  }
}

/// One JSON object on one line, keys sorted.
enum JSONLine {
  static func encode(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { return "{}" }
    return String(decoding: data, as: UTF8.self)
  }
}
