// Requests to feeds as bytes over a socket, and what comes back: RFC 9110, and feeds.md "HTTP".

import Synchronization
import Testing
import WebConsole

@Suite struct FeedAnswersTests {
  private static func ask(_ requests: String...) async throws
    -> [Answer]
  {
    let found = Mutex<[Answer]>([])
    try await withServer { port, _ in
      for request in requests {
        let client = try RawClient(port: port)
        client.send(request)
        let answer = await client.answer(isHead: request.hasPrefix("HEAD"))
        found.withLock { $0 += answer.map { [$0] } ?? [] }
      }
    }
    return found.withLock { $0 }
  }

  @Test func aFeedComesWithItsFields() async throws {
    let answers = try await Self.ask(get("/feeds/all.atom"))
    let answer = try #require(answers.first)
    #expect(answer.status == 200)
    #expect(answer.text == Desk.words)
    #expect(answer["Content-Type"] == "application/atom+xml; charset=utf-8")
    #expect(answer["ETag"] == Desk.tag)
    #expect(answer["Cache-Control"] == "private, no-cache")
    #expect(answer["Vary"] == "Authorization, Accept, Accept-Encoding")
    #expect(answer["Date"] == "Sat, 21 Nov 2026 22:26:40 GMT")
    // The second after the change: then nothing of it changed any more.
    #expect(answer["Last-Modified"] == "Sat, 21 Nov 2026 22:25:01 GMT")
    #expect(answer["Revere-Sequence"] == "1")
    #expect(answer["X-Content-Type-Options"] == "nosniff")
    #expect(answer["Connection"] == nil)
  }

  @Test func aChangeOfThisSecondHasNoTimeYet() async throws {
    let answers = try await Self.ask(
      get("/feeds/fresh.atom"), get("/feeds/fresh.atom", ["If-Modified-Since: Sat, 21 Nov 2026 22:26:40 GMT"]))
    #expect(answers.map(\.status) == [200, 200])
    #expect(answers.allSatisfy { $0["Last-Modified"] == nil && $0["ETag"] != nil })
  }

  static let conditionsCases: [([String], Int)] = [
    (["If-None-Match: \"0123456789abcdef\""], 304), (["If-None-Match: W/\"0123456789abcdef\""], 304),
    (["If-None-Match: \"a,b\", \"0123456789abcdef\""], 304), (["If-None-Match: *"], 304),
    (["If-None-Match: \"a\"", "If-None-Match: \"0123456789abcdef\""], 304),
    (["If-None-Match: \"other\""], 200), (["If-None-Match: 0123456789abcdef"], 200),
    // The tag of another coding is another tag.
    (["If-None-Match: \"0123456789abcdef-gzip\""], 200),
    (["If-None-Match: \"0123456789abcdef-gzip\"", "Accept-Encoding: gzip"], 304),
    // RFC 9110 section 13.1.3: the time is not looked at beside a tag.
    (["If-None-Match: \"other\"", "If-Modified-Since: Sun, 22 Nov 2026 22:24:00 GMT"], 200),
    (["If-None-Match: \"0123456789abcdef\"", "If-Modified-Since: Sat, 01 Nov 1986 22:24:00 GMT"], 304),
    (["If-Modified-Since: Sat, 21 Nov 2026 22:25:01 GMT"], 304),
    (["If-Modified-Since: Sat, 21 Nov 2026 22:25:00 GMT"], 200),
    (["If-Modified-Since: Saturday, 21-Nov-26 22:25:02 GMT"], 304),
    (["If-Modified-Since: Sat Nov 21 22:25:00 2026"], 200), (["If-Modified-Since: yesterday"], 200),
    (["If-Match: \"0123456789abcdef\""], 200), (["If-Match: W/\"0123456789abcdef\""], 412),
    (["If-Match: \"other\""], 412), (["If-Unmodified-Since: Sat, 21 Nov 2026 22:25:00 GMT"], 412),
    (["If-Unmodified-Since: Sat, 21 Nov 2026 22:25:01 GMT"], 200),
  ]

  @Test(arguments: conditionsCases)
  func conditions(_ fields: [String], _ status: Int) async throws {
    let answers = try await Self.ask(get("/feeds/all.atom", fields))
    let answer = try #require(answers.first)
    #expect(answer.status == status, "\(fields)")
    guard status == 304 else { return }
    #expect(answer["ETag"]?.hasPrefix("\"0123456789abcdef") == true)
    #expect(answer["Cache-Control"] == "private, no-cache")
    #expect(answer["Vary"] != nil && answer["Date"] != nil)
    #expect(answer["Content-Length"] == nil && answer["Content-Type"] == nil)
  }

  @Test(arguments: [
    // It has neither tag nor time.
    ("/taxii2/plain/", "If-Match: *", 200), ("/taxii2/plain/", "If-Match: \"a\"", 412),
    ("/taxii2/plain/", "If-Unmodified-Since: Sat, 21 Nov 2026 22:25:00 GMT", 200),
    ("/taxii2/plain/", "If-None-Match: *", 304), ("/taxii2/plain/", "If-None-Match: \"a\"", 200),
    ("/taxii2/none/", "If-None-Match: *", 404),
    // It has changed in this second, and its time has not come.
    ("/feeds/fresh.atom", "If-Match: *", 200),
    ("/feeds/fresh.atom", "If-Unmodified-Since: Sat, 21 Nov 2026 22:25:00 GMT", 412),
  ])
  func conditionsOnWhatHasNoValidator(_ target: String, _ field: String, _ status: Int) async throws {
    #expect(try await Self.ask(get(target, [field])).map(\.status) == [status])
  }

  /// Who asks so need not have what there is.
  @Test func anythingIsNoPull() async throws {
    let desk = Desk()
    try await withServer(desk) { port, _ in
      let client = try RawClient(port: port)
      for target in ["/feeds/all.atom", "/taxii2/plain/"] {
        client.send(get(target, ["If-None-Match: *"]))
        let answer = await client.answer()
        #expect(answer?.status == 304 && answer?["Revere-Sequence"] == nil, "\(target)")
      }
      #expect(desk.recorded.withLock { $0 } == 0)
    }
  }

  @Test func headHasTheFieldsOfGetAndIsNoPull() async throws {
    let desk = Desk()
    try await withServer(desk) { port, _ in
      let client = try RawClient(port: port)
      client.send(get("/feeds/all.atom", method: "HEAD"))
      let head = try #require(await client.answer(isHead: true))
      #expect(desk.recorded.withLock { $0 } == 0)
      client.send(get("/feeds/all.atom"))
      let whole = try #require(await client.answer())
      #expect(head.fields == whole.without("Revere-Sequence"))
      #expect(head["Content-Length"] == "19")
      client.send(get("/feeds/none.atom", method: "HEAD") + get("/feeds/all.atom"))
      let (missing, next) = (await client.answer(isHead: true), await client.answer())
      #expect(missing?.status == 404 && next?.status == 200)
    }
  }

  @Test func gzipIsARepresentationOfItsOwn() async throws {
    let answers = try await Self.ask(
      get("/feeds/all.atom", ["Accept-Encoding: br, gzip"]), get("/feeds/all.atom", ["Accept-Encoding: gzip;q=0"]),
      get("/feeds/all.atom", ["Accept-Encoding: identity;q=0, gzip;q=0"]))
    #expect(answers.map(\.status) == [200, 200, 406])
    #expect(answers[0]["Content-Encoding"] == "gzip" && answers[0].text == Desk.zipped)
    #expect(answers[0]["ETag"] == "\"0123456789abcdef-gzip\"")
    #expect(answers[1]["Content-Encoding"] == nil && answers[1].text == Desk.words)
  }

  @Test func whoIsNotKnownIsToldNothing() async throws {
    let answers = try await Self.ask(
      get("/feeds/all.atom", as: "Basic bXNwOndyb25n"), get("/feeds/none.atom", as: "Basic bXNwOndyb25n"),
      get("/feeds/all.atom", method: "POST", as: "Basic bXNwOndyb25n"), get("/feeds/../etc/passwd", as: "nonsense"),
      "GET /feeds/all.atom HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(answers.count == 5)
    #expect(answers.allSatisfy { $0 == answers[0] })
    let challenges = answers[0].fields.filter { $0.hasPrefix("WWW-Authenticate") }
    #expect(answers[0].status == 401)
    #expect(
      challenges == [
        "WWW-Authenticate: Basic realm=\"feeds\", charset=\"UTF-8\"", "WWW-Authenticate: Bearer realm=\"feeds\"",
      ])
    #expect(answers[0]["Cache-Control"] == "private, no-store")
  }

  @Test func everythingThatIsNotThereLooksAlike() async throws {
    let answers = try await Self.ask(
      get("/feeds/none.atom"), get("/cap/CFC-OS-2026-0042.1.xml"), get("/feeds/../feeds/all.atom"),
      get("/feeds/%2e%2e/all.atom"), get("/feeds/all.atom/"), get("//feeds/all.atom"), get("/feeds/all%2Eatom%zz"),
      get("/feeds%2Fall.atom"))
    #expect(answers.map(\.status) == Array(repeating: 404, count: 8))
    #expect(answers[0..<5].allSatisfy { $0 == answers[0] } && answers[6] == answers[0])
  }

  @Test func targetsInEveryForm() async throws {
    let desk = Desk()
    try await withServer(desk) { port, _ in
      let client = try RawClient(port: port)
      for target in [
        "http://feeds.example.gov/feeds/all.atom", "HTTPS://other.example/feeds/all.atom", "/feeds/%61ll.atom",
        "/feeds/all.atom?", "/feeds/all.atom?limit=2&match%5Btype%5D=report&x=a%20b",
      ] {
        client.send(get(target))
        #expect(await client.answer()?.status == 200, "\(target)")
      }
      let last = try #require(desk.questions.withLock { $0 }.last)
      #expect(last.query == "limit=2&match%5Btype%5D=report&x=a%20b" && last.target == "/feeds/all.atom")
    }
  }

  @Test func whatIsRefusedSaysHow() async throws {
    let answers = try await Self.ask(
      get("/feeds/all.atom", method: "POST"), get("/feeds/none.atom", method: "DELETE"),
      get("/feeds/all.atom", ["Accept: text/html"]), get("/feeds/none.atom", ["Accept: text/html"]),
      get("/feeds/all.atom", ["Accept: text/html, application/*;q=0.1"]), get("/feeds/all.atom", as: "Bearer eager"),
      get("/feeds/halted.atom"), get("/taxii2/none/"), get("/taxii2/wrong/"))
    #expect(answers.map(\.status) == [405, 405, 406, 406, 200, 429, 503, 404, 403])
    #expect(answers[0]["Allow"] == "GET, HEAD" && answers[0] == answers[1])
    #expect(answers[2] == answers[3])
    #expect(answers[5]["Retry-After"] == "17" && answers[6]["Retry-After"] == "300")
    #expect(answers[7]["Content-Type"] == "application/taxii+json;version=2.1")
    #expect(answers[7].text.contains("\"http_status\":\"404\""))
    #expect(answers[8].text == "{}")
  }

  @Test func whatMustWaitIsAskedAgainAndCountsOnce() async throws {
    let desk = Desk()
    try await withServer(desk) { port, _ in
      let client = try RawClient(port: port)
      client.send(get("/feeds/made.atom"))
      #expect(await client.answer()?.text == Desk.words)
      #expect(desk.admissions.withLock { $0 } == 1 && desk.recorded.withLock { $0 } == 1)
      client.send(get("/feeds/all.atom", as: "Bearer new"))
      #expect(await client.answer()?.status == 200)
    }
  }

  @Test func aFailureIsToldToTheLogAlone() async throws {
    let told = Told()
    try await withServer(told: told) { port, _ in
      let client = try RawClient(port: port)
      client.send(get("/feeds/broken.atom"))
      let answer = try #require(await client.answer())
      #expect(answer.status == 500 && !answer.text.contains("Cocoa"))
    }
    guard case .failed(let path, _) = told.events.withLock({ $0.first }) else {
      Issue.record("nothing was told")
      return
    }
    #expect(path == "/feeds/broken.atom")
  }

  @Test func theLogHasNoSecretAndNoQuery() async throws {
    let told = Told()
    try await withServer(logsAccess: true, told: told) { port, _ in
      let client = try RawClient(port: port)
      client.send(get("/feeds/all.atom?token=secret"))
      #expect(await client.answer()?.status == 200)
    }
    guard case .access(let record) = told.events.withLock({ $0.first }) else {
      Issue.record("nothing was told")
      return
    }
    #expect(record.path == "/feeds/all.atom" && record.visitor == "msp" && record.status == 200 && record.bytes == 19)
    #expect(!"\(record)".contains("secret") && !"\(record)".contains("token"))
  }

  @Test func sensitiveFeedsAreStoredNowhere() async throws {
    let answers = try await Self.ask(get("/feeds/large.atom"))
    #expect(answers.first?["Cache-Control"] == "private, no-store")
    #expect(answers.first?.body.count == 4 << 20)
  }
}
