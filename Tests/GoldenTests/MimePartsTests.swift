// What an author's files tell beside their pixels is in no MIME part, and of a hidden figure there is nothing at all
// (release-policy.md section 4). Read back with a small parser of its own, from the message as it would be sent.

import Foundation
import Testing
import Workflows

/// A leaf of a message: its header lines and its decoded content.
private struct Leaf {
  var header: String
  var content: [UInt8]

  static func leaves(of entity: String) -> [Leaf] {
    guard let blank = entity.range(of: "\r\n\r\n") else { return [] }
    let header = entity[..<blank.lowerBound].replacing("\r\n ", with: " ").replacing("\r\n\t", with: " ")
    let body = entity[blank.upperBound...]
    if let start = header.range(of: "boundary=\"")?.upperBound {
      let boundary = "--" + header[start...].prefix { $0 != "\"" }
      return ("\r\n" + body).components(separatedBy: "\r\n" + boundary).dropFirst().flatMap { part in
        part.hasPrefix("--") ? [] : leaves(of: String(part.dropFirst()))  // CR LF is one Character
      }
    }
    if header.lowercased().contains("transfer-encoding: base64") {
      let data = Data(base64Encoded: String(body.replacing("\r\n", with: ""))) ?? Data()
      return [Leaf(header: String(header), content: [UInt8](data))]
    }
    return [Leaf(header: String(header), content: quotedPrintable(String(body)))]
  }

  private static func quotedPrintable(_ text: String) -> [UInt8] {
    var rest = Array(text.replacing("=\r\n", with: "").utf8)[...]
    var out: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == 0x3D, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        out.append(value)
        rest = rest.dropFirst(2)
      } else {
        out.append(byte)
      }
    }
    return out
  }

  func contains(_ words: String) -> Bool {
    header.contains(words) || Data(content).range(of: Data(words.utf8)) != nil
  }
  var isPicture: Bool { header.contains("Content-Type: image/") }
}

@Suite struct MimePartsTests {
  private func leaves(_ name: String) throws -> [Leaf] {
    let preview = try GoldenFolder(name: name).preview(in: try GoldenSite.workspace.get())
    return Leaf.leaves(of: String(decoding: preview.message, as: UTF8.self))
  }

  @Test func nothingThatTheFilesCarried() throws {
    let photo = Data(try SampleFiles().read("templates/sample/bulletins/pike-van.jpg", limit: 5_000_000))
    // The test would see nothing wrong in a sample without metadata.
    for planted in ["Exif", "Sample Camera", "Badge 0000"] { #expect(photo.range(of: Data(planted.utf8)) != nil) }
    let leaves = try leaves("officer-safety-full")
    #expect(leaves.count == 4)
    #expect(leaves.count(where: \.isPicture) == 2)
    for leaf in leaves {
      for words in ["Exif", "Sample Camera", "Model 0\0", "Badge 0000", "2026:11:12", "pike-van", "conversion-device"] {
        #expect(!leaf.contains(words), "\(words) in \(leaf.header)")
      }
      for words in ["http://ns.adobe.com", "xpacket", "x:xmpmeta", "Photoshop 3.0", "8BIM", "ICC_PROFILE"] {
        #expect(!leaf.contains(words), "\(words) in \(leaf.header)")
      }
      if leaf.isPicture {
        for words in ["tEXt", "iTXt", "zTXt", "eXIf", "tIME"] { #expect(!leaf.contains(words), "\(words)") }
      }
    }
  }

  @Test func nothingOfAHiddenFigure() throws {
    let whole = try leaves("officer-safety-full")
    let words = [
      "Side view", "white van", "pike-van", "Figure 2", "figure-2", "image/jpeg", "Pike", "Halley", "Transit",
    ]
    for hidden in words.filter({ $0 != "pike-van" }) {
      #expect(whole.contains { $0.contains(hidden) }, "\(hidden) is to be seen by somebody")
    }
    for leaf in try leaves("officer-safety-tear-lines") {
      for hidden in words { #expect(!leaf.contains(hidden), "\(hidden) in \(leaf.header)") }
    }
    #expect(try leaves("officer-safety-tear-lines").count(where: \.isPicture) == 1)
    #expect(try leaves("expired-notice").count(where: \.isPicture) == 0)
  }
}
