// What the log says, as values, and the two forms in which it is written. A record keeps its words apart from its
// fields; words of other machines go in by `quoted` alone, which takes out addresses, so that no record above debug
// can hold one. Secrets have a type that prints as `(secret)`; a relay's words are cleaned of them before they get here.

import Bulletins
import Foundation
import Markings
package import Outbox

package enum LogLevel: String, CaseIterable, Comparable, Sendable {
  case debug, info, warning, error
  private var rank: Int { LogLevel.allCases.firstIndex(of: self) ?? 0 }
  package static func < (a: LogLevel, b: LogLevel) -> Bool { a.rank < b.rank }
}

package struct LogRecord: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    case text(String)
    case number(Int64)
    /// Three digits after the point.
    case seconds(Moment.Span)
    case flag(Bool)
  }
  package struct Field: Hashable, Sendable {
    package let key: String
    package let value: Value
    package static func text(_ key: String, _ value: String) -> Field { Field(key: key, value: .text(value)) }
    package static func number(_ key: String, _ value: Int) -> Field { Field(key: key, value: .number(Int64(value))) }
    package static func number(_ key: String, _ value: Int64) -> Field { Field(key: key, value: .number(value)) }
    package static func seconds(_ key: String, _ value: Moment.Span) -> Field {
      Field(key: key, value: .seconds(value))
    }
    package static func flag(_ key: String, _ value: Bool) -> Field { Field(key: key, value: .flag(value)) }
    /// Words of another machine: without the addresses in them.
    package static func quoted(_ key: String, _ words: String) -> Field {
      Field(key: key, value: .text(LogText.withoutAddresses(words)))
    }
  }
  package let level: LogLevel
  /// A slug: `relay-alert`.
  package let event: String
  /// For people; made of fixed words.
  package let message: String
  package let fields: [Field]

  package init(_ level: LogLevel, _ event: String, _ message: String, _ fields: [Field] = []) {
    self.level = level
    self.event = event
    self.message = message
    self.fields = fields
  }
}

package enum LogText {
  /// `2026-11-22T17:00:00.123Z warning relay-alert: the relay rests relay=main stage=connect`
  package static func line(_ record: LogRecord, at: Moment) -> String {
    var line = "\(time(at)) \(record.level.rawValue) \(record.event): \(record.message)"
    for field in record.fields {
      line += " \(field.key)="
      switch field.value {
      case .text(let text): line += isBare(text) ? text : quoted(text)
      case .number(let number): line += String(number)
      case .seconds(let span): line += seconds(span)
      case .flag(let flag): line += flag ? "true" : "false"
      }
    }
    return line
  }

  /// One JSON object: time, level, event, message, then the fields.
  package static func json(_ record: LogRecord, at: Moment) -> String {
    var parts = [
      ("time", quoted(time(at))), ("level", quoted(record.level.rawValue)), ("event", quoted(record.event)),
      ("message", quoted(record.message)),
    ]
    for field in record.fields {
      let value =
        switch field.value {
        case .text(let text): quoted(text)
        case .number(let number): String(number)
        case .seconds(let span): seconds(span)
        case .flag(let flag): flag ? "true" : "false"
        }
      parts.append((field.key, value))
    }
    return "{" + parts.map { "\(quoted($0)):\($1)" }.joined(separator: ",") + "}"
  }

  /// Whatever stands around an @ without a space is an address to us: `<a@b>`, `a+b=c@d`, `"a b"@c`.
  package static func withoutAddresses(_ text: String) -> String {
    guard text.contains("@") else { return text }
    let stops: Set<Character> = ["<", ">", "(", ")", "[", "]", ",", ";", "'", "`"]
    func isPart(_ character: Character) -> Bool { !character.isWhitespace && !stops.contains(character) }
    var clean: [Character] = []
    var rest = Substring(text)
    while let at = rest.firstIndex(of: "@") {
      var before = Array(rest[..<at])
      if before.last == "\"" {
        before.removeLast()
        while let last = before.popLast(), last != "\"" {}
      }
      while let last = before.last, isPart(last) { before.removeLast() }
      clean += before
      clean += "(address)"
      rest = rest[rest.index(after: at)...]
      if rest.first == "[" {
        // An address literal: user@[192.0.2.1]
        rest = rest[(rest.firstIndex(of: "]") ?? rest.index(before: rest.endIndex))...].dropFirst()
      }
      rest = rest.drop { isPart($0) }
    }
    return String(clean) + rest
  }

  private static func isBare(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_./:+,@()".utf8.contains(byte)
        }
      }
  }

  /// A JSON string; in text lines too, so that nothing in it can begin a line of its own.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _
      where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028
        || scalar.value == 0x2029:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func seconds(_ span: Moment.Span) -> String {
    let milliseconds = abs(span.milliseconds)
    let rest = String(milliseconds % 1_000)
    let sign = span.milliseconds < 0 ? "-" : ""
    return "\(sign)\(milliseconds / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }

  /// UTC, with milliseconds.
  private static func time(_ at: Moment) -> String {
    let base = Instant(seconds: at.seconds).rfc3339(in: .gmt).prefix(19)
    let rest = String(at.milliseconds - at.seconds * 1_000)
    return "\(base).\(String(repeating: "0", count: 3 - rest.count))\(rest)Z"
  }
}
