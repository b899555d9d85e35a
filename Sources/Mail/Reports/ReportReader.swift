// Reads what comes to the return path: fields of RFC 3464 before words, words of known forms before words in common.
// A report counts only in the mail itself, never in one that somebody forwards. Pure: bytes in, a value out.

package enum ReportReader {
  package static func read(_ bytes: [UInt8]) throws(UnreadableMail) -> DeliveryReport {
    let mail = try ReceivedMail(bytes)
    var groups: [StatusGroup] = []
    for part in mail.parts where part.kind == .leaf && part.messages == 1 && statusTypes.contains(part.type) {
      groups += StatusGroup.read(part.content)
    }
    var report = reading(mail, groups)
    report.tokens = tokens(mail, groups)
    return report
  }

  private static let statusTypes: Set<String> = ["message/delivery-status", "message/global-delivery-status"]

  private static func reading(_ mail: ReceivedMail, _ groups: [StatusGroup]) -> DeliveryReport {
    let readers = groups.filter(\.isAboutReader).prefix(mostReaders).map(reader)
    if !readers.isEmpty { return report(Array(readers), form: "rfc3464") }

    let own = mail.parts.filter { $0.messages == 1 }
    if own.contains(where: { $0.type == "message/disposition-notification" }) {
      return DeliveryReport(.notABounce, form: "read-receipt")
    }
    if own.contains(where: { $0.type == "message/feedback-report" }) {
      return DeliveryReport(.notABounce, form: "complaint")
    }
    let subject = Array((mail.header.field("subject") ?? "").utf8).lowercased.trimmed
    let text = HumanText(mail)
    let isFromMailer = isFromMailer(mail)
    if !isFromMailer, AutoReplies.isChallenge(mail, subject: subject, text: text) {
      return DeliveryReport(.notABounce, form: "challenge")
    }
    let failed = failedRecipients(mail)
    // A postmaster may be away too; then only what no person writes makes it a report.
    if AutoReplies.hasSubject(subject),
      !isFromMailer || failed.isEmpty && groups.isEmpty && TextForm.known(text, certainOnly: true) == nil
    {
      return DeliveryReport(.autoReply, form: "subject")
    }

    let speaks = isFromMailer || !failed.isEmpty || reportSubjects.begins(subject) || !groups.isEmpty
    if let form = TextForm.known(text, certainOnly: !speaks) {
      let readers = form.readers(in: text, named: failed)
      if !readers.isEmpty { return report(readers, form: form.name) }
      // Nobody is named: a token may still say whom it is about.
      return report(
        [TextForm.reader("", action: TextForm.action(of: text.whole), words: firstWords(text))], form: form.name)
    }
    if !failed.isEmpty {
      return report(failed.map { TextForm.reader($0, action: .failed, words: firstWords(text)) }, form: "header")
    }
    if AutoReplies.isMarked(mail) { return DeliveryReport(.autoReply, form: "header") }
    return DeliveryReport(.notABounce, form: speaks ? "unknown-report" : "mail")
  }

  private static let mostReaders = 100

  private static func report(_ readers: [DeliveryReport.ReportedReader], form: String) -> DeliveryReport {
    // What an address of ours was made into speaks for it together.
    let kinds = Set(readers.map { $0.original ?? $0.address }).compactMap { address in
      DeliveryReport.about(readers) { $0 == address }?.kind
    }
    return DeliveryReport(kinds.max { $0.gravity < $1.gravity } ?? .notABounce, readers: readers, form: form)
  }

  private static func reader(_ group: StatusGroup) -> DeliveryReport.ReportedReader {
    let final = StatusGroup.address(group["final-recipient"])
    let original = StatusGroup.address(group["original-recipient"])
    let words = StatusGroup.diagnostic(group["diagnostic-code"])
    let status = group["status"].flatMap { ReportScan.enhanced(in: $0.trimmed) }
    let named = group["action"].map {
      String(decoding: $0.trimmed.lowercased.prefix { isLetterOrDigit($0) }, as: UTF8.self)
    }
    let action =
      named.flatMap(DeliveryReport.Action.init)
      ?? (status?.kind == 4 ? .delayed : status?.kind == 2 ? .delivered : .failed)
    return TextForm.reader(final ?? original ?? "", original: original, action: action, status: status, words: words)
  }

  /// `X-Failed-Recipients` of Exim and others.
  private static func failedRecipients(_ mail: ReceivedMail) -> [String] {
    mail.header.field("x-failed-recipients").map { field in
      ReportScan.addresses(in: Array(field.utf8), limit: mostReaders).map(\.address)
    } ?? []
  }

  private static func isFromMailer(_ mail: ReceivedMail) -> Bool {
    let from = Array((mail.header.field("from") ?? "").utf8).lowercased
    return mailers.isIn(from)
  }

  private static func firstWords(_ text: HumanText) -> [UInt8] {
    var words: [UInt8] = []
    for line in text.lines.prefix(12) where words.count < 400 {
      let line = line.trimmed
      if !line.isEmpty { words += (words.isEmpty ? [] : [0x20]) + line }
    }
    return words
  }

  private static let mailers = WordSet(
    "mailer-daemon", "mailer_daemon", "mailerdaemon", "maildaemon", "mail-daemon", "postmaster", "mail delivery s",
    "mail delivery system", "system administrator", "microsoft exchange", "microsoftexchange", "mail router",
    "delivery subsystem", "internet mail delivery", "bounce notification", "mdaemon@")
  private static let reportSubjects = WordSet(
    "undeliver", "delivery status notification", "delivery failure", "delivery report", "failure notice",
    "returned mail", "mail delivery fail", "mail delivery problem", "delivery failed", "delivery notification",
    "delivery delayed", "delivery has failed", "message delayed", "mail failure", "mail system error",
    "warning: message", "warning: could not send", "could not deliver", "nondeliverable", "non-deliverable",
    "unzustellbar", "message could not be delivered", "failed delivery", "email delivery",
    "mail could not be delivered",
    "no se puede entregar", "non remis", "rejected:", "message you sent blocked", "undelivered")

  // MARK: Tokens

  /// Where the mail was sent to, as stores and forwarders write it.
  private static let recipientFields: Set<String> = [
    "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to", "to", "received",
    "x-apparently-to", "original-recipient",
  ]

  private static func tokens(_ mail: ReceivedMail, _ groups: [StatusGroup]) -> [DeliveryReport.FoundToken] {
    var found: [DeliveryReport.FoundToken] = []
    func add(_ tokens: some Sequence<DeliveryToken>, _ source: DeliveryReport.Source) {
      for token in tokens where found.count < 20 && !found.contains(where: { $0.token == token }) {
        found.append(DeliveryReport.FoundToken(token: token, source: source))
      }
    }
    for group in groups {
      if let id = group["original-envelope-id"] {
        add([DeliveryToken(StatusGroup.xtext(id.trimmed))].compactMap { $0 }, .envelopeID)
      }
    }
    for field in mail.header.fields where recipientFields.contains(field.name) {
      add(ReportScan.tokens(in: Array(field.value.utf8)), .recipient)
    }
    // What came back of our message: its header as a message, as a text, or in the words themselves.
    for part in mail.parts.dropFirst() {
      if part.kind == .message, part.messages == 2 {
        for field in part.fields where field.name == "return-path" || recipientFields.contains(field.name) {
          add(ReportScan.tokens(in: Array(field.value.utf8)), .returned)
        }
      } else if part.kind == .leaf, part.messages == 1, !statusTypes.contains(part.type) {
        add(ReportScan.tokens(in: part.content), .returned)
      }
    }
    return found
  }
}
