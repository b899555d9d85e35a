// A relay that says one reply too many: nobody's message is taken for accepted by the answer to another's.

import Mail
import Testing

@Suite struct SmtpOutOfStepTests {
  @Test func anAcceptanceBeforeTheFinalDotLeftIsNone() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org
      ~
      < 250 Ok
      < 250 Ok
      < 354 go on
      < 250 2.0.0 Ok already
      = 1.0 not-sent body -
      # failed
      """, ignoringOutput: true)
  }

  @Test func aRefusalMayComeWhileTheMessageFlows() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org
      ~
      < 250 Ok
      < 250 Ok
      < 354 go on
      < 552 5.3.4 too big
      = 1.0 refused final-dot 552
      """, ignoringOutput: true)
  }

  @Test func aReplyTooManyInAPipelineEndsTheSession() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org
      ~
      < 250 Ok
      < 250 Ok
      < 354 go on
      + 2 a@x.org
      ~
      < 250 Ok
      = 1.0 accepted 250
      < 250 Ok
      < 250 Ok
      < 250 Ok
      = 2.0 not-sent data -
      # failed
      """, ignoringOutput: true)
  }

  @Test func aReplyTooManyInStrictTurnsEndsTheSession() {
    var t = SmtpTranscript()
    t.run(
      """
      + 1 a@x.org
      > MAIL FROM:<bounce@center.example>
      < 250 Ok
      < 250 Ok
      = 1.0 not-sent recipient -
      # failed
      """, ignoringOutput: true)
  }

  @Test func anotherGoAheadAfterTheFinalDotLeavesItUncertain() {
    var t = SmtpTranscript("PIPELINING")
    t.run(
      """
      + 1 a@x.org
      ~
      < 250 Ok
      < 250 Ok
      < 354 go on
      ~
      < 354 go on
      = 1.0 uncertain final-dot -
      # failed
      """, ignoringOutput: true)
  }
}
