// Mails of an mbox file, whatever pieces the bytes come in.

import Mail
import Testing

@Suite struct MboxSplitterTests {
  private static let mbox = """
    From MAILER-DAEMON Sun Nov 22 02:20:11 2026
    Subject: one

    From here on this line belongs to the text.
    >From the other side too.

    From MAILER-DAEMON Sun Nov 22 02:20:12 2026
    Subject: two

    """

  @Test(arguments: [1, 2, 7, 1_000]) func mailsAreWhole(_ piece: Int) throws {
    var splitter = MboxSplitter()
    let bytes = Array(Self.mbox.utf8)
    var start = 0
    while start < bytes.count {
      splitter.feed(bytes[start..<min(start + piece, bytes.count)])
      start += piece
    }
    splitter.finish()
    let mails = splitter.take().map { String(decoding: $0, as: UTF8.self) }
    #expect(
      mails == [
        "Subject: one\n\nFrom here on this line belongs to the text.\nFrom the other side too.\n\n", "Subject: two\n",
      ])
    #expect(splitter.take().isEmpty)
  }

  @Test func aLongMailIsCutAndTheNextIsNot() {
    var splitter = MboxSplitter(limit: 50)
    splitter.feed(
      Array("From a 02:20\nSubject: x\n\n\(String(repeating: "y", count: 500))\nz\n\nFrom b 02:21\nSubject: two\n".utf8)
    )
    splitter.finish()
    let mails = splitter.take()
    #expect(mails.count == 2 && mails[0].count == 50 && mails[1] == Array("Subject: two\n".utf8))
  }

  @Test func otherFilesAreNone() {
    #expect(!MboxSplitter.isMbox("Return-Path: <>\n".utf8) && MboxSplitter.isMbox("From x\n".utf8))
  }
}
