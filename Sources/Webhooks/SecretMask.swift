// Takes out of another machine's words what it may have from us as a secret: whoever knows a chat's address may write
// there (decision 0025), and pages of errors like to repeat the path that was asked for, whole, in pieces or cut short.
// So no eight bytes in a row of the secret stay, in the form in which they were sent or with percent signs undone.

import Foundation

package struct SecretMask: Sendable {
  /// What fits a machine word; a shorter secret is none, and in fewer bytes of words there is nothing of one.
  package static let width = 8
  private var pieces: Set<UInt64> = []

  /// - Parameters:
  ///   - url: all of it after the host is secret.
  ///   - headers: values that are secret; of several in one value, parted by spaces, each.
  package init(url: String, headers: [String] = []) {
    let afterScheme = url.range(of: "://").map { url[$0.upperBound...] } ?? url[...]
    let path = afterScheme.drop { $0 != "/" && $0 != "?" }
    add(path.utf8)
    if path.contains("%") { add(Self.decoded(path.utf8)) }
    for value in headers { add(value.utf8) }
  }

  private mutating func add(_ secret: some Sequence<UInt8>) {
    Self.walk(secret) { _, piece in pieces.insert(piece) }
  }

  /// Each window of eight bytes, and where it ends; capitals count as small letters.
  private static func walk(_ bytes: some Sequence<UInt8>, _ visit: (Int, UInt64) -> Void) {
    var window: UInt64 = 0
    for (index, byte) in bytes.enumerated() {
      let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      window = window << 8 | UInt64(isCapital ? byte | 0x20 : byte)
      if index + 1 >= width { visit(index, window) }
    }
  }

  private static func decoded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = Array(bytes)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else {
        result.append(byte)
        continue
      }
      result.append(value)
      rest = rest.dropFirst(2)
    }
    return result
  }

  /// The words without the secret; `…` stands where something of it was.
  package func clean(_ words: [UInt8]) -> String {
    var isSecret: [Bool]?
    Self.walk(words) { end, piece in
      guard pieces.contains(piece) else { return }
      var marks = isSecret ?? [Bool](repeating: false, count: words.count)
      for place in (end - Self.width + 1)...end { marks[place] = true }
      isSecret = marks
    }
    guard let isSecret else { return String(decoding: words, as: UTF8.self) }
    var clean: [UInt8] = []
    for (place, byte) in words.enumerated() {
      if !isSecret[place] {
        clean.append(byte)
      } else if place == 0 || !isSecret[place - 1] {
        clean += "…".utf8
      }
    }
    return String(decoding: clean, as: UTF8.self)
  }
}
