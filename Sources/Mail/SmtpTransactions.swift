// The SMTP transactions of one open session as a state machine: bytes received, messages offered, time passed and
// connection lost go in; bytes to send (`outgoing`), an outcome per recipient and the end of the session come out.
// No IO, no clock, no policy. Every offered message gets exactly one outcome per recipient, whatever happens.
//
// With PIPELINING (RFC 2920) the next message's MAIL, RCPT and DATA ride behind this one's final dot, so that a
// message costs one round trip; without it every command waits for its reply. At most one final dot is unanswered
// at any time: that one message is what a lost connection leaves uncertain.

/// Not copyable: a connection asks it several times a message, and each copy would cost more than the answer.
package struct SmtpTransactions: ~Copyable, Sendable {
  package enum Effect: Hashable, Sendable {
    /// `message`: the caller's number; `recipient`: index into its recipients.
    case outcome(message: Int, recipient: Int, SmtpOutcome)
    /// The connection is to be closed; nothing is sent or accepted any more.
    case close(SmtpEnding)
  }

  private struct Transaction {
    let number: Int
    let message: SmtpMessage
    /// Index of the next recipient whose RCPT is not yet written (strict turns).
    var nextRecipient = 0
    /// Recipients that RCPT refused: they have their outcome.
    var refused: [Int] = []
    /// Recipients without an outcome.
    var openCount: Int
    /// `outgoing.queued` behind the final dot; nil before it is written.
    var dotEnd: Int?

    init(_ number: Int, _ message: SmtpMessage) {
      self.number = number
      self.message = message
      openCount = message.recipients.count
    }
  }

  private enum Awaited: Equatable {
    case mail
    case recipient(Int)
    case data, dot, reset, quit
    /// The bare dot after a DATA that was granted though no recipient was.
    case emptyDot
  }

  private let capabilities: SmtpCapabilities
  private let messageLimit: Int
  private var parser = SmtpReplyParser()
  /// Replies to come, oldest first.
  private var awaited: [Awaited] = []
  private var awaitedHead = 0
  /// Behind its final dot, unanswered.
  private var sending: Transaction?
  /// MAIL written, final dot not.
  private var opening: Transaction?
  private var accepted = 0
  private var finishing = false
  private var quitting = false
  /// Whole replies so far: a relay that only drips bytes makes no progress.
  package private(set) var repliesTaken = 0
  /// Not nil once the session is over.
  package private(set) var ending: SmtpEnding?
  /// What is to be sent; the transport takes from it.
  package var outgoing = SmtpSendQueue()

  /// `messageLimit`: messages per session, after which it says QUIT.
  package init(capabilities: SmtpCapabilities, messageLimit: Int = .max) {
    self.capabilities = capabilities
    self.messageLimit = messageLimit
  }

  /// True when a message offered now is begun at once.
  package var wantsMessage: Bool {
    guard ending == nil, !finishing, opening == nil else { return false }
    // Strict turns: nothing may be outstanding, not even a RSET.
    return capabilities.pipelining || (sending == nil && awaitedHead == awaited.count)
  }

  /// The stage whose reply is awaited, for the caller's time limit; nil when idle.
  package var waitingFor: SmtpStage? {
    guard ending == nil, awaitedHead < awaited.count else { return nil }
    return switch awaited[awaitedHead] {
    case .mail: .mail
    case .recipient: .recipient
    case .data: .data
    case .dot: outgoing.sent >= sending?.dotEnd ?? 0 ? .finalDot : .body
    case .emptyDot: .finalDot
    case .reset: .reset
    case .quit: .quit
    }
  }

  // MARK: Events

  /// Begins a message; only while `wantsMessage`. A message that this relay cannot carry is refused at once.
  package mutating func offer(_ number: Int, _ message: SmtpMessage) -> [Effect] {
    guard wantsMessage else {
      let text = "offered out of turn"
      return all(message, number, .passedOver(SmtpFailure(stage: .mail, text: text)))
    }
    if message.recipients.isEmpty { return [] }
    if let missing = missing(for: message) { return all(message, number, .refused(missing)) }
    opening = Transaction(number, message)
    accepted += 1
    if accepted >= messageLimit { finishing = true }
    outgoing.append { SmtpCommands.mail(message, capabilities, into: &$0) }
    expect(.mail)
    if capabilities.pipelining {
      outgoing.append { out in
        for recipient in message.recipients { SmtpCommands.recipient(recipient, capabilities, into: &out) }
        out.append(contentsOf: "DATA\r\n".utf8)
      }
      for index in message.recipients.indices { expect(.recipient(index)) }
      expect(.data)
    }
    return []
  }

  package mutating func receive(_ bytes: UnsafeRawBufferPointer) -> [Effect] {
    guard ending == nil else { return [] }
    parser.receive(bytes)
    var effects: [Effect] = []
    do throws(SmtpReplyParser.Malformed) {
      while ending == nil, let reply = try parser.next() { take(reply, &effects) }
    } catch {
      let failure = SmtpFailure(
        stage: waitingFor ?? .connect, text: "the relay's reply is not SMTP (\(error.rawValue))")
      end(.failed(failure), failure, &effects)
    }
    quitIfDone()
    return effects
  }

  /// The connection is gone: an end of file or an error, in `text`'s words.
  package mutating func closed(_ text: String = "connection lost") -> [Effect] {
    guard ending == nil else { return [] }
    var effects: [Effect] = []
    let failure = SmtpFailure(stage: waitingFor ?? .connect, text: text)
    end(quitting || waitingFor == nil ? .done : .failed(failure), failure, &effects)
    return effects
  }

  /// The awaited reply did not come in time.
  package mutating func timedOut() -> [Effect] {
    closed("no reply in time" + (waitingFor.map { " (\($0.rawValue))" } ?? ""))
  }

  /// No message will be offered any more: QUIT follows the last outcome.
  package mutating func finish() {
    finishing = true
    quitIfDone()
  }

  // MARK: Replies

  private mutating func take(_ reply: SmtpReply, _ effects: inout [Effect]) {
    repliesTaken += 1
    guard awaitedHead < awaited.count else {
      let failure = SmtpFailure(stage: .connect, reply: reply)
      return end(reply.isClosing ? .done : .failed(failure), failure, &effects)
    }
    let turn = awaited[awaitedHead]
    if reply.isClosing, turn != .quit { return takeClosing(reply, turn, &effects) }
    if isOutOfStep(reply, turn) {
      let failure = SmtpFailure(
        stage: waitingFor ?? .connect, text: "the relay's replies are out of step (\(reply.code) \(reply.text))")
      return end(.failed(failure), failure, &effects)
    }
    awaitedHead += 1
    if awaitedHead == awaited.count {
      awaited.removeAll(keepingCapacity: true)
      awaitedHead = 0
    }
    switch turn {
    case .mail: takeMail(reply, &effects)
    case .recipient(let index): takeRecipient(index, reply, &effects)
    case .data: takeData(reply, &effects)
    case .dot:
      guard let transaction = sending.take() else { return }
      settle(transaction, reply.isPositive ? .accepted(reply) : refusal(.finalDot, reply), &effects)
    case .emptyDot: break
    case .reset:
      if !reply.isPositive {
        let failure = SmtpFailure(stage: .reset, reply: reply)
        end(.failed(failure), failure, &effects)
      }
    case .quit: end(.done, SmtpFailure(stage: .quit, reply: reply), &effects)
    }
  }

  /// A reply that cannot be the one to its command: a relay that says one too many would have the next message's
  /// answer taken for this one's.
  private func isOutOfStep(_ reply: SmtpReply, _ turn: Awaited) -> Bool {
    let isIntermediate = reply.code / 100 == 3
    switch turn {
    case .data: return reply.isPositive || isIntermediate && reply.code != 354
    // A refusal may come while the message flows, an acceptance not.
    case .dot: return isIntermediate || reply.isPositive && outgoing.sent < sending?.dotEnd ?? 0
    case .emptyDot, .quit: return isIntermediate
    // Strict turns: the command that it answers has not left yet.
    case .mail, .recipient, .reset: return isIntermediate || !capabilities.pipelining && !outgoing.isEmpty
    }
  }

  private mutating func takeMail(_ reply: SmtpReply, _ effects: inout [Effect]) {
    guard opening != nil else { return }
    if !reply.isPositive {
      if let transaction = opening { settle(transaction, refusal(.mail, reply), &effects) }
      opening?.openCount = 0
      if !capabilities.pipelining { reset() }
    } else if !capabilities.pipelining {
      writeNextRecipient()
    }
  }

  private mutating func takeRecipient(_ index: Int, _ reply: SmtpReply, _ effects: inout [Effect]) {
    guard opening != nil else { return }
    if opening?.openCount ?? 0 > 0 {
      if !reply.isPositive {
        opening?.refused.append(index)
        opening?.openCount -= 1
        effects.append(.outcome(message: opening?.number ?? 0, recipient: index, refusal(.recipient, reply)))
      }
    }
    if !capabilities.pipelining { writeNextRecipient() }
  }

  private mutating func takeData(_ reply: SmtpReply, _ effects: inout [Effect]) {
    guard var transaction = opening.take() else { return }
    if reply.code == 354 {
      if transaction.openCount > 0 {
        for segment in transaction.message.content.segments { outgoing.append(segment) }
        outgoing.append { $0.append(contentsOf: ".\r\n".utf8) }
        transaction.dotEnd = outgoing.queued
        sending = transaction
        expect(.dot)
      } else {
        outgoing.append { $0.append(contentsOf: ".\r\n".utf8) }
        expect(.emptyDot)
      }
    } else {
      if transaction.openCount > 0 {
        settle(transaction, refusal(.data, reply), &effects)
      }
      reset()
    }
  }

  /// 421: the reply speaks for its own command; every later one stays unanswered for certain.
  private mutating func takeClosing(_ reply: SmtpReply, _ turn: Awaited, _ effects: inout [Effect]) {
    let failure = SmtpFailure(stage: waitingFor ?? .connect, reply: reply)
    if turn == .dot, let transaction = sending {
      settle(transaction, outgoing.sent >= transaction.dotEnd ?? 0 ? .refused(failure) : .notSent(failure), &effects)
      sending?.openCount = 0
    }
    end(.failed(failure), failure, &effects)
  }

  // MARK: Writing

  private mutating func writeNextRecipient() {
    guard let transaction = opening else { return }
    if transaction.nextRecipient < transaction.message.recipients.count {
      let index = transaction.nextRecipient
      outgoing.append { SmtpCommands.recipient(transaction.message.recipients[index], capabilities, into: &$0) }
      expect(.recipient(index))
      opening?.nextRecipient += 1
    } else if transaction.openCount > 0 {
      outgoing.append { $0.append(contentsOf: "DATA\r\n".utf8) }
      expect(.data)
    } else {
      reset()
    }
  }

  private mutating func reset() {
    opening = nil
    outgoing.append { $0.append(contentsOf: "RSET\r\n".utf8) }
    expect(.reset)
  }

  private mutating func quitIfDone() {
    guard finishing, !quitting, ending == nil, opening == nil, sending == nil, awaitedHead == awaited.count else {
      return
    }
    quitting = true
    outgoing.append { $0.append(contentsOf: "QUIT\r\n".utf8) }
    expect(.quit)
  }

  private mutating func expect(_ turn: Awaited) { awaited.append(turn) }

  // MARK: Outcomes

  private func refusal(_ stage: SmtpStage, _ reply: SmtpReply) -> SmtpOutcome {
    .refused(SmtpFailure(stage: stage, reply: reply))
  }

  private func all(_ message: SmtpMessage, _ number: Int, _ outcome: SmtpOutcome) -> [Effect] {
    message.recipients.indices.map { .outcome(message: number, recipient: $0, outcome) }
  }

  private func settle(_ transaction: Transaction, _ outcome: SmtpOutcome, _ effects: inout [Effect]) {
    guard transaction.openCount > 0 else { return }
    for index in transaction.message.recipients.indices where !transaction.refused.contains(index) {
      effects.append(.outcome(message: transaction.number, recipient: index, outcome))
    }
  }

  /// Ends the session and settles what is open: uncertain where the whole final dot had left, else not sent.
  private mutating func end(_ ending: SmtpEnding, _ failure: SmtpFailure, _ effects: inout [Effect]) {
    let behind = sending != nil || waitingFor == .reset || waitingFor == .finalDot || failure.stage == .reset
    if let transaction = sending {
      let handed = outgoing.sent >= transaction.dotEnd ?? .max
      var failure = failure
      failure.stage = handed ? .finalDot : .body
      settle(transaction, handed ? .uncertain(failure) : .notSent(failure), &effects)
    }
    if let transaction = opening { settle(transaction, behind ? .passedOver(failure) : .notSent(failure), &effects) }
    sending = nil
    opening = nil
    awaited = []
    awaitedHead = 0
    self.ending = ending
    effects.append(.close(ending))
  }

  private func missing(for message: SmtpMessage) -> SmtpFailure? {
    if message.needsSMTPUTF8, !capabilities.smtpUTF8 {
      return SmtpFailure(stage: .address, enhanced: EnhancedCode(5, 6, 7), text: "the relay does not offer SMTPUTF8")
    }
    if message.isEightBit, !capabilities.eightBitMime {
      return SmtpFailure(stage: .compose, enhanced: EnhancedCode(5, 6, 3), text: "the relay does not offer 8BITMIME")
    }
    if message.requiresTLSOnward, !capabilities.requireTLS {
      return SmtpFailure(
        stage: .capability, enhanced: EnhancedCode(5, 7, 30), text: "the relay does not offer REQUIRETLS")
    }
    if let limit = capabilities.sizeLimit, message.content.count > limit {
      let text = "the message has \(message.content.count) bytes, the relay takes \(limit)"
      return SmtpFailure(stage: .compose, enhanced: EnhancedCode(5, 3, 4), text: text)
    }
    return nil
  }
}
