// Scope and permanence of what relays say.

import Outbox
import Testing

@Suite struct FailurePolicyTests {
  private func verdict(_ stage: Failure.Stage, _ code: Int? = nil, _ enhanced: String? = nil, _ text: String = "")
    -> FailurePolicy.Verdict
  {
    FailurePolicy.verdict(on: Failure(stage: stage, code: code, enhanced: enhanced, text: text))
  }

  @Test(arguments: [Failure.Stage.connect, .tls, .greeting, .hello, .login, .capability])
  func aRelaysTroubleIsNeverTheReaders(stage: Failure.Stage) {
    for code in [nil, 421, 454, 535, 554] as [Int?] {
      let verdict = verdict(stage, code)
      #expect(verdict.scope == .relay)
      #expect(verdict.event == .handBack)
      #expect(verdict.alerts && verdict.endsSession)
    }
    #expect(verdict(.tls).permanence == .permanent)
    #expect(verdict(.connect).permanence == .temporary)
  }

  @Test(arguments: [Failure.Stage.mail, .recipient, .data, .body])
  func aLostConnectionBeforeTheFinalDotIsTriedAgain(stage: Failure.Stage) {
    #expect(verdict(stage).event == .defer)
    #expect(verdict(stage).scope == .session)
    #expect(verdict(stage, 421, "4.3.2").event == .defer)
    #expect(verdict(stage, 421).endsSession)
  }

  @Test func afterTheFinalDotNobodyKnows() {
    #expect(verdict(.finalDot).event == .lose)
    #expect(verdict(.finalDot, 451).event == .defer)
    #expect(verdict(.finalDot, 421).event == .defer)
  }

  @Test func fiveHundredAtTheRecipientIsTheirs() {
    let verdict = verdict(.recipient, 550, "5.1.1")
    #expect(verdict.event == .bounce && verdict.scope == .recipient && verdict.permanence == .permanent)
    #expect(verdict.proposesSuppression)
    #expect(self.verdict(.recipient, 553).event == .bounce)
    #expect(self.verdict(.address).event == .bounce)
  }

  /// Checks of client, HELO and sender that a relay keeps until RCPT: a person must look, no reader is at fault.
  @Test(
    arguments: [
      (554, "5.7.1", "<x@y.example>: Relay access denied"), (550, nil, "relay not permitted"),
      (550, "5.7.1", "Unable to relay"),
      (553, nil, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
      (553, "5.7.1", "<bounce+1@z.example>: Sender address rejected: not owned by user revere"),
      (554, "5.7.1", "<host[192.0.2.1]>: Client host rejected: Access denied"),
      (504, "5.5.2", "<host>: Helo command rejected: need fully-qualified hostname"),
      (553, "5.1.8", "Domain not found"), (550, "5.7.0", ""), (550, nil, "Sender verify failed"),
    ] as [(Int, String?, String)])
  func whatIsHeldAgainstUsAtTheRecipientIsNoReaders(code: Int, enhanced: String?, text: String) {
    let verdict = verdict(.recipient, code, enhanced, text)
    #expect(verdict.event == .quarantine && verdict.scope == .message && verdict.alerts)
    #expect(!verdict.proposesSuppression)
  }

  @Test(
    arguments: [
      (550, "5.1.1", "<x@relay.example>: Recipient address rejected: User unknown in relay recipient table"),
      (550, nil, "<x@y.example>: Recipient address rejected: User unknown in relay recipient table"),
      (554, "5.7.1", "<x@y.example>: Recipient address rejected: Access denied"),
      (550, nil, "<sender@relay.example> no such mailbox"), (550, "5.2.1", "sender may not write to it"),
      (550, nil, ""),
    ] as [(Int, String?, String)])
  func whatIsSaidOfTheReaderIsTheirs(code: Int, enhanced: String?, text: String) {
    #expect(verdict(.recipient, code, enhanced, text).event == .bounce)
  }

  @Test(arguments: [Failure.Stage.mail, .data, .body, .finalDot])
  func fiveHundredElsewhereIsTheMessages(stage: Failure.Stage) {
    let verdict = verdict(stage, 554, "5.6.0")
    #expect(verdict.event == .quarantine && verdict.scope == .message && verdict.alerts)
    #expect(self.verdict(stage, 552).event == .quarantine)
    #expect(self.verdict(stage, 550, "5.1.1").event == .bounce)
    #expect(self.verdict(stage, 550, "5.1.8").event == .quarantine)
  }

  @Test func loginAskedForInTheMiddleIsTheRelays() {
    #expect(verdict(.mail, 530, "5.7.0").event == .handBack)
    #expect(verdict(.recipient, 530).scope == .relay)
  }

  @Test func unknownIsTemporary() {
    for code in [nil, 0, 99, 250, 299, 300, 354, 399, 600, 999, -1] as [Int?] {
      for stage in [Failure.Stage.mail, .recipient, .data, .body] {
        #expect(verdict(stage, code).permanence == .temporary)
        #expect(verdict(stage, code).event == .defer)
      }
    }
    #expect(verdict(.recipient, 552).event == .defer)
    #expect(verdict(.recipient, 552, "5.2.2").event == .bounce)
    #expect(verdict(.recipient, 550, "4.2.0").event == .defer)
    #expect(verdict(.finalDot, 451, "nonsense").event == .defer)
  }

  @Test(
    arguments: [
      ("Greylisted, please try again in 5 minutes", 300), ("retry after 300 seconds", 300),
      ("Service unavailable; come back in 00:04:32", 272), ("4.7.1 wait 90s", 90), ("try again in 2 hours", 7200),
      ("temporarily deferred, retry in 10min", 600), ("See you again later, delay of 45 sec", 45),
    ] as [(String, Int64)])
  func delaysThatRepliesName(text: String, seconds: Int64) {
    #expect(verdict(.recipient, 451, nil, text).delay == .seconds(seconds))
    #expect(verdict(.recipient, 550, nil, text).delay == nil)
  }

  @Test(arguments: [
    "mailbox busy", "try again later", "limit of 100 per 1 hour reached, wait", "in 0 seconds", "over quota 5 min",
    "retry in 99999999999999999999 seconds", "[192.0.2.1:25] again", "\u{0}\u{1F600} in ５ minutes", "",
  ])
  func textsThatNameNone(text: String) {
    #expect(NamedDelay.read(text) == nil)
  }

  @Test func anyTextIsSurvived() {
    for seed in UInt64(1)...50 {
      var dice = Dice(seed: seed)
      let bytes = (0..<400).map { _ in UInt8.random(in: 0...255, using: &dice) }
      let text = "try again in " + String(decoding: bytes, as: UTF8.self)
      if let delay = NamedDelay.read(text) { #expect(delay > .zero, "seed \(seed)") }
    }
  }
}
