// The order of a poll: a mail leaves the mailbox only after its outcome is committed; what fails stays and stops nobody.

import Couriers
import Foundation
import Testing

/// Remembers what was asked of it.
final class ListedMailbox: ReportMailbox {
  let place = "a mailbox"
  var mails: [String]
  var events: [String] = []
  var broken: Set<String> = []
  var vanished: Set<String> = []
  var dropsAt: String?

  init(_ mails: [String]) { self.mails = mails }

  /// Names listed at once.
  var most = Int.max

  func list(after name: String?) throws(MailboxFailure) -> [String] {
    Array(mails.filter { Int($0) ?? 0 > name.flatMap { Int($0) } ?? -1 }.prefix(most))
  }
  func fetch(_ name: String, limit: Int) throws(MailboxFailure) -> [UInt8]? {
    if name == dropsAt { throw MailboxFailure(place: place, message: "the session was lost") }
    if broken.contains(name) { throw MailboxFailure(place: name, message: "no", isFatal: false) }
    return vanished.contains(name) ? nil : Array(name.utf8.prefix(limit))
  }
  func settle(_ names: [String]) throws(MailboxFailure) {
    events.append("settle \(names.count)")
    mails.removeAll { names.contains($0) }
  }
  func close() { events.append("close") }
}

struct NotCommitted: Error {}

@Suite struct MailboxPollTests {
  @Test func nothingIsSettledBeforeItIsCommitted() throws {
    let mailbox = ListedMailbox((0..<120).map(String.init))
    let summary = try MailboxPoll.run(mailbox, limit: 100) { mails in mailbox.events.append("commit \(mails.count)") }
    #expect(
      mailbox.events == ["commit 50", "settle 50", "commit 50", "settle 50", "commit 20", "settle 20", "close"])
    #expect(summary.read == 120 && summary.failures.isEmpty && mailbox.mails.isEmpty)
  }

  @Test func whatIsNotCommittedStays() throws {
    let mailbox = ListedMailbox((0..<120).map(String.init))
    var commits = 0
    #expect(throws: NotCommitted.self) {
      try MailboxPoll.run(mailbox, limit: 100) { _ in
        commits += 1
        if commits == 2 { throw NotCommitted() }
      }
    }
    #expect(mailbox.events == ["settle 50"] && mailbox.mails.count == 70)
  }

  @Test func oneMailThatCannotBeFetchedStopsNoOther() throws {
    let mailbox = ListedMailbox(["1", "2", "3", "4"])
    mailbox.broken = ["2"]
    mailbox.vanished = ["3"]
    let summary = try MailboxPoll.run(mailbox, limit: 100) { #expect($0.map(\.name) == ["1", "4"]) }
    #expect(summary.read == 2 && summary.failures.map(\.place) == ["2"] && mailbox.mails == ["2", "3"])
  }

  @Test func aLongListComesInPieces() throws {
    let mailbox = ListedMailbox((0..<70).map(String.init))
    mailbox.most = 30
    mailbox.broken = ["29", "69"]
    var read: [String] = []
    let summary = try MailboxPoll.run(mailbox, limit: 100) { read += $0.map(\.name) }
    #expect(read == (0..<70).filter { $0 != 29 && $0 != 69 }.map(String.init))
    #expect(summary.read == 68 && summary.failures.count == 2 && mailbox.mails == ["29", "69"])
  }

  @Test func aLostSessionEndsThePollAndKeepsWhatWasNotSettled() throws {
    let mailbox = ListedMailbox(["1", "2", "3"])
    mailbox.dropsAt = "3"
    #expect(throws: MailboxFailure.self) { try MailboxPoll.run(mailbox, limit: 100) { _ in } }
    #expect(mailbox.events.isEmpty && mailbox.mails.count == 3)
  }

  @Test func passwordsGoNowhereInTheClear() {
    func access(_ host: String, _ tls: Relay.Protection) throws {
      _ = try MailboxAccess(
        language: .imap, host: host, port: 993, tls: tls, caFile: nil, user: "u", password: Secret("p"),
        folder: "INBOX", settling: .delete)
    }
    #expect(throws: MailboxFailure.self) { try access("mail.example.gov", .none) }
    #expect(throws: MailboxFailure.self) { try access("mail.example.gov/x", .implicit) }
    #expect(throws: Never.self) { try access("localhost", .none) }
    #expect(throws: Never.self) { try access("mail.example.gov", .required) }
  }
}

@Suite struct MaildirMailboxTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("revere-maildir-\(UUID().uuidString)")

  private func make() throws {
    for name in ["new", "cur", "tmp"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    try "two".write(to: folder.appendingPathComponent("new/2.a"), atomically: true, encoding: .utf8)
    try "one".write(to: folder.appendingPathComponent("cur/1.a:2,F"), atomically: true, encoding: .utf8)
    try "seen".write(to: folder.appendingPathComponent("cur/0.a:2,S"), atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      at: folder.appendingPathComponent("new/3.link"), withDestinationURL: folder.appendingPathComponent("cur/1.a:2,F"))
  }

  @Test func marking() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try make()
    let mailbox = MaildirMailbox(path: folder.path, settling: .mark)
    var read: [String] = []
    let summary = try MailboxPoll.run(mailbox, limit: 2) { mails in
      read += mails.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
    #expect(read == ["on", "tw"] && summary.failures.count == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("cur").path).sorted()
    #expect(names == ["0.a:2,S", "1.a:2,FS", "2.a:2,S"])
    #expect(try MailboxPoll.run(mailbox, limit: 100) { _ in }.read == 0)
  }

  @Test func deleting() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try make()
    try FileManager.default.removeItem(at: folder.appendingPathComponent("new/3.link"))
    let mailbox = MaildirMailbox(path: folder.path, settling: .delete)
    #expect(try MailboxPoll.run(mailbox, limit: 100) { _ in }.read == 3)
    #expect(try mailbox.list(after: nil).isEmpty)
    #expect(throws: MailboxFailure.self) {
      try MaildirMailbox(path: folder.path + "/none", settling: .mark).list(after: nil)
    }
  }
  /// However many mails there are, only so many names are held at once; all are read, the oldest first.
  @Test(arguments: [MailboxSettling.mark, .delete])
  func piecesOfALargeFolder(settling: MailboxSettling) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["new", "cur", "tmp"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    for number in 100..<140 {
      let name = number % 3 == 0 ? "cur/\(number).a:2," : "new/\(number).a"
      try "\(number)".write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    let mailbox = MaildirMailbox(path: folder.path, settling: settling, most: 7)
    #expect(try mailbox.list(after: nil).count == 7)
    var read: [String] = []
    let summary = try MailboxPoll.run(mailbox, limit: 100) { mails in
      read += mails.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
    #expect(summary.read == 40 && read == (100..<140).map(String.init))
    #expect(try mailbox.list(after: nil).isEmpty)
  }
}
