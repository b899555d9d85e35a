// Against a real server that takes turns (aiosmtpd): TLS, login, refusals, and every way of going away.

import Couriers
import Foundation
import Mail
import Testing

@Suite struct StrictRelayTests {
  func relay(
    _ server: TestServer, name: String = "main", tls: Relay.Protection = .none, trusted: Bool = true,
    user: String? = nil, password: String? = nil, connections: Int = 2, perConnection: Int = 100
  ) throws -> Relay {
    try Relay(
      name: name, host: "localhost", port: server.port, tls: tls, caFile: trusted ? server.authority : nil, user: user,
      password: password.map(Secret.init), maxConnections: connections, messagesPerConnection: perConnection)
  }

  @Test func startTLSAndLogin() throws {
    let server = try TestServer("smtp_server.py", "--tls", "required", "--auth", "revere:s3cret")
    let relay = try relay(server, tls: .required, user: "revere", password: "s3cret")
    #expect(relay.relayClass == .tls)
    let result = try LoopHarness(relays: [relay], least: .tls).send(["a@city.test", "b\u{FC}ro@city.test"])
    #expect(result["a@city.test"] == "accepted 250")
    #expect(result["b\u{FC}ro@city.test"] == "accepted 250")
    #expect(result.alerts == [])
    var seen: Set<String> = []
    for _ in 0..<2 {
      let message = try server.next()
      #expect(message["tls"] as? Bool == true)
      #expect(message["user"] as? String == "revere")
      #expect(message["from"] as? String == "bounce@center.test")
      #expect(message["defects"] as? [String] == [])
      #expect(message["text"] as? String == "First line\r\n.a line with a dot\r\n.\r\n")
      seen.formUnion(message["to"] as? [String] ?? [])
    }
    #expect(seen == ["a@city.test", "b\u{FC}ro@city.test"])
  }

  @Test func implicitTLS() throws {
    let server = try TestServer("smtp_server.py", "--tls", "implicit")
    let result = try LoopHarness(relays: [relay(server, tls: .implicit)], least: .tls).send(["a@city.test"])
    #expect(result["a@city.test"] == "accepted 250")
    #expect(try server.next()["tls"] as? Bool == true)
  }

  @Test(arguments: [Relay.Protection.required, .implicit])
  func certificateNotTrusted(_ tls: Relay.Protection) throws {
    let server = try TestServer("smtp_server.py", "--tls", tls.rawValue)
    let result = try LoopHarness(relays: [relay(server, tls: tls, trusted: false)]).send(["a@city.test"])
    #expect(result["a@city.test"] == "returned")
    #expect(result.alerts.map(\.failure.stage) == [.tls])
  }

  @Test func certificateOfAnotherName() throws {
    let server = try TestServer("smtp_server.py", "--tls", "required", "--name", "elsewhere.test")
    let result = try LoopHarness(relays: [relay(server, tls: .required)]).send(["a@city.test"])
    #expect(result["a@city.test"] == "returned")
    #expect(result.alerts.map(\.failure.stage) == [.tls])
  }

  @Test func noDowngradeWhenStartTLSIsNotOffered() throws {
    let server = try TestServer("smtp_server.py", "--tls", "none")
    let result = try LoopHarness(relays: [relay(server, tls: .required)]).send(["a@city.test"])
    #expect(result["a@city.test"] == "returned")
    #expect(result.alerts.map(\.failure.stage) == [.tls])
  }

  @Test func wrongPasswordIsTheRelaysAffairAndIsNotShown() throws {
    let server = try TestServer("smtp_server.py", "--tls", "required", "--auth", "revere:right")
    let relay = try relay(server, tls: .required, user: "revere", password: "wr0ng-p4ss", connections: 20)
    let result = try LoopHarness(relays: [relay]).send((0..<40).map { "a\($0)@city.test" })
    #expect(Set(result.words.values) == ["returned"])
    #expect(result.alerts.map(\.failure.stage) == [.login])
    #expect(result.alerts.first?.failure.code == 535)
    #expect(!"\(result) \(relay)".contains("wr0ng"))
    var dumped = ""
    dump(relay, to: &dumped)
    #expect(!dumped.contains("wr0ng"))
  }

  @Test func loginWantedAndNotOffered() throws {
    let server = try TestServer("smtp_server.py", "--tls", "required")
    let result = try LoopHarness(relays: [relay(server, tls: .required, user: "revere", password: "x")])
      .send(["a@city.test"])
    #expect(result["a@city.test"] == "returned")
    #expect(result.alerts.map(\.failure.stage) == [.login])
  }

  @Test func refusalsConcernTheirReaderAlone() throws {
    let server = try TestServer("smtp_server.py")
    let result = try LoopHarness(relays: [relay(server, connections: 1)]).send([
      "a@city.test", "550-5.1.1@city.test", "b@city.test", "450-4.2.1@city.test", "c@city.test", "dot-451@city.test",
      "dot-554@city.test", "d@city.test",
    ])
    for good in ["a", "b", "c", "d"] { #expect(result["\(good)@city.test"] == "accepted 250") }
    #expect(result["550-5.1.1@city.test"] == "refused recipient 550 5.1.1")
    #expect(result["450-4.2.1@city.test"] == "refused recipient 450 4.2.1")
    #expect(result["dot-451@city.test"] == "refused final-dot 451")
    #expect(result["dot-554@city.test"] == "refused final-dot 554")
    #expect(
      try (0..<4).map { _ in try server.next()["to"] as? [String] } == [
        ["a@city.test"], ["b@city.test"], ["c@city.test"], ["d@city.test"],
      ])
  }

  @Test func refusedSender() throws {
    let server = try TestServer("smtp_server.py")
    var harness = LoopHarness(relays: [try relay(server)])
    harness.from = "mail-552-5.3.4@center.test"
    #expect(try harness.send(["a@city.test"])["a@city.test"] == "refused mail 552 5.3.4")
  }

  @Test func closing421EndsTheSessionAndTheOthersGoOn() throws {
    let server = try TestServer("smtp_server.py")
    let result = try LoopHarness(relays: [relay(server, connections: 1)])
      .send(["a@city.test", "421@city.test", "b@city.test"])
    #expect(result["a@city.test"] == "accepted 250")
    #expect(result["421@city.test"] == "not-sent recipient 421 4.3.2")
    #expect(result["b@city.test"] == "accepted 250")
    #expect(result.alerts == [])
  }

  @Test func relayThatHangsBeforeTheDotIsGivenUp() throws {
    let server = try TestServer("smtp_server.py")
    var harness = LoopHarness(relays: [try relay(server, connections: 1)])
    harness.timeouts.command = 3_000
    let result = try harness.send(["rcpt-hang@city.test", "b@city.test"])
    #expect(result["rcpt-hang@city.test"] == "not-sent recipient -")
    #expect(result["b@city.test"] == "accepted 250")
  }

  @Test func relayThatHangsAfterTheDotLeavesItUncertain() throws {
    let server = try TestServer("smtp_server.py")
    var harness = LoopHarness(relays: [try relay(server, connections: 1)])
    harness.timeouts.finalDot = 3_000
    let result = try harness.send(["data-hang@city.test", "b@city.test"])
    #expect(result["data-hang@city.test"] == "uncertain final-dot -")
    #expect(result["b@city.test"] == "accepted 250")
  }

  @Test func droppedAfterTheFinalDotIsUncertain() throws {
    let server = try TestServer("smtp_server.py")
    let result = try LoopHarness(relays: [relay(server, connections: 1)])
      .send(["a@city.test", "drop@city.test", "b@city.test"])
    #expect(result["a@city.test"] == "accepted 250")
    #expect(result["drop@city.test"] == "uncertain final-dot -")
    #expect(result["b@city.test"] == "accepted 250")
  }

  /// Many TLS records, more than a socket's buffer takes at once.
  @Test func largeMessageOverTLSArrivesWhole() throws {
    let server = try TestServer("smtp_server.py", "--tls", "required")
    var harness = LoopHarness(relays: [try relay(server, tls: .required)])
    harness.extraLines = 20_000
    harness.timeouts = SmtpTimeouts(all: 60_000)
    let result = try harness.send(["a@city.test"])
    #expect(result.words == ["a@city.test": "accepted 250"])
    #expect(result.alerts == [])
    let message = try server.next()
    #expect(message["lines"] as? Int == 20_003)
    #expect(message["distinctLines"] as? Int == 4)
  }

  @Test func relayThatNeverGreetsIsGivenUp() throws {
    let silent = try SilentServer()
    var harness = LoopHarness(
      relays: [try Relay(name: "silent", host: "127.0.0.1", port: silent.port, tls: .none)])
    harness.timeouts.opening = 1_000
    let result = try harness.send(["a@city.test"])
    #expect(result["a@city.test"] == "returned")
    #expect(Set(result.alerts.map(\.relay)) == ["silent"])
  }

  /// A handshake that hangs holds nobody but its own relay's mail.
  @Test func slowOpeningDoesNotHoldOtherRelays() throws {
    let silent = try SilentServer()
    let server = try TestServer("smtp_server.py", "--tls", "required")
    var harness = LoopHarness(
      relays: [
        try Relay(name: "silent", host: "127.0.0.1", port: silent.port, tls: .none),
        try relay(server, name: "secure", tls: .required),
      ])
    harness.timeouts.opening = 5_000
    harness.leastFor = { $0.hasPrefix("tls") ? .tls : .plain }
    let result = try harness.send(["plain@city.test", "tls@city.test"])
    #expect(result.order.first == "tls@city.test")
    // After the silent relay rests, plain mail fails over to the one that is better than asked.
    #expect(result.words == ["plain@city.test": "accepted 250", "tls@city.test": "accepted 250"])
  }

  @Test func messagesPerConnection() throws {
    let server = try TestServer("smtp_server.py")
    let result = try LoopHarness(relays: [relay(server, connections: 2, perConnection: 3)])
      .send((0..<20).map { "a\($0)@city.test" })
    #expect(Set(result.words.values) == ["accepted 250"])
    #expect(result.words.count == 20)
  }

  @Test func absentRelayReturnsEverythingWithAnAlert() throws {
    let relay = try Relay(name: "gone", host: "127.0.0.1", port: try unusedPort(), tls: .none)
    let result = try LoopHarness(relays: [relay]).send(["a@city.test", "b@city.test"])
    #expect(Set(result.words.values) == ["returned"])
    #expect(Set(result.alerts.map(\.relay)) == ["gone"])
    #expect(Set(result.alerts.map(\.failure.stage)) == [.connect])
  }

  @Test func failoverToTheNextRelayOfTheSameClass() throws {
    let server = try TestServer("smtp_server.py")
    let gone = try Relay(name: "gone", host: "127.0.0.1", port: try unusedPort(), tls: .none)
    let result = try LoopHarness(relays: [gone, relay(server, name: "second")]).send(["a@city.test"])
    #expect(result["a@city.test"] == "accepted 250")
    #expect(result.relays["a@city.test"] == "second")
    #expect(Set(result.alerts.map(\.relay)) == ["gone"])
  }

  @Test func failoverNeverGoesBelowTheDecidedClass() throws {
    let server = try TestServer("smtp_server.py")
    let secure = try Relay(name: "secure", host: "127.0.0.1", port: try unusedPort(), tls: .required)
    let result = try LoopHarness(relays: [secure, relay(server, name: "plain")], least: .tls).send(["a@city.test"])
    #expect(result["a@city.test"] == "returned")
  }
}
