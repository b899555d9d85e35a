// The webhook loop against a real HTTPS server: what each answer is, which addresses are dialled, what a redirect, a
// silence or an answer without end come to.

import Couriers
import Foundation
import Outbox
import Store
import Testing
import Webhooks

@Suite struct WebhookLoopTests {
  static func settings(_ server: TestServer, allowing: [String] = ["127.0.0.0/8"]) -> WebhookSettings {
    var settings = WebhookSettings()
    settings.caFile = server.authority
    settings.addresses = AddressGuard(allowing: allowing.compactMap { NetworkRange($0) })
    return settings
  }

  static func post(_ url: String, body: String = #"{"type":"webhook.test"}"#) -> OutgoingPost {
    OutgoingPost(
      endpoint: "e", url: url, headers: [OutgoingPost.Header("webhook-id", "msg_1")], body: Array(body.utf8),
      id: "msg_1", signedAt: Moment(milliseconds: 0))
  }

  /// What became of each, in order.
  static func send(_ urls: [String], _ settings: WebhookSettings, body: String = "{}") throws -> [String] {
    try send(urls.map { post($0, body: body) }, settings)
  }

  static func send(_ posts: [OutgoingPost], _ settings: WebhookSettings) throws -> [String] {
    let told = DispatchSemaphore(value: 0)
    let loop = try #require(WebhookLoop(settings) { told.signal() })
    loop.start()
    loop.submit(posts.enumerated().map { WebhookParcel(number: Int64($0.offset), post: $0.element) })
    var words = [String?](repeating: nil, count: posts.count)
    while words.contains(nil) {
      guard told.wait(timeout: .now() + 60) == .success else {
        throw ServerProblem(description: "no receipt in 60 s, has \(words)")
      }
      for receipt in loop.receipts() {
        #expect(words[Int(receipt.number)] == nil, "two receipts for \(posts[Int(receipt.number)].url)")
        words[Int(receipt.number)] = Self.words(receipt.what)
      }
    }
    loop.stop()
    while !loop.isFinished {
      guard told.wait(timeout: .now() + 60) == .success else { throw ServerProblem(description: "no end in 60 s") }
    }
    return words.compactMap { $0 }
  }

  static func words(_ what: WebhookReceipt.What) -> String {
    switch what {
    case .returned: "returned"
    case .accepted(let status, let text): "accepted \(status) \(text.prefix(30))".trimmingCharacters(in: .whitespaces)
    case .failed(let failure, let retry):
      ([failure.stage.rawValue]
        + [failure.code.map(String.init), retry.map { "after \($0.milliseconds / 1000)" }]
        .compactMap { $0 }).joined(separator: " ")
    }
  }

  @Test func answers() throws {
    let server = try TestServer("webhook_server.py")
    let base = "https://localhost:\(server.port)"
    let paths = ["/ok", "/200", "/410", "/404", "/500", "/429-17", "/503-120", "/302", "/big", "/ok?a=b#c"]
    let words = try Self.send(paths.map { base + $0 }, Self.settings(server))
    #expect(
      words == [
        "accepted 204", "accepted 200 the server says 200", "status 410", "status 404", "status 500",
        "status 429 after 17", "status 503 after 120", "status 302",
        "accepted 200 " + String(repeating: "z", count: 30),
        "accepted 204",
      ])
    // The redirect was not followed: as many requests as were asked for.
    var seen: [String] = []
    for _ in paths { seen.append(try #require(try server.next()["path"] as? String)) }
    #expect(seen.sorted() == paths.map { $0 == "/ok?a=b#c" ? "/ok?a=b" : $0 }.sorted())
    let headers = try Self.send([base + "/ok"], Self.settings(server), body: "{\"a\":1}")
    #expect(headers == ["accepted 204"])
    let last = try server.next()
    #expect(last["body"] as? String == "{\"a\":1}")
    #expect((last["headers"] as? [String: String])?["webhook-id"] == "msg_1")
    #expect((last["headers"] as? [String: String])?["user-agent"] == "Revere")
  }

  @Test func silenceAndFloods() throws {
    let server = try TestServer("webhook_server.py")
    var settings = Self.settings(server)
    settings.timeout = 5_000
    let base = "https://localhost:\(server.port)"
    let words = try Self.send(["/hang", "/drop", "/endless", "/headers", "/ok"].map { base + $0 }, settings)
    #expect(words[0] == "answer" && words[1] == "answer")
    #expect(words[2].hasPrefix("accepted 200 xxx") && words[3] == "accepted 200")
    #expect(words[4] == "accepted 204")
  }

  /// Of a large body a part has left when the other side hangs up: it cannot have taken it.
  @Test func aPartOfARequest() throws {
    let server = try TestServer("webhook_server.py")
    let body = String(repeating: "x", count: 32 << 20)
    let words = try Self.send(["https://localhost:\(server.port)/early"], Self.settings(server), body: body)
    #expect(words == ["request"])
  }

  @Test func nobodyIsThere() throws {
    let server = try TestServer("webhook_server.py")
    let stranger = try TestServer("webhook_server.py", "--name", "other.test")
    let port = try unusedPort()
    let silent = try SilentServer()
    let settings = Self.settings(server)
    var impatient = settings
    impatient.timeout = 1_500
    let absent = ["https://no-such-host.invalid/", "https://127.0.0.1:\(silent.port)/"]
    #expect(try Self.send(absent, impatient) == ["connect", "connect"])
    let words = try Self.send(
      [
        "https://localhost:\(port)/", "https://127.0.0.1:\(stranger.port)/ok", "http://localhost:\(server.port)/ok",
      ], settings)
    // The certificate of the second is by another authority, and for another name.
    #expect(words == ["connect", "tls", "endpoint"])
    let old = try TestServer("webhook_server.py", "--old")
    var trusting = settings
    trusting.caFile = old.authority
    #expect(try Self.send(["https://localhost:\(old.port)/ok"], trusting) == ["tls"])
    var untrusting = settings
    untrusting.caFile = nil
    #expect(try Self.send(["https://localhost:\(server.port)/ok"], untrusting) == ["tls"])
  }

  // MARK: Addresses

  @Test(arguments: [
    "127.0.0.1", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.16.0.1", "192.168.0.1", "192.0.2.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "0.0.0.0", "192.88.99.1", "[::1]", "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fc00::1]", "[fe80::1]", "[ff02::1]", "[2001:db8::1]", "[2001::1]",
    // Other ways of writing 127.0.0.1.
    "2130706433", "0x7f.1", "0177.0.0.1", "127.1",
  ])
  func refusedAddresses(_ host: String) throws {
    let settings = WebhookSettings()
    #expect(try Self.send(["https://\(host):9/ok"], settings) == ["endpoint"])
  }

  /// The address is judged when it is dialled: what DNS said a moment before counts for nothing.
  @Test func anAnswerOfDNSThatChanges() throws {
    let server = try TestServer("webhook_server.py")
    let url = "https://localhost:\(server.port)/ok"
    var settings = Self.settings(server, allowing: ["127.0.0.1"])
    #expect(try Self.send([url], settings) == ["accepted 204"])
    settings.answers = ["localhost:\(server.port):127.0.0.2"]
    #expect(try Self.send([url], settings) == ["endpoint"])
    // Of several addresses only those that may be called are.
    settings.answers = ["localhost:\(server.port):127.0.0.2,127.0.0.1"]
    #expect(try Self.send([url], settings) == ["accepted 204"])
  }
}
