// Sessions as transcripts: pipelined, strict turns, refusals at every stage, 421, lost connections.

import Mail
import Testing

@Suite struct SmtpTransactionsTests {
  @Test func pipelinedNextGroupRidesBehindTheFinalDot() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      | wants
      + 1 a@x.org
      | busy
      > MAIL FROM:<bounce@center.example>
      > RCPT TO:<a@x.org>
      > DATA
      < 250 2.1.0 Ok
      < 250 2.1.5 Ok
      | busy
      < 354 go on
      | wants
      + 2 b@x.org
      > Subject: x
      >\u{20}
      > hello
      > ..dot
      > .
      > MAIL FROM:<bounce@center.example>
      > RCPT TO:<b@x.org>
      > DATA
      < 250 2.0.0 Ok: queued as 1
      = 1.0 accepted 250
      < 250 Ok
      < 250 Ok
      < 354 go on
      ! finish
      > Subject: x
      >\u{20}
      > hello
      > ..dot
      > .
      < 250 queued
      = 2.0 accepted 250
      > QUIT
      < 221 bye
      # done
      """)
  }

  @Test func strictTurnsWithoutPipelining() {
    var t = SmtpTranscript("SIZE 1000")
    t.run(
      """
      + 1 a@x.org b@x.org
      > MAIL FROM:<bounce@center.example> SIZE=28
      < 250 Ok
      > RCPT TO:<a@x.org>
      < 450 4.2.1 later
      = 1.0 refused recipient 450
      > RCPT TO:<b@x.org>
      < 250 Ok
      > DATA
      < 354 go
      | busy
      > Subject: x
      >\u{20}
      > hello
      > ..dot
      > .
      < 250 Ok
      = 1.1 accepted 250
      | wants
      """)
  }

  @Test func strictTurnsResetAfterRefusal() {
    var t = SmtpTranscript("8BITMIME")
    t.run(
      """
      + 1 a@x.org
      > MAIL FROM:<bounce@center.example>
      < 553 5.1.8 no
      = 1.0 refused mail 553
      > RSET
      | busy
      < 250 Ok
      | wants
      + 2 a@x.org
      > MAIL FROM:<bounce@center.example>
      < 250 Ok
      > RCPT TO:<a@x.org>
      < 550 5.1.1 unknown
      = 2.0 refused recipient 550
      > RSET
      < 250 Ok
      | wants
      """)
  }

  @Test func refusedMailFailsTheGroupAndResets() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org b@x.org
      ~
      < 451 4.3.0 later
      = 1.0 refused mail 451
      = 1.1 refused mail 451
      < 503 5.5.1 need MAIL
      < 503 5.5.1 need MAIL
      < 503 5.5.1 need RCPT
      | wants
      + 2 a@x.org
      > MAIL FROM:<bounce@center.example>
      > RCPT TO:<a@x.org>
      > RCPT TO:<b@x.org>
      > DATA
      > RSET
      > MAIL FROM:<bounce@center.example>
      > RCPT TO:<a@x.org>
      > DATA
      < 250 reset
      < 250 Ok
      < 250 Ok
      < 354 go
      > Subject: x
      >\u{20}
      > hello
      > ..dot
      > .
      < 250 Ok
      = 2.0 accepted 250
      """)
  }

  @Test func allRecipientsRefusedButDataGranted() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org
      > MAIL FROM:<bounce@center.example>
      > RCPT TO:<a@x.org>
      > DATA
      < 250 Ok
      < 550 5.1.1 no
      = 1.0 refused recipient 550
      < 354 go
      > .
      | wants
      < 554 5.5.1 no recipients
      | wants
      """)
  }

  @Test func dataRefused() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org b@x.org
      > MAIL FROM:<bounce@center.example>
      > RCPT TO:<a@x.org>
      > RCPT TO:<b@x.org>
      > DATA
      < 250 Ok
      < 550 5.1.1 no
      = 1.0 refused recipient 550
      < 250 Ok
      < 554 5.7.1 no
      = 1.1 refused data 554
      > RSET
      < 250 Ok
      """)
  }

  @Test func finalDotRefusedAndTheNextGoesOn() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org
      < 250 Ok
      < 250 Ok
      < 354 go
      + 2 b@x.org
      ~
      < 554 5.7.1 spam
      = 1.0 refused final-dot 554
      < 250 Ok
      < 250 Ok
      < 354 go
      ~
      < 250 Ok
      = 2.0 accepted 250
      ! finish
      ~
      ! closed
      # done
      """, ignoringOutput: true)
  }

  @Test func lostAfterTheFinalDotIsUncertainAndTheNextIsNotSent() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org
      < 250 Ok
      < 250 Ok
      < 354 go
      + 2 b@x.org
      ~
      ! closed
      = 1.0 uncertain final-dot -
      = 2.0 passed-over final-dot -
      # failed
      | busy
      """, ignoringOutput: true)
  }

  @Test func lostBeforeTheDotLeftIsNotSent() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org
      ~
      < 250 Ok
      < 250 Ok
      < 354 go
      ! timeout
      = 1.0 not-sent body -
      # failed
      """, ignoringOutput: true)
  }

  @Test func closing421() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org b@x.org
      ~
      < 250 Ok
      < 421 4.3.2 shutting down
      = 1.0 not-sent recipient 421
      = 1.1 not-sent recipient 421
      # failed
      """, ignoringOutput: true)
    t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org
      < 250 Ok
      < 250 Ok
      < 354 go
      + 2 b@x.org
      ~
      < 421 4.3.2 shutting down
      = 1.0 refused final-dot 421
      = 2.0 passed-over final-dot 421
      # failed
      """, ignoringOutput: true)
    t = SmtpTranscript("PIPELINING")
    t.run(
      """
      < 421 4.4.2 idle too long
      # done
      """)
  }

  @Test func garbageEndsTheSession() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org
      ~
      < HTTP/1.1 400 Bad
      = 1.0 not-sent mail -
      # failed
      < 250 too late
      """, ignoringOutput: true)
  }

  @Test func messagesPerSession() {
    var t = SmtpTranscript("PIPELINING", limit: 1)
    t.run(
      """
      + 1 a@x.org
      < 250 Ok
      < 250 Ok
      < 354 go
      | busy
      ~
      < 250 Ok
      = 1.0 accepted 250
      > MAIL FROM:<bounce@center.example>
      > RCPT TO:<a@x.org>
      > DATA
      > Subject: x
      >\u{20}
      > hello
      > ..dot
      > .
      > QUIT
      ! timeout
      # done
      """)
  }

  @Test func parametersAreSentWhenOffered() {
    var t = SmtpTranscript("PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8", "DSN", "REQUIRETLS")
    t.prepare = {
      $0.envelopeID = SmtpEnvelopeID("d+1=x")
      $0.isEightBit = true
      $0.requiresTLSOnward = true
    }
    t.run(
      """
      + 1 a+b@x.org b\u{FC}ro@x.org
      > MAIL FROM:<bounce@center.example> SIZE=28 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=d+2B1+3Dx REQUIRETLS
      > RCPT TO:<a+b@x.org> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb@x.org
      > RCPT TO:<b\u{FC}ro@x.org> NOTIFY=FAILURE,DELAY ORCPT=utf-8;b\\x{FC}ro@x.org
      > DATA
      """)
  }

  @Test(arguments: [
    ("SIZE 27", "compose 5.3.4"), ("SMTPUTF8", "compose 5.6.3"), ("8BITMIME", "address 5.6.7"),
    ("DSN", "capability 5.7.30"),
  ])
  func requiredAndAbsentIsRefusedUnsent(_ offered: String, _ code: String) {
    var t = SmtpTranscript(offered)
    t.prepare = {
      if offered.hasPrefix("SIZE") { return }
      $0.isEightBit = offered == "SMTPUTF8"
      $0.hasUTF8Headers = offered == "8BITMIME"
      $0.requiresTLSOnward = offered == "DSN"
    }
    t.run(
      """
      + 1 a@x.org
      = 1.0 refused \(code)
      | wants
      """)
  }

  /// Whatever a relay says and whenever it goes: one outcome per recipient, and never `notSent` behind a dot.
  @Test(arguments: 1...300)
  func everyOfferedRecipientGetsExactlyOneOutcome(_ seed: UInt64) {
    var random = SplitMix64(state: seed)
    let pipelined = Bool.random(using: &random)
    var machine = SmtpTransactions(
      capabilities: SmtpCapabilities(ehlo: ["x"] + (pipelined ? ["PIPELINING"] : [])), messageLimit: 8)
    var outcomes: [String: Int] = [:]
    var offered = 0
    var dots = 0
    var sent: [UInt8] = []
    func note(_ effects: [SmtpTransactions.Effect]) {
      for case .outcome(let message, let recipient, let outcome) in effects {
        outcomes["\(message).\(recipient)", default: 0] += 1
        if case .uncertain = outcome { dots += 1 }
      }
    }
    for _ in 0..<60 where machine.ending == nil {
      if machine.wantsMessage, Bool.random(using: &random) {
        note(machine.offer(offered, SmtpTranscript.message(["a@x.org", "b@x.org"])))
        offered += 1
      }
      let taken = Int.random(in: 0...200, using: &random)
      _ = machine.outgoing.flush(limit: max(1, taken)) { (bytes: UnsafeRawBufferPointer) -> Int in
        sent.append(contentsOf: bytes.prefix(taken))
        return min(taken, bytes.count)
      }
      let reply: String
      switch Int.random(in: 0..<40, using: &random) {
      case 0: reply = "421 bye\r\n"
      case 1: reply = "garbage\r\n"
      case 2...4: reply = "550 5.1.1 no\r\n"
      case 5...7: reply = "450 later\r\n"
      default: reply = machine.waitingFor == .data ? "354 go\r\n" : "250-a\r\n250 ok\r\n"
      }
      if machine.waitingFor != nil {
        note(Array(reply.utf8).withUnsafeBytes { machine.receive($0) })
      }
    }
    note(machine.closed())
    #expect(outcomes.count == offered * 2, "seed \(seed)")
    #expect(outcomes.values.allSatisfy { $0 == 1 }, "seed \(seed)")
    #expect(dots <= 2, "seed \(seed)")
  }
}
