// Reports without machine-readable fields: qmail's own form (QSBMF), Exim, Sendmail and Exchange of old, Domino,
// GroupWise, and what big providers write. A form is a table's row: by which words it is known, after which words it
// names the readers. Nothing here is a standard; a text that no form knows names nobody, and says so.

struct TextForm: Sendable {
  var name: String
  /// Any of these makes it this form.
  var marks: WordSet
  /// Readers are named from the line with one of these on; nil: from the beginning.
  var start: WordSet?
  /// Readers stand as `<name@domain>:` at the beginning of a line.
  var isAngled = false
  /// The marks alone are enough; otherwise the sender or the subject must speak of a report too.
  var isCertain = false

  static let all: [TextForm] = [
    TextForm(
      name: "qmail",
      marks: WordSet("this is the qmail-send program", "i'm afraid i wasn't able to deliver your message"),
      isAngled: true, isCertain: true),
    TextForm(
      name: "exim", marks: WordSet("this message was created automatically by mail delivery software"),
      start: WordSet("following address", "delivered to", "could not be delivered", "recipients"), isCertain: true),
    TextForm(
      name: "sendmail",
      marks: WordSet(
        "the following addresses had permanent fatal errors", "the following addresses had permanent delivery errors",
        "the following addresses had transient non-fatal errors", "the following address had permanent fatal errors"),
      start: WordSet("the following address"), isCertain: true),
    TextForm(
      name: "exchange",
      marks: WordSet(
        "did not reach the following recipient(s)", "the following recipient(s) could not be reached",
        "the following recipient(s) cannot be reached", "did not reach some or all of the intended recipients"),
      start: WordSet("recipient(s)"), isCertain: true),
    TextForm(
      name: "exchange-online",
      marks: WordSet(
        "delivery has failed to these recipients or groups", "couldn't be delivered to", "wasn't able to be delivered",
        "remote server returned"),
      start: WordSet(
        "delivery has failed to these recipients", "your message to", "couldn't be delivered", "remote server")),
    TextForm(
      name: "google",
      marks: WordSet(
        "delivery to the following recipient failed", "delivery to the following recipients failed",
        "delivery to the following recipient has been delayed", "your message wasn't delivered to"),
      start: WordSet("delivery to the following", "your message wasn't delivered to")),
    TextForm(
      name: "yahoo",
      marks: WordSet("unable to deliver message to the following address", "we were unable to deliver your message"),
      start: WordSet("unable to deliver"), isAngled: true),
    TextForm(
      name: "domino",
      marks: WordSet("was not delivered to:", "not listed in domino directory", "could not be delivered because"),
      start: WordSet("was not delivered to", "to:")),
    TextForm(
      name: "groupwise", marks: WordSet("the message that you sent was undeliverable to the following"),
      start: WordSet("undeliverable to the following"), isCertain: true),
    TextForm(
      name: "mdaemon",
      marks: WordSet("the attached message had permanent fatal delivery errors", "permanent fatal delivery errors"),
      start: WordSet("permanent fatal", "failed address", "rcpt to")),
    TextForm(
      name: "postfix", marks: WordSet("this is the mail system at host", "this is the postfix program at host"),
      start: WordSet("mail system", "postfix program"), isAngled: true, isCertain: true),
    // Words that reports have in common.
    TextForm(
      name: "text",
      marks: WordSet(
        "could not be delivered", "couldn't be delivered", "cannot be delivered", "was not delivered",
        "undeliverable", "delivery failed", "delivery failure", "delivery has failed", "failed to deliver",
        "unable to deliver", "was rejected", "has been delayed", "could not deliver", "has been rejected",
        "konnte nicht zugestellt werden", "nicht zugestellt", "n'a pas pu", "no se pudo entregar", "user unknown"),
      start: nil),
  ]

  /// A copy of our message begins here: its addresses are nobody's failure.
  private static let ends = WordSet(
    "below this line is a copy", "this is a copy of the message", "------ this is a copy", "original message",
    "a copy of your message", "message headers follow", "message header follows", "returned message",
    "unsent message below", "reporting-mta:", "returned mail follows", "original-message-header", "message contents:")
  private static let delay = WordSet(
    "warning message only", "do not need to resend", "has been delayed", "is delayed", "will be retried",
    "will continue to", "will keep trying", "still being retried", "still trying", "not yet been delivered",
    "delivery attempts will", "no action is required", "still undelivered", "will retry")
  private static let success = WordSet("successfully delivered", "delivered successfully", "delivery was successful")
  private static let relay = WordSet("successfully relayed", "relayed to a mailer", "relayed to the following")

  /// Nobody that a report speaks of as a reader.
  private static let machines = WordSet("mailer-daemon@", "postmaster@", "abuse@", "bounce+", "noreply@", "no-reply@")

  private static let mostReaders = 10
  private static let mostWordLines = 8

  static func known(_ text: HumanText, certainOnly: Bool) -> TextForm? {
    all.first { (!certainOnly || $0.isCertain) && $0.marks.isIn(text.whole) }
  }

  static func action(of text: [UInt8]) -> DeliveryReport.Action {
    if delay.isIn(text) { return .delayed }
    if success.isIn(text) { return .delivered }
    return relay.isIn(text) ? .relayed : .failed
  }

  /// - Parameter named: addresses that a header field names as failed; then only they are readers.
  func readers(in text: HumanText, named: [String] = []) -> [DeliveryReport.ReportedReader] {
    let end = text.lower.indices.first { $0 > 0 && Self.ends.isIn(text.lower[$0]) } ?? text.lines.count
    let first = start.flatMap { start in text.lower.indices.first { start.isIn(text.lower[$0]) } } ?? 0
    guard first < end || !named.isEmpty else { return [] }
    // Lines that name a reader, then the words that belong to each.
    var places: [(line: Int, address: String)] = []
    var seen: Set<String> = []
    for line in min(first, end)..<end where places.count < Self.mostReaders {
      for (at, address) in ReportScan.addresses(in: text.lines[line], limit: 4) {
        let lower = address.lowercased()
        guard !Self.machines.begins(Array((lower).utf8)), !seen.contains(lower),
          isReader(text.lines[line], at, named, lower)
        else { continue }
        seen.insert(lower)
        places.append((line, address))
        // The rest of such a line are servers' words about the same reader.
        break
      }
    }
    for address in named where !seen.contains(address.lowercased()) && places.count < Self.mostReaders {
      places.append((first, address))
    }
    let action = Self.action(of: Array(text.lower[..<end].joined(separator: [0x0A])))
    return places.enumerated().map { index, place in
      let next = index + 1 < places.count ? max(places[index + 1].line, place.line + 1) : end
      let words = self.words(text, from: place.line, to: min(next, place.line + Self.mostWordLines), place.address)
      return Self.reader(place.address, action: action, words: words)
    }
  }

  private func isReader(_ line: [UInt8], _ at: Int, _ named: [String], _ address: String) -> Bool {
    if !named.isEmpty { return named.contains { $0.lowercased() == address } }
    guard isAngled else { return true }
    return line.prefix(at).allSatisfy { $0 == 0x3C || $0 == 0x20 || $0 == 0x09 } && line.prefix(at).contains(0x3C)
  }

  /// What is said about a reader: its line without the address, and the lines after it up to an empty one that
  /// follows words.
  private func words(_ text: HumanText, from: Int, to: Int, _ address: String) -> [UInt8] {
    guard from < to else { return [] }
    var words: [UInt8] = []
    var line = text.lines[from]
    if let place = line.index(of: Array(address.utf8)) { line.removeSubrange(place..<(place + address.utf8.count)) }
    let rest = line.trimmed.filter { $0 != 0x3C && $0 != 0x3E }
    if rest.count > 2 { words = rest }
    for index in (from + 1)..<max(to, from + 1) {
      let line = text.lines[index].trimmed
      if line.isEmpty {
        if ReportScan.reply(in: words) != nil || words.count > 200 { break }
        continue
      }
      words += (words.isEmpty ? [] : [0x20]) + line
    }
    return words
  }

  static func reader(
    _ address: String, original: String? = nil, action: DeliveryReport.Action, status: EnhancedCode? = nil,
    words: [UInt8]
  ) -> DeliveryReport.ReportedReader {
    var status = status
    if status == nil || status?.subject == 0, let inner = ReportScan.enhanced(in: words),
      inner.kind == status?.kind ?? inner.kind
    {
      status = inner
    }
    let code = ReportScan.reply(in: words)
    let kind: DeliveryReport.Kind =
      switch action {
      case .failed: ReportSeverity.of(status: status, code: code, text: words.lowercased)
      case .delayed: .delayed
      case .relayed: .relayed
      case .delivered, .expanded: .success
      }
    return DeliveryReport.ReportedReader(
      address: address, original: original, action: action, status: status, code: code,
      diagnostic: words.readable, kind: kind)
  }
}
