// Whose word counts about where a request came from.

import Testing

@testable import WebConsole

@Suite struct ForwardedCallerTests {
  private static func caller(
    _ peer: String, forwarded: String? = nil, proto: String? = nil
  ) -> ForwardedCaller {
    ForwardedCaller(peer: peer, forwardedFor: forwarded, forwardedProto: proto) {
      $0.hasPrefix("10.") || $0 == "127.0.0.1"
    }
  }

  @Test(arguments: [
    ("192.0.2.1", "198.51.100.9", "192.0.2.1"), ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
    // Written by the caller itself, before the hop that is trusted saw it.
    ("10.0.0.1", "203.0.113.5, 198.51.100.9", "198.51.100.9"),
    ("10.0.0.1", "203.0.113.5, 198.51.100.9, 10.0.0.2", "198.51.100.9"),
    ("10.0.0.1", "10.0.0.9", "10.0.0.9"), ("10.0.0.1", "unknown", "10.0.0.1"),
    ("10.0.0.1", "198.51.100.9:4711", "198.51.100.9"), ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
    ("10.0.0.1", "2001:db8::1", "2001:db8::1"), ("10.0.0.1", "x\"; drop", "10.0.0.1"), ("10.0.0.1", "", "10.0.0.1"),
  ])
  func addresses(_ peer: String, _ forwarded: String, _ expected: String) {
    #expect(Self.caller(peer, forwarded: forwarded, proto: "https").address == expected)
  }

  @Test func whoMayReadAlong() {
    #expect(!Self.caller("127.0.0.1").isExposed)
    #expect(Self.caller("192.0.2.1").isExposed)
    #expect(Self.caller("192.0.2.1", proto: "https").isExposed)
    // A trusted proxy must say that it had TLS.
    #expect(Self.caller("10.0.0.1").isExposed)
    #expect(!Self.caller("10.0.0.1", proto: "https").isExposed)
    #expect(Self.caller("10.0.0.1", proto: "https, http").isExposed)
    #expect(Self.caller("127.0.0.1", proto: "http").isExposed)
    #expect(Self.caller("127.0.0.1", proto: "https").isSecure && !Self.caller("127.0.0.1").isSecure)
    // It says who calls and not how: what is beyond this machine may have been read on the way.
    #expect(Self.caller("127.0.0.1", forwarded: "192.0.2.1").isExposed)
    #expect(!Self.caller("127.0.0.1", forwarded: "192.0.2.1", proto: "https").isExposed)
    #expect(!Self.caller("127.0.0.1", forwarded: "127.0.0.1").isExposed)
  }

  @Test func aProxyHereThatNobodyNamedIsNotThisMachine() {
    for (forwarded, proto) in [("192.0.2.1", nil), ("127.0.0.1", nil), (nil, "https"), ("192.0.2.1", "https")] {
      let caller = Self.caller("127.0.0.9", forwarded: forwarded, proto: proto)
      #expect(caller.isExposed && caller.isByStranger && !caller.isSecure && caller.address == "127.0.0.9")
    }
    #expect(!Self.caller("127.0.0.9").isByStranger && !Self.caller("192.0.2.1", proto: "https").isByStranger)
  }
}

@Suite struct PatienceTests {
  @Test func eachThingHasItsTime() {
    var patience = Patience(Patience.Limits(request: 2, answer: 3, idle: 4))
    #expect((0..<2).allSatisfy { _ in patience.tick(.receiving) == nil })
    #expect(patience.tick(.receiving) == .receiving)
    #expect((0..<3).allSatisfy { _ in patience.tick(.sending) == nil })
    #expect(patience.tick(.sending) == .sending)
    #expect((0..<4).allSatisfy { _ in patience.tick(.nothing) == nil })
    patience.restart()
    #expect((0..<4).allSatisfy { _ in patience.tick(.nothing) == nil })
    #expect(patience.tick(.nothing) == .nothing)
    #expect((0..<1_000).allSatisfy { _ in patience.tick(.working) == nil })
  }
}

@Suite struct NegotiationTests {
  @Test(
    arguments: [
      (nil, .identity), ("", .identity), ("gzip", .gzip), ("GZIP", .gzip), ("x-gzip", .gzip), ("*", .gzip),
      ("br", .identity),
      ("gzip;q=0", .identity), ("gzip; q=0.5, identity", .identity), ("gzip;q=0.5, identity;q=0.5", .gzip),
      ("gzip;q=0.001", .gzip), ("*;q=0", nil), ("*;q=0, gzip", .gzip), ("*;q=0, identity", .identity),
      ("identity;q=0", nil), ("identity;q=0, gzip", .gzip), ("gzip;q=2", .identity), ("gzip;q=abc", .identity),
      ("deflate, gzip;q=1.0, *;q=0.5", .gzip),
    ] as [(String?, Negotiation.Coding?)])
  func codings(_ field: String?, _ coding: Negotiation.Coding?) {
    #expect(Negotiation.coding(field, hasGzip: true) == coding)
    if coding == .gzip, field?.contains("identity;q=0,") != true, field?.contains("*;q=0,") != true {
      #expect(Negotiation.coding(field, hasGzip: false) == .identity)
    }
  }

  @Test(
    arguments: [
      (nil, true), ("*/*", true), ("application/atom+xml", true), ("APPLICATION/Atom+XML;q=0.1", true),
      ("text/html", false), ("text/html, */*;q=0.1", true), ("application/*", true), ("text/xml", true),
      ("application/atom+xml;q=0, text/xml;q=0, application/xml;q=0, */*", false), ("*/*;q=0", false),
      ("nonsense", true),
      ("application/rss+xml, application/rdf+xml;q=0.8, application/atom+xml;q=0.6", true),
    ] as [(String?, Bool)])
  func types(_ field: String?, _ isAccepted: Bool) {
    #expect(
      Negotiation.accepts(field, anyOf: ["application/atom+xml", "application/xml", "text/xml"]) == isAccepted)
  }

  @Test func timesOfHTTP() {
    #expect(HTTPTime.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(HTTPTime.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
    #expect(HTTPTime.seconds("Sunday, 06-Nov-94 08:49:37 GMT") == 784_111_777)
    #expect(HTTPTime.seconds("Sun Nov  6 08:49:37 1994") == 784_111_777)
    #expect(HTTPTime.seconds("1994-11-06T08:49:37Z") == nil)
  }
}
