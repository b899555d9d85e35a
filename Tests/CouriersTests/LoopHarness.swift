// Runs the SMTP loop for a list of recipients and gives back what became of each, and the alerts.

import Couriers
import Foundation
import Mail
import Outbox
import Testing

struct LoopHarness {
  static func now() -> Moment { Moment(milliseconds: Int64(DispatchTime.now().uptimeNanoseconds / 1_000_000)) }

  static func content(_ number: Int64, extraLines: Int = 0) -> SmtpContent {
    var text = """
      From: center@center.test
      To: reader@city.test
      Subject: Number \(number)
      Message-ID: <\(number)@center.test>
      MIME-Version: 1.0
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: 8bit

      First line
      .a line with a dot
      .

      """
    for _ in 0..<extraLines { text += extraLine + "\n" }
    return SmtpContent(unstuffed: text.utf8)
  }
  static let extraLine = "." + String(repeating: "x", count: 50)

  var relays: [Relay]
  var reserved = 0
  var timeouts = SmtpTimeouts(all: 60_000)
  var least = RelayClass.plain
  var leastFor: ((String) -> RelayClass)?
  var extraLines = 0
  var from = "bounce@center.test"

  struct Result {
    var words: [String: String] = [:]
    var relays: [String: String] = [:]
    var alerts: [RelayAlert] = []
    /// Addresses in the order of their receipts.
    var order: [String] = []
    subscript(_ address: String) -> String? { words[address] }
  }

  /// Sends one message to each address; returns when each has its receipt and the loop has ended.
  func send(_ addresses: [String]) throws -> Result {
    let semaphore = DispatchSemaphore(value: 0)
    let loop = try #require(
      SmtpLoop(relays: relays, reserved: reserved, timeouts: timeouts, now: Self.now) { semaphore.signal() })
    loop.start()
    loop.submit(
      try addresses.enumerated().map { number, address in
        Consignment(
          number: Int64(number), lane: .routine, least: leastFor?(address) ?? least,
          message: SmtpMessage(
            from: SmtpPath(from), recipients: [SmtpRecipient(try #require(SmtpPath(address)))],
            envelopeID: SmtpEnvelopeID("d\(number)"), content: Self.content(Int64(number), extraLines: extraLines)))
      })
    var result = Result()
    var missing = addresses.count
    while missing > 0 {
      guard semaphore.wait(timeout: .now() + 60) == .success else {
        throw ServerProblem(description: "the loop gave no receipt in 60 s; \(missing) missing, has \(result.words)")
      }
      for receipt in loop.receipts() {
        missing -= 1
        let address = addresses[Int(receipt.number)]
        #expect(result.words[address] == nil, "two receipts for \(address)")
        result.order.append(address)
        result.words[address] = Self.words(receipt.what)
        result.relays[address] = receipt.relay
      }
      result.alerts += loop.alerts()
    }
    loop.stop()
    while !loop.isFinished {
      guard semaphore.wait(timeout: .now() + 60) == .success else {
        throw ServerProblem(description: "the loop did not end in 60 s")
      }
    }
    result.alerts += loop.alerts()
    #expect(loop.receipts().isEmpty)
    return result
  }

  static func words(_ what: Receipt.What) -> String {
    func words(_ failure: SmtpFailure) -> String {
      [failure.stage.rawValue, failure.code.map(String.init) ?? "-", failure.enhanced?.description]
        .compactMap { $0 }.joined(separator: " ")
    }
    return switch what {
    case .returned: "returned"
    case .outcome(.accepted(let reply)): "accepted \(reply.code)"
    case .outcome(.refused(let failure)): "refused \(words(failure))"
    case .outcome(.notSent(let failure)): "not-sent \(words(failure))"
    case .outcome(.passedOver(let failure)): "passed-over \(words(failure))"
    case .outcome(.uncertain(let failure)): "uncertain \(words(failure))"
    }
  }
}
