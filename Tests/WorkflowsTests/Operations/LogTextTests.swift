// Log lines: one line a record whatever is in it, JSON that a reader of JSON takes, no address above debug.

import Foundation
import Outbox
import Testing
import Workflows

@Suite struct LogTextTests {
  private let at = Moment(milliseconds: 1_795_363_200_045)
  private let record = LogRecord(
    .warning, "failed", "a row did not go out",
    [
      .number("delivery", 17), .text("reader", "a.langtree"), .seconds("waited", Moment.Span(milliseconds: -1_050)),
      .flag("last", true), .quoted("reply", "550 5.1.1 <bob@x.gov>: no\nsuch \"user\"\u{1B}[2J"),
    ])

  @Test func text() {
    #expect(
      LogText.line(record, at: at)
        == "2026-11-22T16:00:00.045Z warning failed: a row did not go out delivery=17 reader=a.langtree waited=-1.050 "
        + "last=true reply=\"550 5.1.1 <(address)>: no\\nsuch \\\"user\\\"\\u001b[2J\"")
  }

  @Test func json() throws {
    let line = LogText.json(record, at: at)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["time"] as? String == "2026-11-22T16:00:00.045Z")
    #expect(object["level"] as? String == "warning" && object["event"] as? String == "failed")
    #expect(object["delivery"] as? Int == 17 && object["waited"] as? Double == -1.05 && object["last"] as? Bool == true)
    #expect(object["reply"] as? String == "550 5.1.1 <(address)>: no\nsuch \"user\"\u{1B}[2J")
    #expect(!line.contains("\n") && !line.contains("\u{1B}"))
  }

  @Test(arguments: [
    ("no address", "no address"), ("bob@x.gov", "(address)"), ("<bob@x.gov>: unknown", "<(address)>: unknown"),
    ("to=<a.b+c=d@[192.0.2.1]>, relay", "to=<(address)>, relay"), ("a@b c@d", "(address) (address)"),
    ("user \"bob the first\"@x.gov unknown", "user (address) unknown"), ("bücher@bücher.example!", "(address)"),
    ("@", "(address)"), ("x@", "(address)"), ("(bob@x.gov) [bob@y.gov]", "((address)) [(address)]"),
    ("bounce+bob=x.gov@bounce.cfc.example.gov;", "(address);"), ("a@[192.0.2.1", "(address)"),
  ])
  func addressesAreTakenOut(_ text: String, _ clean: String) {
    #expect(LogText.withoutAddresses(text) == clean)
  }

  /// Whatever surrounds an address: the parts that name a person are gone.
  @Test func noAddressStays() {
    let around = ["", " ", "<", ">", "\"", "'", "(", ")", ",", ":", "=", "\n", "x", "@", "[", "]", ";"]
    for before in around {
      for after in around {
        let clean = LogText.withoutAddresses("550 \(before)q.zwicky@pd.example.gov\(after) no")
        #expect(!clean.contains("zwicky") && !clean.contains("pd.example"), "\(before) \(after): \(clean)")
      }
    }
  }

  @Test func levelsAreOrdered() {
    #expect(LogLevel.allCases.sorted() == [.debug, .info, .warning, .error])
  }
}
