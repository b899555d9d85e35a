// The fields of message/delivery-status (RFC 3464 section 2.1): groups of `name: value`, the first about the message,
// each further one about a reader. MIME readers give that part as bytes. Broken groups give what they have.

struct StatusGroup {
  /// Names in lower case; the first of a name counts.
  var fields: [String: [UInt8]] = [:]

  subscript(name: String) -> [UInt8]? { fields[name] }

  /// A group about a reader, not about the message.
  var isAboutReader: Bool {
    fields["final-recipient"] != nil || fields["original-recipient"] != nil || fields["action"] != nil
  }

  private static let mostGroups = 100
  private static let mostFields = 40

  static func read(_ bytes: [UInt8]) -> [StatusGroup] {
    var groups: [StatusGroup] = []
    var group = StatusGroup()
    var name = ""
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let line = line.last == 0x0D ? line.dropLast() : line
      guard let first = line.first else {
        if !group.fields.isEmpty { groups.append(group) }
        if groups.count == mostGroups { return groups }
        group = StatusGroup()
        name = ""
        continue
      }
      if first == 0x20 || first == 0x09 {
        if !name.isEmpty { group.fields[name, default: []] += line }
        continue
      }
      guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex else { continue }
      name = String(decoding: Array(line[..<colon]).trimmed.lowercased, as: UTF8.self)
      if group.fields[name] == nil, group.fields.count < mostFields {
        group.fields[name] = Array(line[line.index(after: colon)...])
      } else {
        name = ""
      }
    }
    if !group.fields.isEmpty { groups.append(group) }
    return groups
  }

  /// `rfc822; name@domain` -> `name@domain`.
  static func address(_ value: [UInt8]?) -> String? {
    guard let value else { return nil }
    var rest = value[...]
    if let semicolon = rest.firstIndex(of: 0x3B) { rest = rest[(semicolon + 1)...] }
    var text = Array(rest).trimmed
    if text.first == 0x3C { text.removeFirst() }
    if text.last == 0x3E { text.removeLast() }
    let readable = Array(text.prefix(320)).readable
    return readable.isEmpty ? nil : readable
  }

  /// `smtp; 550 5.1.1 no such user` -> what follows the type.
  static func diagnostic(_ value: [UInt8]?) -> [UInt8] {
    guard let value else { return [] }
    let type = value.prefix { $0 != 0x3B }
    // A semicolon far inside belongs to the words.
    guard type.count < value.count, type.count <= 20, !type.contains(0x3A) else { return value.trimmed }
    return Array(value[(type.count + 1)...]).trimmed
  }

  /// Undoes xtext (RFC 3461 section 4): `+2B` is `+`.
  static func xtext(_ value: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var index = 0
    while index < value.count {
      if value[index] == 0x2B, index + 2 < value.count,
        let byte = UInt8(String(decoding: value[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
      {
        out.append(byte)
        index += 3
      } else {
        out.append(value[index])
        index += 1
      }
    }
    return out
  }
}
