// What all readers of one variant get, encoded once (RFC 2045, 2046, 2387): from the first Content- field to the end.
// Boundaries come from the content's id: the same variant gives the same bytes.

import Foundation
package import Rendering

/// A file that travels with a bulletin.
package struct EnclosedFile: Hashable, Sendable {
  package var name: String
  /// `application/pdf`.
  package var mediaType: String
  package var bytes: [UInt8]
  package init(name: String, mediaType: String, bytes: [UInt8]) {
    self.name = name
    self.mediaType = mediaType
    self.bytes = bytes
  }
}

/// A message without the fields that differ by reader: Content- fields, blank line, content; CRLF, ends with CRLF.
/// No line begins with a dot: it is its own dot-stuffed form, and it is shorter than 77 columns throughout.
package struct EncodedBody: Hashable, Sendable {
  package let bytes: [UInt8]
  /// Offsets at which `Rendered.slotWidth` octets are the reader's acknowledgement token; empty without a portal.
  package let slots: [Int]

  /// For a store that kept both.
  package init(bytes: [UInt8], slots: [Int]) {
    self.bytes = bytes
    self.slots = slots.filter { $0 >= 0 && $0 + Rendered.slotWidth <= bytes.count }
  }

  package enum Format: String, Hashable, Sendable { case html, text }

  package init(_ rendered: Rendered, format: Format = .html, files: [EnclosedFile] = []) {
    let stem = String(decoding: rendered.id.utf8.filter { isLetterOrDigit($0) || $0 == 0x2D }.prefix(48), as: UTF8.self)
    func boundary(_ kind: String) -> String { "=_\(kind)_\(stem)" }

    var content = MimePart.text(rendered.text, subtype: "plain")
    if format == .html {
      content = .multipart(
        "alternative", boundary("a"), [content, .text(rendered.html, subtype: "html")], type: nil)
      let images = rendered.mailImages
      if !images.isEmpty {
        content = .multipart(
          "related", boundary("r"), [content] + images.map(MimePart.image), type: "multipart/alternative")
      }
    }
    if !files.isEmpty { content = .multipart("mixed", boundary("m"), [content] + files.map(MimePart.file), type: nil) }
    bytes = content.bytes
    slots = content.slots
  }
}

/// A part with its Content- fields.
struct MimePart {
  private(set) var bytes: [UInt8]
  private(set) var slots: [Int] = []

  private init(_ fields: HeaderFields) { bytes = fields.bytes + [0x0D, 0x0A] }

  private mutating func append(_ content: [UInt8], slots more: [Int] = []) {
    slots += more.map { $0 + bytes.count }
    bytes += content
  }

  static func text(_ text: String, subtype: String) -> MimePart {
    let flowed = subtype == "plain"
    let content = flowed ? spaceStuffed(text) : Array(text.utf8)
    var fields = HeaderFields()
    fields.add(
      "Content-Type", value: "text/\(subtype)",
      parameters: [("charset", "utf-8")] + (flowed ? [("format", "flowed"), ("delsp", "no")] : []))
    // Base64 where most of it is not ASCII; a slot needs its octets to stand as they are.
    let foreign = content.count { $0 >= 0x80 }
    if foreign * 3 > content.count && !content.contains(Rendered.slotByte) {
      fields.add("Content-Transfer-Encoding", literal: "base64")
      var part = MimePart(fields)
      part.append(base64Lines(withCarriageReturns(content)))
      return part
    }
    fields.add("Content-Transfer-Encoding", literal: "quoted-printable")
    var part = MimePart(fields)
    let encoded = QuotedPrintable(content)
    part.append(encoded.bytes, slots: encoded.slots)
    return part
  }

  static func image(_ image: RenderedImage) -> MimePart {
    var fields = HeaderFields()
    fields.add("Content-Type", value: image.mediaType, parameters: [("name", image.fileName)])
    fields.add("Content-Transfer-Encoding", literal: "base64")
    fields.add("Content-ID", [HeaderWord("<\(image.contentID)>")])
    fields.add("Content-Disposition", value: "inline", parameters: [("filename", image.fileName)])
    var part = MimePart(fields)
    part.append(base64Lines(image.bytes))
    return part
  }

  static func file(_ file: EnclosedFile) -> MimePart {
    var fields = HeaderFields()
    fields.add("Content-Type", value: file.mediaType, parameters: [("name", file.name)])
    fields.add("Content-Transfer-Encoding", literal: "base64")
    fields.add("Content-Disposition", value: "attachment", parameters: [("filename", file.name)])
    var part = MimePart(fields)
    part.append(base64Lines(file.bytes))
    return part
  }

  static func multipart(_ subtype: String, _ boundary: String, _ parts: [MimePart], type: String?) -> MimePart {
    var fields = HeaderFields()
    fields.add(
      "Content-Type", value: "multipart/\(subtype)",
      parameters: (type.map { [("type", $0)] } ?? []) + [("boundary", boundary)])
    var whole = MimePart(fields)
    // The line end before a delimiter belongs to the delimiter: each part keeps its own.
    for (index, part) in parts.enumerated() {
      whole.append(Array("\(index == 0 ? "" : "\r\n")--\(boundary)\r\n".utf8))
      whole.append(part.bytes, slots: part.slots)
    }
    whole.append(Array("\r\n--\(boundary)--\r\n".utf8))
    return whole
  }

  private static func withCarriageReturns(_ content: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    for byte in content {
      if byte == 0x0A { out.append(0x0D) }
      out.append(byte)
    }
    return out
  }
}
