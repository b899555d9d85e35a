// mbox files as mails (RFC 4155, and the older habits): a mail begins at a line `From address time` at the start or
// after an empty line. Bytes come as they come; a mail that is longer than the limit is cut there, never the next one.

package struct MboxSplitter {
  /// The mails that are complete, in order; taken by whoever feeds.
  package private(set) var mails: [[UInt8]] = []
  private let limit: Int
  private var mail: [UInt8] = []
  private var line: [UInt8] = []
  private var isOpen = false
  private var isCut = false
  private var afterEmpty = true

  package init(limit: Int = ReceivedMail.Limits.bytes + 1) { self.limit = limit }

  /// The first bytes are those of an mbox file.
  package static func isMbox(_ start: some Sequence<UInt8>) -> Bool { start.starts(with: Array("From ".utf8)) }

  package mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if isCut {
        // The rest of a line that is longer than the limit.
        if byte == 0x0A {
          isCut = false
          afterEmpty = false
        }
        continue
      }
      line.append(byte)
      if byte == 0x0A {
        endLine()
      } else if line.count > limit {
        endLine()
        isCut = true
      }
    }
  }

  /// No more bytes come.
  package mutating func finish() {
    if !line.isEmpty { endLine() }
    close()
  }

  package mutating func take() -> [[UInt8]] {
    defer { mails = [] }
    return mails
  }

  private mutating func endLine() {
    defer { line.removeAll(keepingCapacity: true) }
    if afterEmpty, line.starts(with: Self.from), hasTime(line) {
      close()
      isOpen = true
      afterEmpty = false
      return
    }
    afterEmpty = line == [0x0A] || line == [0x0D, 0x0A]
    guard isOpen else { return }
    // `>From` was `From` before it was stored.
    let bytes = line.first == 0x3E && line.drop { $0 == 0x3E }.starts(with: Self.from) ? line.dropFirst() : line[...]
    if mail.count < limit { mail += bytes.prefix(limit - mail.count) }
  }

  /// `02:20` somewhere: text that begins with the word From has none.
  private func hasTime(_ line: [UInt8]) -> Bool {
    func isDigit(_ index: Int) -> Bool { line.indices.contains(index) && (0x30...0x39).contains(line[index]) }
    return line.prefix(300).indices.contains {
      line[$0] == 0x3A && isDigit($0 - 2) && isDigit($0 - 1) && isDigit($0 + 1) && isDigit($0 + 2)
    }
  }

  private mutating func close() {
    if isOpen { mails.append(mail) }
    mail = []
    isOpen = false
  }

  private static let from = Array("From ".utf8)
}
