// What a connection may do, over a socket: order, bounds, ends.

import Foundation
import Synchronization
import Testing
import WebConsole

@Suite struct ConnectionTests {
  @Test func answersKeepTheOrderOfRequests() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      // From what is kept, by a thread that waits, by the router, and again.
      client.send(
        get("/feeds/all.atom") + get("/feeds/made.atom") + get("/healthz") + get("/feeds/none.atom") + get("/healthz")
          + get("/feeds/made.atom", method: "HEAD") + get("/nothing") + get("/feeds/all.atom"))
      var statuses: [Int] = []
      for number in 0..<8 { statuses.append(await client.answer(isHead: number == 5)?.status ?? 0) }
      #expect(statuses == [200, 200, 200, 404, 200, 200, 404, 200])
    }
  }

  @Test func manyPipelinedRequestsAreAllAnswered() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      client.send(String(repeating: get("/feeds/all.atom") + get("/feeds/made.atom"), count: 300))
      var count = 0
      for _ in 0..<600 where await client.answer()?.text == Desk.words { count += 1 }
      #expect(count == 600)
    }
  }

  @Test func aRequestMayComeByteByByteAndWithABody() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      for byte in get("/feeds/all.atom") { client.send(String(byte)) }
      #expect(await client.answer()?.status == 200)
      client.send(get("/feeds/all.atom", ["Content-Length: 5"]) + "hello" + get("/feeds/all.atom"))
      #expect(await client.answer()?.status == 200)
      #expect(await client.answer()?.status == 200)
      client.send(get("/feeds/all.atom", ["Transfer-Encoding: chunked"]) + "3\r\nabc\r\n0\r\n\r\n" + get("/healthz"))
      #expect(await client.answer()?.status == 200)
      #expect(await client.answer()?.status == 200)
    }
  }

  /// RFC 9110 section 10.1.1.
  @Test func whoWaitsToSendABodyIsToldToGoOn() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      let waits = ["Expect: 100-Continue", "Content-Length: 3"]
      for (head, body, status) in [
        (get("/feeds/all.atom", waits), "abc", 200), (get("/taxii2/wrong/", method: "POST", waits), "abc", 403),
        (get("/healthz", waits), "abc", 200),
        (get("/feeds/all.atom", ["Expect: 100-continue", "Transfer-Encoding: chunked"]), "3\r\nabc\r\n0\r\n\r\n", 200),
      ] {
        // Behind the answer to what was asked before.
        client.send(get("/feeds/made.atom") + head)
        #expect(await client.answer()?.status == 200)
        let told = await client.answer()
        #expect(told?.status == 100 && told?.fields.isEmpty == true)
        client.send(body)
        #expect(await client.answer()?.status == status)
      }
      // There is no body to wait for, or something else is expected.
      client.send(get("/feeds/all.atom", ["Expect: 100-continue"]))
      #expect(await client.answer()?.status == 200)
      client.send(get("/feeds/all.atom", ["Expect: nothing", "Content-Length: 3"]) + "abc")
      #expect(await client.answer()?.status == 200)
      // Refused before the body comes; an old client knows no such answer.
      for (request, status) in [
        (get("/feeds/all.atom", ["Expect: 100-continue", "Content-Length: 100000"]), 413),
        ("GET /healthz HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", 200),
      ] {
        let other = try RawClient(port: port)
        other.send(request)
        #expect(await other.answer()?.status == status)
      }
    }
  }

  static let whatIsNoRequestEndsTheConnectionCases: [(String, Int)] = [
    ("GET /feeds/all.atom HTTP/1.1\r\nAuthorization: Bearer token\r\n\r\n", 400),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ("GET /feeds/all.atom HTTP/9.9.9\r\n\r\n", 400), ("nonsense\r\n\r\n", 400),
    ("GET /feeds/all.atom HTTP/1.1\r\nHost: a\r\nBroken field: x\r\n\r\n", 400),
    ("GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 431),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 20_000))\r\n\r\n", 431),
    ("GET /healthz HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: a\r\n", count: 200) + "\r\n", 431),
    (get("/feeds/all.atom", method: "POST", ["Content-Length: 100000"]), 413),
    (get("/healthz", method: "POST", ["Content-Length: 100000"]), 413),
    (get("/feeds/all.atom", ["Transfer-Encoding: chunked"]) + "11170\r\n" + String(repeating: "a", count: 70_000), 413),
    (get("/feeds/all.atom", ["Content-Length: 5", "Content-Length: 6"]), 400),
    (get("/feeds/all.atom", ["Content-Length: 5", "Transfer-Encoding: chunked"]) + "0\r\n\r\n", 400),
  ]

  @Test(arguments: whatIsNoRequestEndsTheConnectionCases)
  func whatIsNoRequestEndsTheConnection(_ request: String, _ status: Int) async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      client.send(request)
      let answer = try #require(await client.answer())
      #expect(answer.status == status && answer["Connection"] == "close")
      #expect(await client.ends())
    }
  }

  @Test func twoCredentialsAreNone() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      client.send(get("/feeds/all.atom", ["Authorization: Bearer other"]))
      #expect(await client.answer()?.status == 400)
    }
  }

  @Test func whoNeverFinishesARequestIsCutOff() async throws {
    try await withServer(settings: .tick(5)) { port, _ in
      // Nothing at all; half a head; a head without its body; half a head behind a whole request.
      for (sent, answers) in [
        ("", [408]), ("GET /feeds/all.atom HTTP/1.1\r\nHost:", [408]),
        (get("/feeds/all.atom", ["Content-Length: 5"]) + "abc", [408]),
      ] {
        let client = try RawClient(port: port)
        client.send(sent)
        for status in answers { #expect(await client.answer()?.status == status) }
        #expect(await client.ends())
      }
      let client = try RawClient(port: port)
      client.send(get("/feeds/all.atom"))
      #expect(await client.answer()?.status == 200)
      client.send("GET /feeds/all.atom")
      #expect(await client.answer()?.status == 408)
    }
  }

  @Test func whoIsSilentOrTakesNothingIsCutOff() async throws {
    // Who is silent is cut off long after who takes nothing.
    let change = ServerChange {
      $0.tick = 5
      $0.answerTicks = 2
      $0.idleTicks = 200
    }
    try await withServer(settings: change) { port, _ in
      let silent = try RawClient(port: port)
      silent.send(get("/feeds/all.atom"))
      #expect(await silent.answer()?.status == 200)
      #expect(await silent.ends())
      let still = try RawClient(port: port)
      // More than the system keeps for a client that reads nothing.
      for _ in 0..<8 { still.send(get("/feeds/large.atom")) }
      let others = try RawClient(port: port)
      others.send(get("/feeds/all.atom"))
      #expect(await others.answer()?.status == 200)
      #expect(await others.ends())
      var whole = 0
      for _ in 0..<8 where await still.answer()?.body.count == 4 << 20 { whole += 1 }
      #expect(whole < 8)
    }
  }

  @Test func oldClientsAndThoseThatAskForItAreLeft() async throws {
    try await withServer { port, _ in
      for (request, answer) in [
        (get("/feeds/all.atom", ["Connection: close"]), "close"),
        (get("/feeds/all.atom", ["Connection: TE , Close"]), "close"),
        (get("/feeds/all.atom", ["Connection: close", "Connection: keep-alive"]), "close"),
        (get("/healthz", ["Connection: close"]), nil),
        ("GET /feeds/all.atom HTTP/1.0\r\nAuthorization: Bearer token\r\n\r\n", "close"),
        ("GET /healthz HTTP/1.0\r\n\r\n", nil),
      ] as [(String, String?)] {
        let client = try RawClient(port: port)
        client.send(request)
        let said = try #require(await client.answer())
        #expect(said.status == 200)
        if let answer { #expect(said["Connection"] == answer) }
        #expect(await client.ends())
      }
      let client = try RawClient(port: port)
      for _ in 0..<2 {
        client.send(
          "GET /feeds/all.atom HTTP/1.0\r\nAuthorization: Bearer token\r\nConnection: te, keep-alive\r\n\r\n")
        #expect(await client.answer()?["Connection"] == "keep-alive")
      }
    }
  }

  @Test func whoHasFinishedSendingStillGetsAnAnswer() async throws {
    try await withServer { port, _ in
      for target in ["/feeds/all.atom", "/feeds/made.atom", "/feeds/large.atom", "/healthz"] {
        let client = try RawClient(port: port)
        client.send(get(target))
        client.finish()
        #expect(await client.answer()?.status == 200, "\(target)")
        #expect(await client.ends())
      }
    }
  }

  @Test func seatsOfOneCallerAreBounded() async throws {
    let desk = Desk()
    try await withServer(desk, settings: .seatsPerCaller(1)) { port, _ in
      let (first, second) = (try RawClient(port: port), try RawClient(port: port))
      first.send(get("/feeds/held.atom"))
      await desk.waitUntilAsked()
      second.send(get("/feeds/all.atom"))
      let refused = try #require(await second.answer())
      #expect(refused.status == 429 && refused["Retry-After"] == "1")
      desk.mayAnswer.signal()
      #expect(await first.answer()?.status == 200)
      second.send(get("/feeds/all.atom"))
      #expect(await second.answer()?.status == 200)
    }
  }

  @Test func connectionsOfOneAddressAreBounded() async throws {
    let told = Told()
    try await withServer(told: told, settings: .connectionsPerAddress(2)) { port, _ in
      let first = try RawClient(port: port)
      do {
        let second = try RawClient(port: port)
        for client in [first, second] {
          client.send(get("/feeds/all.atom"))
          #expect(await client.answer()?.status == 200)
        }
        for _ in 0..<3 { #expect(await (try RawClient(port: port)).ends()) }
        // Once, however many are ended.
        #expect(told.crowded == ["127.0.0.1"])
        second.send(get("/feeds/all.atom", ["Connection: close"]))
        #expect(await second.answer()?.status == 200)
        second.finish()
        #expect(await second.ends())
      }
      // The place of the one that went is free again as soon as the server has seen its end.
      var status: Int?
      for _ in 0..<10_000 where status == nil {
        let next = try RawClient(port: port)
        next.send(get("/feeds/all.atom"))
        status = await next.answer()?.status
      }
      #expect(status == 200)
      first.send(get("/feeds/all.atom"))
      #expect(await first.answer()?.status == 200)
    }
    // A proxy that is trusted has those of all its callers.
    try await withServer(settings: .connectionsPerAddress(1, trusts: true)) { port, _ in
      let clients = try (0..<4).map { _ in try RawClient(port: port) }
      for client in clients {
        client.send(get("/feeds/all.atom"))
        #expect(await client.answer()?.status == 200)
      }
    }
  }

  @Test func stoppingLetsWhatIsUnderWayFinish() async throws {
    let desk = Desk()
    try await withServer(desk) { port, server in
      let (busy, idle) = (try RawClient(port: port), try RawClient(port: port))
      idle.send(get("/feeds/all.atom"))
      #expect(await idle.answer()?.status == 200)
      busy.send(get("/feeds/held.atom"))
      await desk.waitUntilAsked()
      async let stopped: Void = server.stop()
      // The idle one ends while the other is still at work.
      #expect(await idle.ends())
      desk.mayAnswer.signal()
      #expect(await busy.answer()?.text == Desk.words)
      #expect(await busy.ends())
      try await stopped
    }
  }

  @Test func pagesOfTheMachineAreShownToItAlone() async throws {
    try await withServer { port, _ in
      let client = try RawClient(port: port)
      client.send(get("/metrics"))
      let shown = try #require(await client.answer())
      #expect(shown.status == 200 && shown.text == "revere_up 1\n")
      #expect(shown["X-Content-Type-Options"] == "nosniff" && shown["Cache-Control"] == "no-store")
      for target in ["/metrics", "/healthz"] {
        client.send(get(target))
        let whole = try #require(await client.answer())
        client.send(get(target, method: "HEAD"))
        let head = try #require(await client.answer(isHead: true))
        #expect(head.status == 200 && head["Content-Length"] == String(whole.body.count), "\(target)")
      }
    }
    try await withServer(settings: .connectionsPerAddress(1, trusts: true)) { port, _ in
      let client = try RawClient(port: port)
      let proxied = ["X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https"]
      for fields in [proxied, ["X-Forwarded-For: 127.0.0.1"], ["X-Forwarded-Proto: https"]] {
        client.send(get("/metrics", fields))
        #expect(await client.answer()?.status == 404, "\(fields)")
      }
      client.send(get("/healthz", proxied))
      #expect(await client.answer()?.text == "ok\n")
    }
  }

  @Test func aProxyThatNobodyNamedIsRefusedAndTold() async throws {
    let told = Told()
    try await withServer(told: told) { port, _ in
      for target in ["/feeds/all.atom", "/healthz"] {
        let client = try RawClient(port: port)
        client.send(get(target, ["X-Forwarded-For: 192.0.2.7"]))
        #expect(await client.answer()?.status == 403)
        #expect(await client.ends())
      }
    }
    let proxies = told.events.withLock { events in
      events.compactMap { if case .exposed(let address, byStranger: true) = $0 { address } else { nil } }
    }
    #expect(proxies == ["127.0.0.1", "127.0.0.1"])
  }

  /// Whoever runs a proxy that forgets to say https finds out from the log.
  @Test func refusalsAreInTheLog() async throws {
    let told = Told()
    try await withServer(logsAccess: true, told: told, settings: .connectionsPerAddress(1, trusts: true)) { port, _ in
      for (request, status) in [
        (get("/feeds/all.atom", ["X-Forwarded-For: 192.0.2.7"]), 403), ("GET /feeds/all.atom HTTP/1.1\r\n\r\n", 400),
      ] {
        let client = try RawClient(port: port)
        client.send(request)
        #expect(await client.answer()?.status == status)
        #expect(await client.ends())
      }
    }
    let events = told.events.withLock { $0 }
    let statuses = events.compactMap { if case .access(let record) = $0 { record.status } else { nil } }
    let exposed = events.filter { if case .exposed(_, byStranger: false) = $0 { true } else { false } }
    #expect(statuses == [403, 400] && exposed.count == 1)
  }

  @Test func whatWaitsLongHoldsUpNothingElse() async throws {
    let desk = Desk()
    let change = ServerChange { $0.threads = 5 }
    try await withServer(desk, settings: change) { port, _ in
      let held = try (0..<6).map { _ in try RawClient(port: port) }
      for client in held.prefix(4) {
        client.send(get("/feeds/held.atom"))
        await desk.waitUntilAsked()
      }
      let other = try RawClient(port: port)
      // One thread is left for feeds; then none, and the pages have their own.
      for target in ["/feeds/made.atom", "/feeds/all.atom", "/healthz", "/metrics"] {
        other.send(get(target))
        #expect(await other.answer()?.status == 200, "\(target)")
      }
      held[4].send(get("/feeds/held.atom"))
      await desk.waitUntilAsked()
      held[5].send(get("/feeds/held.atom"))
      for target in ["/feeds/all.atom", "/healthz", "/metrics"] {
        other.send(get(target))
        #expect(await other.answer()?.status == 200, "\(target)")
      }
      for client in held {
        desk.mayAnswer.signal()
        if client === held[0] { await desk.waitUntilAsked() }
      }
      for client in held { #expect(await client.answer()?.text == Desk.words) }
    }
  }
}

extension Desk {
  /// Off the threads of Swift's tasks, since it blocks.
  func waitUntilAsked() async {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [self] in
        isAsked.wait()
        continuation.resume()
      }
    }
  }
}
