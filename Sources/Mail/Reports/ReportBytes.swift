// Looking for words, codes and addresses in texts of other machines, by bytes: fast enough for a mailbox, and nothing
// in a text can make it slow.

import Foundation

/// Words in lower case, looked for in texts in lower case.
struct WordSet: Sendable {
  private let words: [[UInt8]]
  init(_ words: String...) { self.words = words.map { Array($0.utf8) } }

  func isIn(_ text: [UInt8]) -> Bool { words.contains { text.index(of: $0) != nil } }
  func begins(_ text: [UInt8]) -> Bool { words.contains { text.starts(with: $0) } }
  /// Where the earliest of them begins.
  func first(in text: [UInt8]) -> Int? { words.compactMap { text.index(of: $0) }.min() }
}

extension [UInt8] {
  var lowercased: [UInt8] { map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 } }

  func index(of word: [UInt8], from start: Int = 0) -> Int? {
    guard !word.isEmpty, count - start >= word.count else { return nil }
    return withUnsafeBytes { text in
      word.withUnsafeBytes { word in
        guard let base = text.baseAddress, let sought = word.baseAddress else { return nil }
        var from = start
        let last = text.count - word.count
        while from <= last, let found = memchr(base + from, Int32(word[0]), last - from + 1) {
          if memcmp(found, sought, word.count) == 0 { return UnsafeRawPointer(found) - base }
          from = UnsafeRawPointer(found) - base + 1
        }
        return nil
      }
    }
  }

  var trimmed: [UInt8] {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
    guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
      return []
    }
    return Array(self[first...last])
  }

  /// For ledger and terminal: repaired UTF-8, white space as single spaces, no control characters, at most 500 bytes.
  var readable: String {
    var text = String.UnicodeScalarView()
    var size = 0
    var afterSpace = true
    for scalar in String(decoding: prefix(2_000), as: UTF8.self).unicodeScalars {
      let isSpace = scalar.value <= 0x20 || (0x7F...0xA0).contains(scalar.value)
      if isSpace, afterSpace { continue }
      afterSpace = isSpace
      size += isSpace ? 1 : scalar.utf8.count
      if size > 500 { break }
      text.append(isSpace ? " " : scalar)
    }
    if text.last == " " { text.removeLast() }
    return String(text)
  }
}

enum ReportScan {
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// `5.1.1` standing by itself; an IP address is none.
  static func enhanced(in text: [UInt8]) -> EnhancedCode? {
    var index = 0
    while index + 4 < text.count {
      defer { index += 1 }
      let byte = text[index]
      guard byte == 0x32 || byte == 0x34 || byte == 0x35, text[index + 1] == 0x2E else { continue }
      if index > 0, isDigit(text[index - 1]) || text[index - 1] == 0x2E || text[index - 1] == 0x2D { continue }
      var end = index
      while end < text.count, isDigit(text[end]) || text[end] == 0x2E { end += 1 }
      // The full stop of a sentence.
      while end > index, text[end - 1] == 0x2E { end -= 1 }
      if let found = EnhancedCode.read(text[index..<end]) { return found.code }
    }
    return nil
  }

  /// A three-digit reply of class 4 or 5 standing by itself.
  static func reply(in text: [UInt8]) -> Int? {
    var index = 0
    while index + 2 < text.count {
      defer { index += 1 }
      guard text[index] == 0x34 || text[index] == 0x35, isDigit(text[index + 1]), isDigit(text[index + 2]) else {
        continue
      }
      if index > 0, isLetterOrDigit(text[index - 1]) || text[index - 1] == 0x2E || text[index - 1] == 0x3D { continue }
      if index + 3 < text.count {
        let next = text[index + 3]
        guard next == 0x20 || next == 0x2D || next == 0x0A || next == 0x27 || next == 0x29 || next == 0x3A else {
          continue
        }
      }
      return Int(String(decoding: text[index...(index + 2)], as: UTF8.self))
    }
    return nil
  }

  /// Every `name@domain.tld`, in order, with where it begins.
  static func addresses(in text: [UInt8], limit: Int = 20) -> [(start: Int, address: String)] {
    var found: [(Int, String)] = []
    var from = 0
    while found.count < limit, let at = text[from...].firstIndex(of: 0x40) {
      from = at + 1
      var start = at
      while start > 0, at - start < 64, isAtext(text[start - 1]) || text[start - 1] == 0x2E { start -= 1 }
      // What stands around addresses in texts: 'name@..', =name@..
      while start < at, "'`=.{|".utf8.contains(text[start]) { start += 1 }
      var end = at + 1
      while end < text.count, end - at < 254, isLetterOrDigit(text[end]) || text[end] == 0x2D || text[end] == 0x2E {
        end += 1
      }
      while end > at, text[end - 1] == 0x2E || text[end - 1] == 0x2D { end -= 1 }
      guard start < at, end - at > 3, text[(at + 1)..<end].contains(0x2E) else { continue }
      found.append((start, String(decoding: text[start..<end], as: UTF8.self)))
      from = end
    }
    return found
  }

  /// Every `bounce+17.tag@` in a text, in any case.
  static func tokens(in text: [UInt8]) -> [DeliveryToken] {
    let prefix = Array(DeliveryToken.prefix.utf8)
    var tokens: [DeliveryToken] = []
    let lower = text.lowercased
    var from = 0
    while tokens.count < 10, let start = lower.index(of: prefix, from: from) {
      from = start + prefix.count
      // `=` ends it too: some forwarders write our address into a local part of their own.
      let rest = lower[from...].prefix(48)
      guard let end = rest.firstIndex(where: { $0 == 0x40 || $0 == 0x3D }) else { continue }
      if let token = DeliveryToken(rest[..<end]), !tokens.contains(token) { tokens.append(token) }
    }
    return tokens
  }
}
