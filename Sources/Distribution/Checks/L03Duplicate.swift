// L03: the same id twice, the same person twice, or one address for two readers. Where two entries disagree nobody
// knows which one holds, so until it is mended such a reader is not served and such an organization meets no test.

import Bulletins

package enum L03Duplicate {
  package static let id = "L03"

  /// Reports, and leaves one entry for each id.
  static func settle(_ lists: inout SiteLists) {
    var findings: [Finding] = []
    settleReaders(&lists.stakeholders, &findings)
    findings += sameAddress(lists.stakeholders) + samePerson(lists.stakeholders)

    settle(&lists.organizations, what: "organization", id: \.id, &findings) { organization in
      organization.level = nil
      organization.type = nil
      organization.country = nil
    }
    settle(&lists.endpoints, what: "endpoint", id: \.id, &findings) { $0.fullBody = false }
    settle(&lists.endpoints, what: "endpoint of the stakeholder", id: \.stakeholder, &findings) { $0.fullBody = false }
    var seen: [String: Int] = [:]
    var kept: [LoadedList] = []
    for list in lists.lists {
      if let first = seen[list.list.id] {
        findings.append(again("list", list.list.id, at: list.place, first: kept[first].place))
        kept[first].list.ceiling = .nothing
      } else {
        seen[list.list.id] = kept.count
        kept.append(list)
      }
    }
    lists.lists = kept
    lists.findings += findings
  }

  private static func settleReaders(_ readers: inout [Located<Stakeholder>], _ findings: inout [Finding]) {
    settle(&readers, what: "reader", id: { $0.id }, &findings, close: { $0.status = nil })
  }

  private static func settle<Value>(
    _ entries: inout [Located<Value>], what: String, id: (Value) -> String, _ findings: inout [Finding],
    close: (inout Value) -> Void
  ) {
    var seen: [String: Int] = Dictionary(minimumCapacity: entries.count)
    var repeated: [Int] = []
    for index in entries.indices {
      let key = id(entries[index].value)
      if let first = seen[key] {
        findings.append(again(what, key, at: entries[index].place, first: entries[first].place))
        close(&entries[first].value)
        repeated.append(index)
      } else {
        seen[key] = index
      }
    }
    guard !repeated.isEmpty else { return }
    let gone = Set(repeated)
    entries = entries.enumerated().filter { !gone.contains($0.offset) }.map(\.element)
  }

  private static func again(_ what: String, _ id: String, at place: Place, first: Place) -> Finding {
    Finding(
      rule: self.id, severity: .error, place: place,
      message: "the \(what) `\(id)` for the second time, first at \(first.file):\(first.line)",
      explanation: "keep one of the two")
  }

  /// Two decisions would go to one mailbox: what the one may not see, the other brings.
  private static func sameAddress(_ readers: [Located<Stakeholder>]) -> [Finding] {
    var seen: [String: Int] = Dictionary(minimumCapacity: readers.count)
    var findings: [Finding] = []
    // By index: a copy of a reader costs more than the look at it.
    for index in readers.indices where readers[index].value.status == .active {
      guard let email = readers[index].value.email else { continue }
      if let first = seen.updateValue(index, forKey: AddressSyntax.folded(email)) {
        let (reader, other) = (readers[index], readers[first])
        findings.append(
          Finding(
            rule: id, severity: .error, place: reader.place,
            message:
              "`\(reader.value.id)` has the address of `\(other.value.id)` (\(other.place.file):\(other.place.line))",
            explanation: "a mailbox is decided for one reader: a shared one is an entry of its own, `mailbox: shared`"))
      }
    }
    return findings
  }

  private struct Person: Hashable {
    var name: String
    var organization: String
  }

  /// Case and white space tell no two persons apart: exports double a space or put a hard one.
  private static func folded(_ name: String) -> String {
    let bytes = name.utf8
    var last = UInt8(ascii: " ")
    let isPlain = bytes.allSatisfy { byte in
      defer { last = byte }
      return byte < 0x80 && !(byte == UInt8(ascii: " ") && last == byte)
    }
    // Most names have nothing to fold, and there may be a hundred thousand.
    if isPlain, last != UInt8(ascii: " ") { return name.lowercased() }
    return name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private static func samePerson(_ readers: [Located<Stakeholder>]) -> [Finding] {
    var seen: [Person: Int] = Dictionary(minimumCapacity: readers.count)
    var findings: [Finding] = []
    for index in readers.indices where readers[index].value.status == .active && !readers[index].value.name.isEmpty {
      guard readers[index].value.mailbox == .person else { continue }
      let person = Person(
        name: folded(readers[index].value.name), organization: readers[index].value.organization)
      if let first = seen.updateValue(index, forKey: person) {
        let (reader, other) = (readers[index], readers[first])
        findings.append(
          Finding(
            rule: id, severity: .warning, place: reader.place,
            message: "`\(reader.value.id)` and `\(other.value.id)` have the same name and organization",
            explanation: "one person with two entries gets everything twice, and may keep a right in the one that was "
              + "taken away in the other"))
      }
    }
    return findings
  }
}
