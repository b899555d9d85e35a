// Header fields, folded at 76 columns between words (RFC 5322 section 2.2.3). CR and LF are written here alone.

package struct HeaderFields: Hashable, Sendable {
  package private(set) var bytes: [UInt8]

  /// - Parameter first: whole fields that come before.
  init(after first: [UInt8] = []) {
    bytes = first
    if !first.isEmpty { bytes.reserveCapacity(first.count + 1024) }
  }

  /// Whole fields, as another one has made them.
  mutating func add(fields: [UInt8]) { bytes.append(contentsOf: fields) }

  /// `<..>`, as the field's only word.
  mutating func add(_ name: StaticString, bracketed text: String) {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return add(name, [HeaderWord("<" + text + ">")]) }
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(contentsOf: ": <".utf8)
    bytes.append(contentsOf: text.utf8)
    bytes.append(contentsOf: ">\r\n".utf8)
  }

  /// One field of unbreakable words.
  mutating func add(_ name: StaticString, _ words: [HeaderWord]) {
    var column = name.utf8CodeUnitCount + 1
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(0x3A)
    for (index, word) in words.enumerated() {
      // The first word stays on the field's line: some programs take a folded first line for an empty field.
      if index > 0 && column + 1 + word.bytes.count > 76 {
        bytes += [0x0D, 0x0A]
        column = 0
      }
      bytes.append(0x20)
      bytes.append(contentsOf: word.bytes)
      column += 1 + word.bytes.count
    }
    bytes += [0x0D, 0x0A]
  }

  mutating func add(_ name: StaticString, text: String) { add(name, EncodedWords.unstructured(text)) }

  mutating func add(_ name: StaticString, literal: StaticString) {
    add(name, [HeaderWord(String(describing: literal))])
  }

  mutating func add(_ name: StaticString, mailbox: Mailbox) {
    // Made for every message: most names are plain words, and fit on the line.
    if let text = mailbox.name, !mailbox.address.needsSMTPUTF8, EncodedWords.isPlainPhrase(text),
      name.utf8CodeUnitCount + text.utf8.count + mailbox.address.length + 5 <= 76
    {
      bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
      bytes.append(contentsOf: ": ".utf8)
      bytes.append(contentsOf: text.utf8)
      bytes.append(contentsOf: " <".utf8)
      bytes.append(contentsOf: mailbox.address.localPart.utf8)
      bytes.append(UInt8(ascii: "@"))
      bytes.append(contentsOf: mailbox.address.domain.utf8)
      bytes.append(contentsOf: ">\r\n".utf8)
      return
    }
    let words = mailbox.name.map { $0.isEmpty ? [] : EncodedWords.phrase($0) } ?? []
    let address = mailbox.address.description
    add(name, words + [HeaderWord(words.isEmpty ? address : "<" + address + ">")])
  }

  /// `image/png; name="figure-1.png"`.
  mutating func add(_ name: StaticString, value: String, parameters: [(String, String)]) {
    var words = [HeaderWord(value)]
    for (parameter, text) in parameters {
      words[words.count - 1] = words[words.count - 1] + ";"
      words += HeaderParameter.words(parameter, text)
    }
    add(name, words)
  }
}

/// RFC 2231: parameters in other letters, and long ones in numbered pieces.
enum HeaderParameter {
  /// Every word but the last ends in `;`.
  static func words(_ name: String, _ value: String) -> [HeaderWord] {
    let text = headerText(value)
    let plain = text.utf8.allSatisfy { $0 < 0x7F }
    if plain && text.utf8.count <= 60 { return [HeaderWord(name + "=").joined(.quoted(text))] }
    var pieces: [[UInt8]] = [[]]
    for scalar in text.unicodeScalars {
      var piece: [UInt8] = []
      for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
        // attribute-char of RFC 2231 section 7, a little narrower.
        if plain || isLetterOrDigit(byte) || "!#$&+-.^_`{|}~".utf8.contains(byte) {
          if plain && (byte == 0x22 || byte == 0x5C) { piece.append(0x5C) }
          piece.append(byte)
        } else {
          piece += [0x25, hexadecimal(byte >> 4), hexadecimal(byte & 15)]
        }
      }
      if (pieces.last?.count ?? 0) + piece.count > 54 { pieces.append([]) }
      pieces[pieces.count - 1] += piece
    }
    let star = plain ? "" : "*"
    return pieces.enumerated().map { index, piece in
      let charset = !plain && index == 0 ? "utf-8''" : ""
      let key = pieces.count == 1 ? "\(name)\(star)=" : "\(name)*\(index)\(star)="
      let quote: [UInt8] = plain ? [0x22] : []
      let end: [UInt8] = index + 1 < pieces.count ? [0x3B] : []
      return HeaderWord(Array((key + charset).utf8) + quote + piece + quote + end)
    }
  }
}

extension HeaderWord {
  func joined(_ other: HeaderWord) -> HeaderWord { HeaderWord(bytes + other.bytes) }
}
