// Messages: what is shared, what differs by reader, ids.

import Bulletins
import Foundation
import Markings
import Rendering
import Testing

@testable import Mail

struct MessageTests {
  private func head(_ message: [UInt8]) -> [(name: String, value: String)] {
    let text = String(decoding: message, as: UTF8.self)
    return unfolded(Array((text.components(separatedBy: "\r\n\r\n")[0] + "\r\n").utf8))
  }

  @Test func everyFieldOnceInOrder() throws {
    let composer = MessageComposer(try MailSample.heading(), body: EncodedBody(MailSample.rendered(text: "a\n")))
    let fields = head(
      composer.message(
        to: try Mailbox(parsing: "a@x.gov"), id: try MailSample.id("a"), earlier: [try MailSample.id("b")],
        unsubscribe: Unsubscribe(page: "https://x/u")))
    #expect(
      fields.map(\.name) == [
        "From", "Subject", "Date", "To", "Message-ID", "References", "List-Unsubscribe", "List-Unsubscribe-Post",
        "List-Id", "Auto-Submitted", "SIO-Label", "X-Priority", "MIME-Version", "Content-Type",
      ])
  }

  @Test func readersShareAllButTheirOwnLines() throws {
    let composer = MessageComposer(try MailSample.heading(), body: EncodedBody(MailSample.rendered(text: "a\n")))
    let a = composer.segments(to: try Mailbox(parsing: "a@x.gov"), id: try MailSample.id("a"))
    let b = composer.segments(to: try Mailbox(parsing: "b@x.gov"), id: try MailSample.id("b"))
    #expect(a.dropFirst() == b.dropFirst())
    let lines = { (message: [UInt8]) in Set(String(decoding: message, as: UTF8.self).components(separatedBy: "\r\n")) }
    #expect(lines(a[0]).symmetricDifference(lines(b[0])).count == 4)
    #expect(Array(a.joined()) == composer.message(to: try Mailbox(parsing: "a@x.gov"), id: try MailSample.id("a")))
  }

  @Test func idsTellReadersRevisionsAndChannelsApart() throws {
    let domain = try EmailAddress("x@cfc.example.gov")
    func id(_ revision: String, _ reader: String, _ channel: String) -> String {
      MessageID(revision: revision, reader: reader, channel: channel, domain: domain).text
    }
    let texts = [
      id("sha256:aa", "a.b", "email-tls"), id("sha256:ab", "a.b", "email-tls"), id("sha256:aa", "a", "b.email-tls"),
      id("sha256:aa", "a=2Eb", "email-tls"), id("sha256:aa", "a.b", "email-plain"), id("sha256:aa", "\r\n>", "x"),
      id("", "", ""),
    ]
    #expect(Set(texts).count == texts.count)
    for text in texts { #expect(text.utf8.allSatisfy { isAtext($0) || $0 == 0x2E || $0 == 0x40 }) }
    #expect(id("sha256:aa", "a", "c") == id("sha256:aa", "a", "c"))
  }

  @Test func previewGoesToNobody() throws {
    let composer = MessageComposer(try MailSample.heading(), body: EncodedBody(MailSample.rendered(text: "a\n")))
    let fields = head(try composer.preview(revision: "sha256:" + String(repeating: "ef", count: 32)))
    #expect(fields.first { $0.name == "To" }?.value == "preview@invalid")
    #expect(
      fields.first { $0.name == "Message-ID" }?.value
        == "<efefefefefefefefefefefefefefefef.preview.draft@cfc.example.gov>")
  }

  @Test func unsubscribeTakesOnlyPlainPages() {
    for bad in ["http://x", "https://x>\r\nBcc: y", "https://x y", "https://\u{E9}", "javascript:x"] {
      #expect(Unsubscribe(page: bad) == nil, "\(bad)")
    }
  }

  @Test func priorityFollowsUrgency() throws {
    let body = EncodedBody(MailSample.rendered(text: "a\n"))
    for (urgency, value) in [(Urgency.immediate, "1"), (.priority, "2"), (.routine, "3")] {
      let composer = MessageComposer(try MailSample.heading(urgency), body: body)
      let fields = head(composer.message(to: try Mailbox(parsing: "a@x.gov"), id: try MailSample.id("a")))
      #expect(fields.first { $0.name == "X-Priority" }?.value == value)
    }
  }
}
