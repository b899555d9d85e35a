// Runs the SMTP state machine along a written transcript, so that a test reads as the session it describes.
//
//   + 1 a@x.org b@x.org   message 1 is offered
//   > MAIL FROM:<...>     the next line that we send
//   < 250 2.1.0 Ok        the relay's reply
//   = 1.0 accepted 250    an outcome: message.recipient kind code (code `-`: no reply decided)
//   # done / # failed     the session's end
//   | wants / | busy      whether a message is wanted now
//   ~                     the transport takes all that waits (`>` does so too)
//   ! closed / ! timeout / ! finish

import Mail
import Testing

struct SmtpTranscript: ~Copyable {
  var machine: SmtpTransactions
  var prepare: (inout SmtpMessage) -> Void = { _ in }
  private var bytes: [UInt8] = []
  private var output: [String] = []
  private var effects: [String] = []

  init(_ extensions: String..., limit: Int = .max) {
    machine = SmtpTransactions(
      capabilities: SmtpCapabilities(ehlo: ["relay.example"] + extensions), messageLimit: limit)
  }

  static func message(_ recipients: some Sequence<String>) -> SmtpMessage {
    SmtpMessage(
      from: SmtpPath("bounce@center.example"),
      recipients: recipients.compactMap { SmtpPath($0).map { SmtpRecipient($0) } },
      content: SmtpContent(unstuffed: "Subject: x\n\nhello\n.dot\n".utf8))
  }

  mutating func run(
    _ script: String, ignoringOutput: Bool = false, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    for line in script.split(separator: "\n").map({ $0.drop(while: { $0 == " " }) }) where !line.isEmpty {
      let rest = String(line.dropFirst(2))
      switch line.first {
      case "+":
        let words = rest.split(separator: " ").map(String.init)
        var message = Self.message(words.dropFirst())
        prepare(&message)
        note(machine.offer(Int(words.first ?? "") ?? 0, message))
      case "<": note(Array((rest + "\r\n").utf8).withUnsafeBytes { machine.receive($0) })
      case "!":
        switch rest {
        case "closed": note(machine.closed())
        case "timeout": note(machine.timedOut())
        default: machine.finish()
        }
      case "~": drain()
      case ">":
        drain()
        same(output.isEmpty ? "> nothing" : "> " + output.removeFirst(), String(line), sourceLocation)
      case "|": same(machine.wantsMessage ? "| wants" : "| busy", String(line), sourceLocation)
      case "=", "#": same(effects.isEmpty ? "nothing" : effects.removeFirst(), String(line), sourceLocation)
      default: Issue.record("unknown line: \(line)", sourceLocation: sourceLocation)
      }
    }
    drain()
    same((effects + (ignoringOutput ? [] : output)).joined(separator: "\n"), "", sourceLocation)
  }

  private func same(_ found: String, _ expected: String, _ sourceLocation: Testing.SourceLocation) {
    #expect(found == expected, sourceLocation: sourceLocation)
  }

  private mutating func drain() {
    while machine.outgoing.flush({ (chunk: UnsafeRawBufferPointer) -> Int in
      bytes.append(contentsOf: chunk)
      return chunk.count
    }) > 0 {}
    while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
      output.append(String(decoding: bytes[..<end].filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self))
      bytes.removeFirst(end + 1)
    }
  }

  private mutating func note(_ new: [SmtpTransactions.Effect]) {
    for effect in new {
      switch effect {
      case .outcome(let message, let recipient, let outcome):
        effects.append("= \(message).\(recipient) \(Self.words(outcome))")
      case .close(.done): effects.append("# done")
      case .close(.failed): effects.append("# failed")
      }
    }
  }

  private static func words(_ outcome: SmtpOutcome) -> String {
    func code(_ failure: SmtpFailure) -> String {
      failure.stage.rawValue + " " + (failure.code.map(String.init) ?? failure.enhanced.map(\.description) ?? "-")
    }
    return switch outcome {
    case .accepted(let reply): "accepted \(reply.code)"
    case .refused(let failure): "refused \(code(failure))"
    case .notSent(let failure): "not-sent \(code(failure))"
    case .passedOver(let failure): "passed-over \(code(failure))"
    case .uncertain(let failure): "uncertain \(code(failure))"
    }
  }
}
