// What a relay offers, read from its EHLO reply (RFC 5321 section 4.1.1.1), and the record of a session's opening
// as the lines that libcurl's header callback sees. Only the last EHLO counts: the first one of a STARTTLS session
// was spoken in the clear and may be an attacker's (RFC 3207 section 6).

package struct SmtpCapabilities: Hashable, Sendable {
  package var pipelining = false
  package var eightBitMime = false
  package var smtpUTF8 = false
  package var dsn = false
  package var requireTLS = false
  package var startTLS = false
  /// SIZE was offered; `sizeLimit` is nil when it names no limit (no value or 0).
  package var size = false
  package var sizeLimit: Int?
  /// Mechanism names, upper case.
  package var auth: [String] = []

  package init() {}

  /// `lines`: the texts of the EHLO reply without codes; the first is the relay's name and greeting.
  package init(ehlo lines: some Sequence<String>) {
    for line in lines.dropFirst() {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard let keyword = words.first?.uppercased() else { continue }
      switch keyword {
      case "PIPELINING": pipelining = true
      case "8BITMIME": eightBitMime = true
      case "SMTPUTF8": smtpUTF8 = true
      case "DSN": dsn = true
      case "REQUIRETLS": requireTLS = true
      case "STARTTLS": startTLS = true
      case "SIZE":
        size = true
        if words.count > 1, let limit = Int(words[1]), limit > 0 { sizeLimit = limit }
      case "AUTH": auth = words.dropFirst().map { $0.uppercased() }
      default:
        // "AUTH=LOGIN" is an old spelling that some relays send beside the right one.
        if keyword.hasPrefix("AUTH="), auth.isEmpty { auth = [String(keyword.dropFirst(5))] }
      }
    }
  }
}

/// The replies of a session's opening (greeting, EHLO, STARTTLS, EHLO, AUTH), fed line by line.
package struct SmtpOpening: Sendable {
  private var lines: [String] = []
  private var lastGood: [String] = []
  /// The last complete reply, for the failure's text.
  package private(set) var lastReply: SmtpReply?
  private var parser = SmtpReplyParser()

  package init() {}

  package mutating func receive(_ bytes: UnsafeRawBufferPointer) {
    parser.receive(bytes)
    guard let reply = try? parser.next() else { return }
    lastReply = reply
    // The greeting is 220, STARTTLS answers 220, AUTH 334 and 235: only EHLO (or HELO) answers 250.
    if reply.code == 250 {
      lastGood = reply.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
  }

  /// Of the last EHLO.
  package var capabilities: SmtpCapabilities { SmtpCapabilities(ehlo: lastGood) }
}
