// Addresses to listen on: loopback unless a host is named.

import Testing
import Workflows

@Suite struct ListenAddressTests {
  @Test(arguments: [
    ("9177", "127.0.0.1:9177", true), (":9177", "127.0.0.1:9177", true), ("127.0.0.1:1", "127.0.0.1:1", true),
    ("localhost:65535", "localhost:65535", true), ("[::1]:80", "[::1]:80", true), ("0.0.0.0:80", "0.0.0.0:80", false),
    ("[::]:80", "[::]:80", false), ("metrics.example.gov:80", "metrics.example.gov:80", false),
    ("127.example.gov:80", "127.example.gov:80", false),
  ])
  func read(_ text: String, _ shown: String, _ isLoopback: Bool) throws {
    let address = try #require(ListenAddress(text))
    #expect(address.description == shown && address.isLoopback == isLoopback)
  }

  @Test(arguments: [
    "", ":", "0", "65536", "::1:80", "[::1]", "[]:80", "a b:80", "http://x:80", "x:", "x:+80", "[g]:80",
  ])
  func refused(_ text: String) { #expect(ListenAddress(text) == nil) }

  @Test func aFreePortIsTakenWhereThatIsAllowed() throws {
    let free = try #require(ListenAddress("127.0.0.1:0", allowsFreePort: true))
    #expect(free.port == 0 && free.at(port: 8440).description == "127.0.0.1:8440")
    #expect(ListenAddress("127.0.0.1:0") == nil && ListenAddress("127.0.0.1:65536", allowsFreePort: true) == nil)
  }
}
