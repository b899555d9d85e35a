// A request that comes again in the same bytes: known without being read, and never taken for another.

import Foundation
import NIOCore
import Synchronization
import Testing

@testable import WebConsole

@Suite struct RepeatedRequestTests {
  /// Asked for again, the desk tells sequence numbers that no other way gives.
  private static func desk(_ agains: FeedAgain...) -> Desk {
    let desk = Desk()
    desk.agains.withLock { $0 = agains }
    return desk
  }
  private static let same = FeedAgain.same(FeedPull(sequence: 777))
  private static let kept = get("/feeds/kept.atom")

  @Test func theSameAnswerIsGivenAgain() async throws {
    for fields in [[], ["If-None-Match: \(Desk.tag)"], ["Accept-Encoding: gzip"]] {
      let desk = Self.desk(Self.same)
      try await withServer(desk) { port, _ in
        let client = try RawClient(port: port)
        client.send(get("/feeds/kept.atom", fields))
        let first = try #require(await client.answer())
        #expect(first["Revere-Sequence"] == "1")
        for _ in 0..<3 {
          client.send(get("/feeds/kept.atom", fields))
          let again = try #require(await client.answer())
          #expect(again["Revere-Sequence"] == "777")
          #expect(again.status == first.status && again.body == first.body)
          #expect(again.without("Revere-Sequence") == first.without("Revere-Sequence"))
        }
      }
      #expect(desk.questions.withLock { $0.count } == 1 && desk.admissions.withLock { $0 } == 1)
    }
  }

  @Test func whatHasChangedIsAskedAnew() async throws {
    let desk = Self.desk(.changed, .tooMany(seconds: 5), .admitted(.visitor(Desk())))
    try await withServer(desk) { port, _ in
      let client = try RawClient(port: port)
      var told: [String?] = []
      for _ in 0..<4 {
        client.send(Self.kept)
        let answer = try #require(await client.answer())
        told.append(answer["Revere-Sequence"] ?? answer["Retry-After"])
      }
      // Found; changed and found anew; refused; counted, and found for a visitor whose first pull it is.
      #expect(told == ["1", "2", "5", "1"])
    }
    #expect(desk.admissions.withLock { $0 } == 2)
  }

  /// Each of these comes between two equal requests, or is one: nothing of it may be answered from before.
  @Test(arguments: [
    get("/feeds/kept.atom", ["X: y"]), get("/feeds/kept.atom", as: "Bearer tokem"), get("/feeds/kept.aton"),
    get("/feeds/none.atom"), get("/healthz"), get("/feeds/made.atom"), get("/feeds/kept.atom", method: "HEAD"),
    get("/feeds/kept.atom") + get("/feeds/none.atom"), get("/feeds/kept.atom", ["Content-Length: 5"]) + "hello",
  ])
  func nothingElseIsTakenForIt(_ other: String) async throws {
    let desk = Self.desk(Self.same)
    try await withServer(desk) { port, _ in
      let client = try RawClient(port: port)
      func answers(_ text: String) async -> [String?] {
        client.send(text)
        var told: [String?] = []
        for part in text.components(separatedBy: " HTTP/1.1").dropLast() {
          let answer = await client.answer(isHead: part.hasSuffix("HEAD /feeds/kept.atom"))
          told.append(answer?["Revere-Sequence"])
          #expect(answer != nil)
        }
        return told
      }
      #expect(await answers(Self.kept) == ["1"])
      #expect(await !answers(other).contains("777"))
      // It is read as for the first time (after a body twice: where that ended is not looked at), and then known again.
      var told = [await answers(Self.kept), await answers(Self.kept)]
      #expect(told[0] != ["777"])
      if told[1] != ["777"] { told.append(await answers(Self.kept)) }
      #expect(told.last == ["777"])
    }
  }

  /// Bytes that a request was read with and that now belong to a body, or to a head that has begun.
  @Test func bytesAreNoRequestWhereTheyAreNone() async throws {
    let desk = Self.desk(Self.same)
    try await withServer(desk) { port, _ in
      let client = try RawClient(port: port)
      client.send(Self.kept)
      #expect(await client.answer()?.status == 200)
      client.send(get("/feeds/all.atom", ["Content-Length: \(Self.kept.utf8.count)"]))
      client.send(Self.kept)
      #expect(await client.answer()?["Revere-Sequence"] == "2")
      // The end of one body and the head of a request whose own is still to come.
      let head = "0\r\n\r\n" + get("/feeds/kept.atom", ["Content-Length: 5"])
      client.send(get("/feeds/all.atom", ["Transfer-Encoding: chunked"]))
      client.send(head)
      client.send("hello" + Self.kept)
      var told: [String?] = []
      for _ in 0..<3 { told.append(await client.answer()?["Revere-Sequence"]) }
      #expect(told == ["3", "4", "5"])
    }
  }

  /// What ended a request that came in two reads is none by itself.
  @Test func theEndOfARequestIsNoRequest() async throws {
    try await withServer(Self.desk(Self.same)) { port, _ in
      let client = try RawClient(port: port)
      let cut = try #require(Self.kept.range(of: "\r\n")).upperBound
      let (line, fields) = (String(Self.kept[..<cut]), String(Self.kept[cut...]))
      // The answer to the first says that the line was read with it.
      client.send(Self.kept + line)
      #expect(await client.answer()?.status == 200)
      client.send(fields)
      #expect(await client.answer()?["Revere-Sequence"] == "2")
      client.send(fields)
      #expect(await client.answer()?.status == 400)
    }
  }

  @Test func seatsAreTakenAndGivenBack() async throws {
    let desk = Self.desk(Self.same)
    try await withServer(desk, settings: .seatsPerCaller(1)) { port, _ in
      let (first, second) = (try RawClient(port: port), try RawClient(port: port))
      for _ in 0..<3 {
        first.send(Self.kept)
        #expect(await first.answer()?.status == 200)
      }
      second.send(get("/feeds/held.atom"))
      await desk.waitUntilAsked()
      first.send(Self.kept)
      #expect(await first.answer()?.status == 429)
      desk.mayAnswer.signal()
      #expect(await second.answer()?.status == 200)
    }
  }

  @Test func itIsInTheLogAsAnyOther() async throws {
    let told = Told()
    try await withServer(Self.desk(Self.same), logsAccess: true, told: told) { port, _ in
      let client = try RawClient(port: port)
      for _ in 0..<2 {
        client.send(Self.kept)
        #expect(await client.answer()?.status == 200)
      }
    }
    let lines = told.events.withLock { $0 }.map { "\($0)" }
    #expect(lines.count == 2 && lines.first == lines.last && lines[0].contains("msp"))
  }

  @Test func bytesAreComparedWhole() {
    let bytes = ByteBuffer(string: "GET / HTTP/1.1")
    #expect(bytes.isSame(as: ByteBuffer(string: "GET / HTTP/1.1")))
    for other in ["", "GET / HTTP/1.0", "FET / HTTP/1.1", "GET / HTTP/1.1 ", "GET / HTTP/1."] {
      #expect(!bytes.isSame(as: ByteBuffer(string: other)))
    }
  }
}
