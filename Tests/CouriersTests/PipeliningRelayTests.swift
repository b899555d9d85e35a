// Against relays that pipeline: a private Postfix (TLS, DSN, refusals within a group) and a counting receiver.

import Couriers
import Foundation
import Mail
import Testing

@Suite struct PipeliningRelayTests {
  @Test(
    .enabled(if: try TestServer.hasPostfix(), "Postfix needs root and Debian's package"),
    arguments: [Relay.Protection.none, .required])
  func postfixTakesPipelinedGroups(_ tls: Relay.Protection) throws {
    let server = try TestServer.postfix()
    let relay = try Relay(
      name: "postfix", host: "localhost", port: server.port, tls: tls, caFile: server.authority, maxConnections: 3,
      messagesPerConnection: 25)
    let good = (0..<100).map { "reader\($0)@city.test" }
    let result = try LoopHarness(relays: [relay], least: tls == .none ? .plain : .tls)
      .send(good[..<50] + ["unknown@city.test", "later@city.test"] + good[50...])
    for address in good { #expect(result[address] == "accepted 250") }
    #expect(result["unknown@city.test"] == "refused recipient 550 5.1.1")
    #expect(result["later@city.test"] == "refused recipient 450 4.2.1")
    #expect(result.alerts == [])
    try server.ask("100")
    var subjects: Set<String> = []
    for _ in 0..<100 {
      let message = try server.next()
      #expect(message["defects"] as? [String] == [])
      #expect(message["text"] as? String == "First line\n.a line with a dot\n.\n")
      subjects.insert(message["subject"] as? String ?? "")
    }
    #expect(subjects.count == 100)
    #expect(try server.next()["end"] as? Int == 100)
  }

  @Test func manyMessagesOverManyConnections() throws {
    let server = try TestServer("pipelining_receiver.py")
    let relay = try Relay(
      name: "counter", host: "127.0.0.1", port: server.port, tls: .none, maxConnections: 20, messagesPerConnection: 70)
    let result = try LoopHarness(relays: [relay]).send((0..<3000).map { "reader\($0)@city.test" })
    #expect(result.words.values.allSatisfy { $0 == "accepted 250" })
    try server.ask("")
    #expect(try server.next()["messages"] as? Int == 3000)
  }

  @Test func oneDroppedFinalDotMakesOneUncertain() throws {
    let server = try TestServer("pipelining_receiver.py", "--drop-after", "40")
    let relay = try Relay(
      name: "counter", host: "127.0.0.1", port: server.port, tls: .none, maxConnections: 1,
      messagesPerConnection: 1000)
    let result = try LoopHarness(relays: [relay]).send((0..<100).map { "reader\($0)@city.test" })
    #expect(result.words.values.count { $0 == "uncertain final-dot -" } == 1)
    #expect(result.words.values.count { $0 == "accepted 250" } == 99)
  }

  /// Throughput grows with connections because none waits for another's reply: ten wait for theirs together.
  @Test func connectionsWaitSideBySide() throws {
    let server = try TestServer("pipelining_receiver.py", "--together", "10")
    let relay = try Relay(name: "slow", host: "127.0.0.1", port: server.port, tls: .none, maxConnections: 10)
    let result = try LoopHarness(relays: [relay]).send((0..<100).map { "reader\($0)@city.test" })
    #expect(result.words.count == 100 && result.words.values.allSatisfy { $0 == "accepted 250" })
  }
}
