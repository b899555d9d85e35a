// Transfer encodings (RFC 2045 section 6) and the space-stuffing of flowed text (RFC 3676 section 4.4).
// No encoded line begins with a dot, so that what is stored is what goes through DATA: stuffing changes nothing.

import Foundation
import Rendering

/// RFC 4648, one line.
func base64(_ bytes: [UInt8]) -> [UInt8] { Array(Data(bytes).base64EncodedString().utf8) }

/// Lines of 76 with CRLF.
func base64Lines(_ bytes: [UInt8]) -> [UInt8] {
  guard !bytes.isEmpty else { return [] }
  let options: Data.Base64EncodingOptions = [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed]
  return Array(Data(bytes).base64EncodedString(options: options).utf8) + [0x0D, 0x0A]
}

/// RFC 3676: a line that begins with a space, `>` or `From ` gets a space before it.
func spaceStuffed(_ text: String) -> [UInt8] {
  var out: [UInt8] = []
  out.reserveCapacity(text.utf8.count + 256)
  for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
    if line.first == 0x20 || line.first == 0x3E || line.starts(with: "From ".utf8) { out.append(0x20) }
    out.append(contentsOf: line)
    out.append(0x0A)
  }
  if !text.utf8.isEmpty { out.removeLast() }
  return out
}

/// Quoted-printable with CRLF; the places of acknowledgement slots are reported and their octets never broken.
struct QuotedPrintable {
  private(set) var bytes: [UInt8] = []
  /// Offsets in `bytes` of runs of `Rendered.slotWidth` octets.
  private(set) var slots: [Int] = []

  init(_ text: [UInt8]) {
    bytes.reserveCapacity(text.count + text.count / 16 + 128)
    text.withUnsafeBufferPointer { encode($0) }
  }

  private mutating func encode(_ text: UnsafeBufferPointer<UInt8>) {
    var column = 0
    var index = 0
    let count = text.count
    while index < count {
      // Most of a line is copied as it is.
      var end = index
      let limit = min(count, index + max(0, 74 - column))
      while end < limit && text[end] >= 0x20 && text[end] < 0x7F && text[end] != 0x3D {
        end += 1
      }
      // The last of them may stand at the end of a line, the first at its start: those are looked at one by one.
      if column > 0 && end > index + 1 {
        bytes.append(contentsOf: text[index..<end - 1])
        column += end - 1 - index
        index = end - 1
      }
      let byte = text[index]
      if byte == 0x0A {
        newLine(&column)
        index += 1
        continue
      }
      if byte == Rendered.slotByte {
        if column + Rendered.slotWidth > 75 { softBreak(&column) }
        slots.append(bytes.count)
        bytes.append(contentsOf: repeatElement(0x30, count: Rendered.slotWidth))
        column += Rendered.slotWidth
        index += Rendered.slotWidth
        continue
      }
      let endsLine = index + 1 == count || text[index + 1] == 0x0A
      var plain = (byte > 0x20 && byte < 0x7F && byte != 0x3D) || ((byte == 0x20 || byte == 0x09) && !endsLine)
      // A dot at a line's start would be stuffed, "From " be mended by mailboxes; neither may break what was signed.
      if column == 0 && (byte == 0x2E || byte == 0x46) { plain = false }
      let width = plain ? 1 : 3
      if column + width > (endsLine ? 76 : 75) {
        softBreak(&column)
        // The byte now begins a line: look at it again.
        continue
      }
      if plain {
        bytes.append(byte)
      } else {
        bytes.append(0x3D)
        bytes.append(hexadecimal(byte >> 4))
        bytes.append(hexadecimal(byte & 15))
      }
      column += width
      index += 1
    }
    if column > 0 { newLine(&column) }
  }

  private mutating func newLine(_ column: inout Int) {
    bytes.append(0x0D)
    bytes.append(0x0A)
    column = 0
  }
  private mutating func softBreak(_ column: inout Int) {
    bytes.append(0x3D)
    newLine(&column)
  }
}
