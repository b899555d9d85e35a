// An export in Windows-1252, as spreadsheets save it, to UTF-8. What each byte is, Foundation says; five bytes are nothing,
// and a file that has one is of another encoding.

import Foundation
import SiteFiles

struct Windows1252 {
  /// UTF-8 of the bytes from 0x80 on; empty for the five.
  private let table: [[UInt8]] = (0x80...0xFF).map { (byte: UInt8) in
    String(bytes: [byte], encoding: .windowsCP1252).map { Array($0.utf8) } ?? []
  }
  private var line = 1

  /// - Returns: the chunk in UTF-8; a chunk may end anywhere.
  mutating func utf8(_ chunk: UnsafeBufferPointer<UInt8>) throws(FileProblem) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(chunk.count + chunk.count / 8)
    for byte in chunk {
      if byte < 0x80 {
        bytes.append(byte)
        if byte == UInt8(ascii: "\n") { line += 1 }
      } else {
        let letter = table[Int(byte) - 0x80]
        guard !letter.isEmpty else {
          throw FileProblem(
            .badValue, at: SourcePosition(line: line),
            "the byte 0x\(String(byte, radix: 16, uppercase: true)) is nothing in Windows-1252",
            hint: "the file has another encoding: save it as UTF-8 and leave `encoding` out of the mapping")
        }
        bytes += letter
      }
    }
    return bytes
  }
}
