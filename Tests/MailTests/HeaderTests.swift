// Header fields: no value ends a line, texts survive RFC 2047 and 2231, lines stay short.

import Foundation
import Testing

@testable import Mail

/// Texts of random length from characters that break headers.
func hostileText(_ random: inout SplitMix64) -> String {
  let pieces = [
    "\r\n", "\n", "\r", "\u{0}", ": ", "Bcc: x@y", "=?utf-8?q?x?=", "=?", "?=", " ", "  ", "\t", "\"", "\\", ",", ";",
    "<", ">",
    "\u{E9}", "\u{1F697}", "\u{4F8B}", "\u{2028}", "\u{85}", "\u{202E}", "word", "(U//LES)", "a", "e\u{301}", ".",
    String(repeating: "long", count: 30), "%", "'", "*", "_", "@",
  ]
  return (0..<Int.random(in: 0...14, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
}

/// The fields of a header block as a receiver unfolds them.
func unfolded(_ bytes: [UInt8]) -> [(name: String, value: String)] {
  let text = String(decoding: bytes, as: UTF8.self)
  var fields: [(name: String, value: String)] = []
  for line in text.components(separatedBy: "\r\n") where !line.isEmpty {
    if line.hasPrefix(" ") {
      if !fields.isEmpty { fields[fields.count - 1].value += line }
    } else {
      let name = line.prefix { $0 != ":" }
      fields.append((String(name), String(line.dropFirst(name.count + 2))))
    }
  }
  return fields
}

/// RFC 2047, an independent decoder for unstructured values.
func decodedWords(_ value: String) -> String {
  var out = ""
  var previousEncoded = false
  for word in value.split(separator: " ", omittingEmptySubsequences: false) {
    let parts = word.split(separator: "?", omittingEmptySubsequences: false)
    if parts.count == 5, parts[0] == "=", parts[4] == "=", parts[1].lowercased() == "utf-8" {
      var bytes: [UInt8] = []
      if parts[2].lowercased() == "b" {
        bytes = Data(base64Encoded: String(parts[3])).map { Array($0) } ?? []
      } else {
        var rest = parts[3].utf8[...]
        while let byte = rest.popFirst() {
          if byte == 0x5F {
            bytes.append(0x20)
          } else if byte == 0x3D {
            bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
          } else {
            bytes.append(byte)
          }
        }
      }
      // A character is never cut between two words.
      #expect(String(validating: bytes, as: UTF8.self) != nil)
      if !out.isEmpty && !previousEncoded { out += " " }
      out += String(decoding: bytes, as: UTF8.self)
      previousEncoded = true
    } else {
      if !out.isEmpty { out += " " }
      out += word
      previousEncoded = false
    }
  }
  return out
}

struct HeaderTests {
  private func isSafe(_ bytes: [UInt8]) -> Bool {
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x0D {
        guard index + 1 < bytes.count, bytes[index + 1] == 0x0A else { return false }
        index += 2
        continue
      }
      if bytes[index] < 0x20 || bytes[index] == 0x7F { return false }
      index += 1
    }
    return bytes.suffix(2) == [0x0D, 0x0A]
  }

  @Test func noValueMakesAnotherField() throws {
    for seed in 0..<2000 {
      var random = SplitMix64(state: UInt64(seed))
      let text = hostileText(&random)
      var fields = HeaderFields()
      fields.add("Subject", text: text)
      fields.add("To", mailbox: Mailbox(name: text, address: try EmailAddress("a@x.gov")))
      fields.add("Content-Type", value: "image/png", parameters: [("name", text), ("x", text)])
      fields.add("Message-ID", [HeaderWord("<\(text)>")])
      #expect(isSafe(fields.bytes), "seed \(seed)")
      #expect(unfolded(fields.bytes).map(\.name) == ["Subject", "To", "Content-Type", "Message-ID"], "seed \(seed)")
      for line in String(decoding: fields.bytes, as: UTF8.self).components(separatedBy: "\r\n") {
        #expect(line.utf8.count <= 998, "seed \(seed)")
        #expect(line.isEmpty || line.contains { $0 != " " }, "seed \(seed): a line of spaces")
      }
    }
  }

  @Test func subjectsSurvive() {
    for seed in 0..<2000 {
      var random = SplitMix64(state: UInt64(seed))
      let text = headerText(hostileText(&random))
      var fields = HeaderFields()
      fields.add("Subject", text: text)
      #expect(decodedWords(unfolded(fields.bytes)[0].value) == text, "seed \(seed)")
      #expect(fields.bytes.allSatisfy { $0 < 0x7F }, "seed \(seed)")
    }
  }

  @Test func asciiStaysReadable() {
    #expect(
      EncodedWords.unstructured("(U) Officer safety: stops").map { String(decoding: $0.bytes, as: UTF8.self) }.joined(
        separator: " ") == "(U) Officer safety: stops")
    let words = EncodedWords.unstructured("(U//FOUO) Caf\u{E9} on Main Street").map {
      String(decoding: $0.bytes, as: UTF8.self)
    }
    #expect(words == ["(U//FOUO)", "=?utf-8?q?Caf=C3=A9?=", "on", "Main", "Street"])
  }

  @Test func phrases() throws {
    func shown(_ name: String) throws -> String {
      var fields = HeaderFields()
      fields.add("To", mailbox: Mailbox(name: name, address: try EmailAddress("a@x.gov")))
      return unfolded(fields.bytes)[0].value
    }
    #expect(try shown("Lee Baptiste") == "Lee Baptiste <a@x.gov>")
    #expect(try shown("Baptiste, L.") == "\"Baptiste, L.\" <a@x.gov>")
    #expect(try shown("say \"x\\\"") == "\"say \\\"x\\\\\\\"\" <a@x.gov>")
    #expect(try shown("Zo\u{EB}") == "=?utf-8?q?Zo=C3=AB?= <a@x.gov>")
    #expect(try shown("") == "a@x.gov")
  }

  @Test func foldsBetweenWords() {
    var fields = HeaderFields()
    fields.add("Subject", text: Array(repeating: "vehicle", count: 40).joined(separator: " "))
    let lines = String(decoding: fields.bytes, as: UTF8.self).components(separatedBy: "\r\n").dropLast()
    #expect(lines.count > 4)
    #expect(lines.allSatisfy { $0.utf8.count <= 76 })
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" ") })
  }
}
