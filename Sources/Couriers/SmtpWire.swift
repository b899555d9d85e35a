// One connection of the loop: a session, its transaction machine and the consignments that are on it. It moves bytes
// between the two and keeps the deadlines; which message comes next, and what an outcome means, is not its affair.

import Mail
import Outbox

/// Used by the loop's thread alone.
final class SmtpWire {
  let relay: Int
  /// Takes the immediate lane only.
  let isReserved: Bool
  let session: CurlSession
  private(set) var machine: SmtpTransactions
  /// Offered and without an outcome, at most two.
  private(set) var aboard: [Consignment] = []
  /// The relay has taken or refused a message on it: it does its work.
  private(set) var hasWorked = false
  private(set) var isFinishing = false
  private var deadline: Moment
  private let timeouts: SmtpTimeouts

  init(_ session: CurlSession, relay: Int, settings: Relay, isReserved: Bool, timeouts: SmtpTimeouts, now: Moment) {
    self.session = session
    self.relay = relay
    self.isReserved = isReserved
    self.timeouts = timeouts
    machine = SmtpTransactions(capabilities: session.capabilities, messageLimit: settings.messagesPerConnection)
    deadline = now + Moment.Span(milliseconds: Int64(timeouts.idle))
  }

  var wantsMessage: Bool { machine.wantsMessage }
  var isOver: Bool { machine.ending != nil }
  var wantsWrite: Bool { !machine.outgoing.isEmpty && !isOver }

  /// A consignment with its outcome.
  typealias Settled = (consignment: Consignment, outcome: SmtpOutcome)

  func offer(_ consignment: Consignment, now: Moment, _ settled: inout [Settled]) {
    aboard.append(consignment)
    if aboard.count == 1 { renew(now) }
    take(machine.offer(Int(consignment.number), consignment.message), &settled)
  }

  /// Reads what has come. For TLS until drained: decrypted bytes do not wake poll().
  func read(into buffer: UnsafeMutableRawBufferPointer, now: Moment, _ settled: inout [Settled]) {
    while !isOver {
      switch session.receive(into: buffer) {
      case .bytes(let count):
        let replies = machine.repliesTaken
        take(machine.receive(UnsafeRawBufferPointer(rebasing: buffer[..<count])), &settled)
        // Bytes alone are no progress: a relay that drips them would hold the connection for days.
        if machine.repliesTaken != replies { renew(now) }
        if !session.isEncrypted, count < buffer.count { return }
      case .nothing: return
      case .end: take(machine.closed(), &settled)
      }
    }
  }

  /// Writes what waits, as far as the socket takes it.
  func flush(now: Moment, _ settled: inout [Settled]) {
    guard wantsWrite else { return }
    do throws(CurlSession.Lost) {
      var moved = false
      while !machine.outgoing.isEmpty {
        let session = session
        let taken = try machine.outgoing.flush(limit: session.sendLimit) { (bytes) throws(CurlSession.Lost) in
          try session.send(bytes)
        }
        if taken == 0 { break }
        moved = true
      }
      if moved { renew(now) }
    } catch {
      // What the relay said before it hung up decides more than the broken pipe does; the read finds the end.
      lost = error.text
    }
  }
  private var lost: String?

  /// After reading: a connection that cannot be written any more is over.
  func settleLoss(_ settled: inout [Settled]) {
    if let lost, !isOver { take(machine.closed(lost), &settled) }
  }
  var isLost: Bool { lost != nil }

  /// Says QUIT after what is under way.
  func finish(now: Moment) {
    guard !isFinishing else { return }
    isFinishing = true
    machine.finish()
    if aboard.isEmpty { deadline = now + timeouts.limit(.quit) }
  }

  /// When `expire` is due.
  var dueAt: Moment { deadline }

  func expire(now: Moment, _ settled: inout [Settled]) {
    if machine.waitingFor == nil {
      finish(now: now)
      flush(now: now, &settled)
    } else {
      take(machine.timedOut(), &settled)
    }
  }

  /// Ends at once: what has no answer is uncertain or not sent.
  func abandon(_ settled: inout [Settled]) { take(machine.closed("stopped while waiting for the relay"), &settled) }

  private func renew(_ now: Moment) {
    let span = machine.waitingFor.map(timeouts.limit) ?? Moment.Span(milliseconds: Int64(timeouts.idle))
    deadline = now + span
  }

  private func take(_ effects: [SmtpTransactions.Effect], _ settled: inout [Settled]) {
    for case .outcome(let number, _, let outcome) in effects {
      guard let index = aboard.firstIndex(where: { $0.number == Int64(number) }) else { continue }
      switch outcome {
      case .accepted: hasWorked = true
      case .refused(let failure) where failure.code != 421: hasWorked = true
      default: break
      }
      settled.append((aboard.remove(at: index), outcome))
    }
  }
}
