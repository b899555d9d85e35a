// Gives written facts their meaning, one at a time, and reports what has none. A fact that cannot be read comes back
// as nil or is left out: never as something that its reader might have meant.

import Bulletins
import SiteFiles

struct FactReader<Source: FactSource> {
  var source: Source
  var report: FileReport

  init(_ source: Source, report: FileReport) {
    self.source = source
    self.report = report
  }

  func position(_ fact: WrittenFact) -> SourcePosition { source.position(fact.at) }

  mutating func malformed(_ fact: WrittenFact, _ message: String, hint: String = "") {
    report.malformed(at: position(fact), message, hint: hint)
  }

  mutating func malformedKey(_ key: String, _ message: String, hint: String = "") {
    report.malformed(at: source.text(key).map(position) ?? source.position(source.start), message, hint: hint)
  }

  /// One line of printable text.
  mutating func line(_ key: String) -> String? {
    guard let fact = source.text(key) else { return nil }
    let isPlain = fact.text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    guard !isPlain, fact.text.unicodeScalars.contains(where: AddressSyntax.isHiddenControl) else { return fact.text }
    malformed(fact, "`\(key)` holds a line end or another control character", hint: "write it on one line")
    return nil
  }

  /// As `line`; reports when there is none.
  mutating func requiredLine(_ key: String) -> String? {
    let fact = source.text(key)
    if fact?.text.isEmpty ?? true {
      // What is written and is no text was reported as that.
      guard fact != nil || !source.isWritten(key) else { return nil }
      report.malformed(at: source.position(source.start), "the key `\(key)` is missing")
      return nil
    }
    return line(key)
  }

  /// An id: letters, digits, `.`, `-`, `_`.
  mutating func id(_ key: String) -> String? {
    guard let text = requiredLine(key) else { return nil }
    if Self.isID(text) { return text }
    if let fact = source.text(key) {
      malformed(fact, "`\(key)` is no id: \(text)", hint: "letters, digits, dot, hyphen and underscore, 80 at most")
    }
    return nil
  }

  static func isID(_ text: String) -> Bool {
    (1...80).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  /// One of the words of a vocabulary.
  mutating func word(_ key: String, _ vocabulary: Set<String>) -> String? {
    guard let fact = source.text(key) else { return nil }
    if vocabulary.contains(fact.text) { return fact.text }
    report.unknown(fact.text, what: key, known: vocabulary, at: position(fact))
    return nil
  }

  /// One of the words of a closed set.
  mutating func word<Value: RawRepresentable & CaseIterable>(
    _ key: String, of type: Value.Type
  ) -> Value? where Value.RawValue == String {
    guard let fact = source.text(key) else { return nil }
    if let value = Value(rawValue: fact.text) { return value }
    report.unknown(fact.text, what: key, known: Value.allCases.map(\.rawValue), at: position(fact))
    return nil
  }

  /// The known words of a list; unknown ones are reported and left out.
  mutating func words(_ key: String, _ vocabulary: Set<String>) -> [String] {
    var known: [String] = []
    for fact in source.list(key) ?? [] {
      if vocabulary.contains(fact.text) {
        known.append(fact.text)
      } else {
        report.unknown(fact.text, what: key, known: vocabulary, at: position(fact))
      }
    }
    return known
  }

  mutating func words<Value: RawRepresentable & CaseIterable>(
    _ key: String, of type: Value.Type
  ) -> [Value] where Value.RawValue == String {
    var known: [Value] = []
    for fact in source.list(key) ?? [] {
      if let value = Value(rawValue: fact.text) {
        known.append(value)
      } else {
        report.unknown(fact.text, what: key, known: Value.allCases.map(\.rawValue), at: position(fact))
      }
    }
    return known
  }

  mutating func date(_ key: String) -> CivilDate? {
    source.text(key).flatMap { date($0, key) }
  }

  mutating func date(_ fact: WrittenFact, _ key: String) -> CivilDate? {
    if let date = CivilDate(fact.text) { return date }
    malformed(
      fact, "`\(key)` is no date that exists: \(fact.text.isEmpty ? "(empty)" : fact.text)",
      hint: "write it as 2027-03-31")
    return nil
  }

  /// A map of texts with known keys. A key for the second time is reported and the first one counts.
  mutating func pairs(_ key: String, known: Set<String>, repeatable: Bool = false) -> [WrittenPair] {
    var seen: Set<String> = []
    var kept: [WrittenPair] = []
    for pair in source.pairs(key) ?? [] {
      if !known.contains(pair.key) {
        report.unknown(pair.key, what: key, known: known, at: source.position(pair.at))
      } else if !repeatable, !seen.insert(pair.key).inserted {
        report.malformed(at: source.position(pair.at), "`\(pair.key)` for the second time in `\(key)`")
      } else {
        kept.append(pair)
      }
    }
    return kept
  }
}
