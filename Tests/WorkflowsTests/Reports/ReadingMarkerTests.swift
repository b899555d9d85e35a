// A mail that ends the program is found by the next start, set aside whole, with a task, and not read again.

import Foundation
import Mail
import Outbox
import Store
import Testing
import Workflows

@Suite struct ReadingMarkerTests {
  private static let mail = Array("From: x@example.gov\nSubject: poison\n\nwords\n".utf8)

  private func left(_ root: String) throws -> [ReadingMarker.Left] {
    var found: [ReadingMarker.Left] = []
    try ReadingMarker.takeLeft(root: root) { found.append($0) }
    return found
  }

  /// Puts a process that died in the place of this one: its file without its lock.
  private func die(_ root: String) throws {
    let folder = root + "/" + ReadingMarker.folder
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
      try bytes.write(to: URL(fileURLWithPath: folder + "/dead-" + name))
    }
  }

  @Test func whatWasBeingReadIsFoundOnce() throws {
    let scratch = try ScratchFolder()
    let marker = try ReadingMarker(root: scratch.path)
    try marker.begin("a file:3", [UInt8](repeating: 0x41, count: 5_000))
    try marker.begin("a file:4", Self.mail)
    // Alive: its mail is its own.
    #expect(try left(scratch.path).isEmpty)
    try die(scratch.path)
    #expect(try left(scratch.path) == [ReadingMarker.Left(source: "a file:4", bytes: Self.mail)])
    #expect(try left(scratch.path).isEmpty)
    try marker.end()
    try die(scratch.path)
    #expect(try left(scratch.path).isEmpty)
  }

  @Test func nothingStaysOfAProcessThatEndsWell() throws {
    let scratch = try ScratchFolder()
    var marker: ReadingMarker? = try ReadingMarker(root: scratch.path)
    try marker?.begin("a file:1", Self.mail)
    marker = nil
    let folder = scratch.path + "/" + ReadingMarker.folder
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  /// Files of another making, or cut short, are no mails and stop nothing.
  @Test(arguments: [
    [], [1], [UInt8](repeating: 0xFF, count: 40), [UInt8](repeating: 0, count: 16),
    [9] + [UInt8](repeating: 0, count: 15),
  ])
  func otherFiles(bytes: [UInt8]) throws {
    let scratch = try ScratchFolder()
    _ = try ReadingMarker(root: scratch.path)
    let path = scratch.path + "/" + ReadingMarker.folder + "/other"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try left(scratch.path).isEmpty)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func itIsSetAsideWithATaskAndNotReadAgain() throws {
    let returned = try Returned()
    let report = try returned.report(about: "officer")
    let left = ReadingMarker.Left(source: "INBOX/17", bytes: report.bytes)
    let done = try #require(try returned.recorder.setAside(left, at: returned.now))
    #expect(done.outcome == .setAside && done.words == ReportRecorder.fatal)
    let (aside, tasks) = try returned.site.store.read { (try $0.mailSetAside(), try $0.tasks(closed: false)) }
    #expect(aside.map(\.bytes) == [report.bytes] && aside.first?.source == "INBOX/17")
    #expect(tasks.count == 1 && tasks.first?.why.contains("INBOX/17") == true)
    #expect(try returned.site.audit().last?.action == "set-aside")
    // The mailbox still has it, among others.
    let other = try returned.report(about: "clerk")
    let again = try returned.recorder.record([report, other], at: returned.now)
    #expect(again.map(\.outcome) == [.setAside, .bounced])
    #expect(try returned.row("officer").state == .accepted)
    #expect(try returned.site.store.read { try $0.mailSetAside() }.count == 1)
  }
}
