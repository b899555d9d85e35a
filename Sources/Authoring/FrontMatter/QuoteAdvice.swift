// Titles and descriptions that YAML would cut or refuse: ` #` begins a comment and `: ` a map in a plain scalar.
// Looked for in the lines themselves, because the YAML reader never sees the words that it cut.

import Bulletins

struct QuoteAdvice {
  /// Lines on which a value was found that needs quotes.
  private(set) var lines: Set<Int> = []

  init(_ source: SourceText, lines range: Range<Int>, _ findings: inout FindingList) {
    for line in range {
      let bytes = source.bytes[source.range(line)]
      guard let key = Self.key(in: bytes), let value = Self.plainValue(in: bytes, after: key.end, inFlow: key.inFlow)
      else { continue }
      let text = String(decoding: bytes[value], as: UTF8.self)
      guard let sign = [" #", ": "].first(where: { text.contains($0) }) ?? (text.hasSuffix(":") ? ":" : nil) else {
        continue
      }
      lines.insert(line)
      let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      // In a flow map nobody can tell where the author wanted the value to end.
      let fix = Finding.Fix(
        summary: "quote it", line: line, replacing: key.inFlow ? nil : text,
        replacement: key.inFlow ? nil : "\"\(quoted)\"", safe: !key.inFlow)
      findings.error(
        "F03", line: line, column: source.column(line: line, byte: value.lowerBound - bytes.startIndex + 1),
        "`\(sign)` in an unquoted \(key.name): quote it",
        explanation: "YAML takes ` #` for the beginning of a comment and `: ` for a key.", fix: fix)
    }
  }

  private static let keys: [(name: String, bytes: [UInt8])] =
    ["short-title", "title", "describe"].map { ($0, Array(($0 + ":").utf8)) }

  /// The first of the keys on a line, with the offset after its colon; `inFlow` when a brace is open before it.
  private static func key(in bytes: ArraySlice<UInt8>) -> (name: String, end: Int, inFlow: Bool)? {
    for (name, key) in keys {
      guard bytes.count > key.count else { continue }
      for start in bytes.startIndex...(bytes.endIndex - key.count)
      where bytes[start] == key[0] && bytes[start..<start + key.count].elementsEqual(key) {
        let before = bytes[..<start]
        if name == "describe" ? [0x20, 0x7B, 0x2C].contains(before.last ?? 0x20) : before.isEmpty {
          return (name, start + key.count, before.contains(UInt8(ascii: "{")))
        }
        break
      }
    }
    return nil
  }

  /// The extent of an unquoted value; in a flow map up to the comma or brace that would end it.
  private static func plainValue(in bytes: ArraySlice<UInt8>, after start: Int, inFlow: Bool) -> Range<Int>? {
    guard let first = bytes[start...].firstIndex(where: { $0 != 0x20 && $0 != 0x09 }), first > start else { return nil }
    guard !"\"'|>[{#&*!".utf8.contains(bytes[first]) else { return nil }
    var end = bytes.endIndex
    if inFlow { end = bytes[first...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") } ?? end }
    while end > first, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    return first..<end
  }
}
