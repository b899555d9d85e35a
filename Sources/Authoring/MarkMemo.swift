// A bulletin says the same few marks over and over: each is read once for a file. What follows the parentheses has no
// part in a reading, so the text up to there is the key; whatever cannot be told by a glance is read anew.

import Markings

final class MarkMemo {
  let registry: MarkingRegistry
  let scheme: Scheme
  /// The reading of a text without marks.
  private let none: MarkReading
  /// A handful: looking through them is quicker than hashing.
  private var known: [(beginning: [UInt8], reading: MarkReading)] = []

  /// Longer beginnings are read anew each time; so many are kept.
  private static let longestKey = 120
  private static let mostKeys = 32

  init(registry: MarkingRegistry, scheme: Scheme) {
    self.registry = registry
    self.scheme = scheme
    none = MarkReader.read("", registry: registry, scheme: scheme)
  }

  /// The marks at the start of a block.
  func read(_ text: String) -> MarkReading {
    var text = text
    let beginning: [UInt8]? = text.withUTF8 { bytes in
      // Where no parenthesis and no kind of space stands first, nothing has to be looked into.
      guard let first = bytes.first, first <= 0x20 || first == UInt8(ascii: "(") || first >= 0x80 else { return [] }
      return Self.endOfParentheses(bytes).map { Array(bytes[..<$0]) }
    }
    guard let beginning else { return anew(text) }
    if beginning.isEmpty { return none }
    if let found = known.first(where: { $0.beginning == beginning }) { return found.reading }
    let reading = anew(text)
    if known.count < Self.mostKeys { known.append((beginning, reading)) }
    return reading
  }

  /// A value that is a mark as a whole.
  func readBare(_ text: String) -> MarkReading { MarkReader.readBare(text, registry: registry, scheme: scheme) }

  private func anew(_ text: String) -> MarkReading { MarkReader.read(text, registry: registry, scheme: scheme) }

  /// Where plain text begins behind `(..)` and spaces; nil when it does not begin with a parenthesis, one is not
  /// closed, or a sign follows that may be a space of another kind.
  private static func endOfParentheses(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard bytes.first == UInt8(ascii: "(") else { return nil }
    var isOpen = false
    for index in 0..<min(bytes.count, longestKey) {
      let byte = bytes[index]
      if isOpen {
        isOpen = byte != UInt8(ascii: ")")
      } else if byte == UInt8(ascii: "(") {
        isOpen = true
      } else if byte != 0x20 {
        return byte > 0x20 && byte < 0x7F ? index : nil
      }
    }
    return isOpen || bytes.count > longestKey ? nil : bytes.count
  }
}
