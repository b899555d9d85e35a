// `revere bounces read | poll | aside`: what came back after sending. Nothing that a mail says can stop the reading; a
// mail that cannot be read or recorded is set aside with its reason.

import ArgumentParser
import Bulletins
import Couriers
import Foundation
import Mail
import Markings
import Outbox
import Store
import Workflows

struct BouncesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bounces", abstract: "Read what came back after sending: failures, delays, absence notes.",
    discussion:
      "A report counts only with the tag that this site gave the delivery, about the address that it went to.",
    subcommands: [Read.self, Poll.self, Aside.self])

  struct Read: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read mails from files, standard input or a Maildir, and record what they say.",
      discussion: "Files are single mails or mbox. They are left as they are; reading one again changes nothing.")

    @Argument(help: "Files of one mail, or mbox; - is standard input.", completion: .file())
    var files: [String] = []

    @Option(help: ArgumentHelp("Every mail of a Maildir.", valueName: "dir"), completion: .directory)
    var maildir: String?

    @Flag(help: "One JSON object a mail.")
    var json = false

    @Flag(help: "Tell what the mails say, record nothing.")
    var dryRun = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
      if files.isEmpty, maildir == nil { throw ValidationError("Name files, - or --maildir DIR.") }
    }

    func run() throws {
      let session = try Session(options)
      let store = dryRun ? nil : try session.store()
      var output = ReportOutput(json: json)
      let recorder = try session.reportRecorder(store)
      if store != nil { try session.setAsideFatal(recorder, &output) }
      var waiting: [ReportRecorder.Input] = []
      var unreadable: [String] = []
      func flush() throws {
        defer { waiting = [] }
        guard !waiting.isEmpty else { return }
        output.print(
          dryRun
            ? waiting.map(recorder.look)
            : try Session.words { try recorder.record(waiting, at: session.clock.moment) })
      }
      func take(_ source: String, _ bytes: [UInt8]) throws {
        waiting.append(ReportRecorder.Input(source: source, bytes: bytes))
        if waiting.count >= 100 { try flush() }
      }
      for file in files {
        do {
          try MailFile.read(file, take)
        } catch let problem as WorkspaceProblem {
          unreadable.append("\(problem.path): \(problem.message)")
        }
      }
      if let maildir {
        let mailbox = MaildirMailbox(path: maildir, settling: .delete)
        try Session.words {
          var names = try mailbox.list(after: nil)
          while let last = names.last {
            for name in names {
              do throws(MailboxFailure) {
                guard let bytes = try mailbox.fetch(name, limit: ReportRecorder.mailLimit) else { continue }
                waiting.append(ReportRecorder.Input(source: maildir + "/" + name, bytes: bytes))
              } catch {
                unreadable.append("\(error.place): \(error.message)")
              }
              if waiting.count >= 100 { try flush() }
            }
            names = try mailbox.list(after: last)
          }
        }
      }
      try flush()
      output.finish(dryRun: dryRun)
      for line in unreadable { Terminal.error("revere: " + line) }
      if !unreadable.isEmpty { throw ExitCode(CommandFailure.Kind.environment.rawValue) }
      if output.setAside > 0 { throw ExitCode(CommandFailure.Kind.findings.rawValue) }
    }
  }

  struct Poll: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read the mailbox that `bounces` of revere.yaml names.",
      discussion: "A mail is deleted, or marked, only after what it says is in the ledger.")

    @Flag(help: "One JSON object a mail.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let mailbox = try session.reportMailbox()
      let store = try session.store()
      let recorder = try session.reportRecorder(store)
      var output = ReportOutput(json: json)
      try session.setAsideFatal(recorder, &output)
      let summary = try Session.words {
        try MailboxPoll.run(mailbox, limit: ReportRecorder.mailLimit) { mails in
          let inputs = mails.map { ReportRecorder.Input(source: mailbox.place + "/" + $0.name, bytes: $0.bytes) }
          output.print(try recorder.record(inputs, at: session.clock.moment))
        }
      }
      output.finish(dryRun: false)
      for failure in summary.failures { Terminal.error("revere: \(failure.place): \(failure.message)") }
      if output.setAside > 0 || !summary.failures.isEmpty {
        throw ExitCode(CommandFailure.Kind.findings.rawValue)
      }
    }
  }

  struct Aside: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Mails that could not be read or recorded, and why.")

    @Option(help: ArgumentHelp("Write the bytes of one to standard output.", valueName: "number"))
    var show: Int64?

    @Flag(help: "One JSON object a mail.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let store = try session.store()
      let mails = try Session.words { try store.read { try $0.mailSetAside() } }
      if let show {
        guard let mail = mails.first(where: { $0.id == show }) else {
          throw CommandFailure(.usage, "no mail \(show) is set aside", hint: "see `revere bounces aside`")
        }
        Terminal.write(mail.bytes, to: STDOUT_FILENO)
        return
      }
      let zone = session.settings.site.zone
      for mail in mails {
        let at = Instant(seconds: mail.at.seconds).rfc3339(in: zone)
        Terminal.print(
          json
            ? JSONLine.encode(
              AsideLine(number: mail.id, file: mail.source, reason: mail.reason, bytes: mail.bytes.count, at: at))
            : "\(mail.id)  \(at)  \(mail.source): \(mail.reason)")
      }
      if mails.isEmpty, !json { Terminal.print("No mail is set aside.") }
    }

    private struct AsideLine: Encodable {
      var number: Int64
      var file: String
      var reason: String
      var bytes: Int
      var at: String
    }
  }
}

/// Mails of a file, by pieces: a mailbox file may be larger than memory.
enum MailFile {
  static func read(_ file: String, _ take: (String, [UInt8]) throws -> Void) throws {
    let isInput = file == "-"
    let descriptor = isInput ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw WorkspaceProblem(.notReadable, file, String(cString: strerror(errno)))
    }
    defer { if !isInput { close(descriptor) } }
    let name = isInput ? "standard input" : file
    var piece = [UInt8](repeating: 0, count: 65_536)
    var head: [UInt8] = []
    var splitter: MboxSplitter?
    var number = 0
    while true {
      let count = Foundation.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw WorkspaceProblem(.notReadable, name, String(cString: strerror(errno))) }
      if count == 0 { break }
      if splitter == nil, number == 0, head.count < 5 {
        head += piece[..<count]
        if head.count < 5 { continue }
        if MboxSplitter.isMbox(head) {
          splitter = MboxSplitter(limit: ReportRecorder.mailLimit)
          splitter?.feed(head)
          head = []
        }
      } else if splitter != nil {
        splitter?.feed(piece[..<count])
      } else if head.count < ReportRecorder.mailLimit {
        head += piece[..<min(count, ReportRecorder.mailLimit - head.count)]
      }
      for mail in splitter?.take() ?? [] {
        number += 1
        try take("\(name):\(number)", mail)
      }
    }
    guard var splitter else { return try take(name, head) }
    splitter.finish()
    for mail in splitter.take() {
      number += 1
      try take("\(name):\(number)", mail)
    }
  }
}

struct ReportOutput {
  let json: Bool
  private(set) var setAside = 0
  private var counts: [String: Int] = [:]
  private var total = 0

  init(json: Bool) { self.json = json }

  mutating func print(_ reports: [RecordedReport]) {
    for report in reports {
      total += 1
      let outcome = report.outcome?.rawValue ?? report.kind?.rawValue ?? "unreadable"
      counts[outcome, default: 0] += 1
      if report.outcome == .setAside { setAside += 1 }
      Terminal.print(json ? JSONLine.encode(Line(report)) : Self.text(report))
    }
  }

  func finish(dryRun: Bool) {
    guard !json else { return }
    let parts = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    let mails = "\(total) mail\(total == 1 ? "" : "s") read"
    Terminal.error(
      parts.isEmpty ? mails : mails + ": " + parts.joined(separator: ", ") + (dryRun ? "; nothing was recorded" : ""))
  }

  private static func text(_ report: RecordedReport) -> String {
    var words = [report.kind?.rawValue ?? "unreadable"]
    for reader in report.readers.prefix(3) {
      words.append(
        [reader.address, reader.status?.description ?? ""].filter { !$0.isEmpty }.joined(separator: " "))
    }
    if let outcome = report.outcome { words.append(outcome.rawValue) }
    if !report.words.isEmpty { words.append(report.words) }
    return "\(report.source): " + words.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  struct Line: Encodable {
    struct Reader: Encodable {
      var address: String
      var status: String?
      var action: String
      var diagnostic: String
    }
    var file: String
    var kind: String
    var readers: [Reader]
    var delivery: Int64?
    var form: String?
    var outcome: String?
    var words: String?

    init(_ report: RecordedReport) {
      file = report.source
      kind = report.kind?.rawValue ?? "unreadable"
      readers = report.readers.map {
        Reader(
          address: $0.address, status: $0.status?.description, action: $0.action.rawValue, diagnostic: $0.diagnostic)
      }
      delivery = report.delivery
      form = report.form.isEmpty ? nil : report.form
      outcome = report.outcome?.rawValue
      words = report.words.isEmpty ? nil : report.words
    }

    enum Key: String, CodingKey { case file, kind, readers, delivery, form, outcome, words }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(file, forKey: .file)
      try container.encode(kind, forKey: .kind)
      try container.encode(readers, forKey: .readers)
      // Always there: null says that no delivery of ours is named.
      try container.encode(delivery, forKey: .delivery)
      try container.encodeIfPresent(form, forKey: .form)
      try container.encodeIfPresent(outcome, forKey: .outcome)
      try container.encodeIfPresent(words, forKey: .words)
    }
  }
}
