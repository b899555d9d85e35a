// A received mail as values: its parts in the order of reading, headers decoded, transfer encodings undone. GMime
// reads the MIME (Sources/CMime); this is the only file that sees it. Any bytes are survived: what is beyond the limits
// is cut off or refused with a reason, and nothing is kept of the library.

import CMime

/// Why a mail was not read.
package enum UnreadableMail: String, Error, Hashable, Sendable, CaseIterable {
  case empty
  /// More content types than any honest mail has: each could be a level of nesting.
  case tooDeep = "too-deep"
  case noMessage = "no-message"
  case noMemory = "no-memory"

  package var words: String {
    switch self {
    case .empty: "there is nothing in it"
    case .tooDeep: "more parts than \(ReceivedMail.Limits.types), nested or not"
    case .noMessage: "this is no mail"
    case .noMemory: "no memory was left for it"
    }
  }
}

package struct ReceivedMail: Hashable, Sendable {
  package enum Limits {
    /// Reports stand at the beginning of a mail; what follows is the mail that came back.
    package static let bytes = 1 << 20
    package static let depth: UInt32 = 24
    package static let parts: UInt32 = 200
    package static let fields: UInt32 = 2_000
    package static let content = 256 << 10
    package static let types: UInt32 = 300
  }

  package struct Field: Hashable, Sendable {
    /// Lower case.
    package var name: String
    /// Unfolded, decoded.
    package var value: String
  }

  package struct Part: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case leaf, multipart, message }
    package var kind: Kind
    package var depth: Int
    /// How many messages it lies in: 1 for the mail itself and its own parts.
    package var messages: Int
    /// Lower case: `text/plain`.
    package var type: String
    /// `delivery-status`; empty when there is none.
    package var reportType: String
    package var fields: [Field]
    /// Of leaves.
    package var content: [UInt8]

    package func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
  }

  /// The first is the mail itself with its header.
  package var parts: [Part]
  /// A limit cut something off.
  package var isCut: Bool

  package var header: Part { parts[0] }

  private static let started: Void = mime_start()

  package init(_ bytes: [UInt8]) throws(UnreadableMail) {
    guard !bytes.isEmpty else { throw .empty }
    Self.started
    let limits = mime_limits(
      depth: Limits.depth, parts: Limits.parts, fields: Limits.fields, content: Limits.content, types: Limits.types)
    var reading: UnsafeMutablePointer<mime_mail>?
    let status = bytes.withUnsafeBufferPointer {
      mime_read($0.baseAddress, min($0.count, Limits.bytes), limits, &reading)
    }
    switch status {
    case MIME_OK: break
    case MIME_TOO_DEEP: throw .tooDeep
    case MIME_NO_MEMORY: throw .noMemory
    default: throw .noMessage
    }
    guard let reading else { throw .noMessage }
    defer { mime_free(reading) }
    parts = UnsafeBufferPointer(start: reading.pointee.parts, count: Int(reading.pointee.part_count)).map(Part.init)
    isCut = reading.pointee.is_cut != 0 || bytes.count > Limits.bytes
    guard !parts.isEmpty else { throw .noMessage }
  }
}

extension ReceivedMail.Part {
  fileprivate init(_ part: mime_part) {
    kind = part.kind == MIME_MESSAGE ? .message : part.kind == MIME_MULTIPART ? .multipart : .leaf
    depth = Int(part.depth)
    messages = Int(part.messages)
    type = part.type.text
    reportType = part.report_type.text
    fields = UnsafeBufferPointer(start: part.fields, count: Int(part.field_count)).map {
      ReceivedMail.Field(name: $0.name.text, value: $0.value.text)
    }
    content = part.content.copy
  }
}

extension mime_bytes {
  fileprivate var copy: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }
  /// What is no UTF-8 is repaired.
  fileprivate var text: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }
}
