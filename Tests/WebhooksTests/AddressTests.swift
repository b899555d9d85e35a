// One address for each range that an endpoint may not be called at, and what the site's allow list opens.

import Testing
import Webhooks

@Suite struct AddressTests {
  @Test(arguments: [
    ("0.0.0.0", "this network"), ("10.1.2.3", "private"), ("100.64.0.1", "shared by a carrier"),
    ("100.127.255.255", "shared by a carrier"), ("127.0.0.1", "loopback"), ("127.255.255.254", "loopback"),
    ("169.254.169.254", "link-local"), ("172.16.0.1", "private"), ("172.31.255.255", "private"),
    ("192.0.0.1", "for protocols"), ("192.0.2.1", "for documentation"), ("192.88.99.1", "6to4"),
    ("192.168.1.1", "private"), ("198.18.0.1", "for measuring"), ("198.19.255.255", "for measuring"),
    ("198.51.100.7", "for documentation"), ("203.0.113.9", "for documentation"), ("224.0.0.1", "multicast"),
    ("239.255.255.255", "multicast"), ("240.0.0.1", "reserved"), ("255.255.255.255", "reserved"),
    ("::", "unspecified"), ("::1", "loopback"), ("::ffff:8.8.8.8", "IPv4-mapped"), ("::ffff:127.0.0.1", "IPv4-mapped"),
    ("::8.8.8.8", "IPv4-compatible"), ("64:ff9b::a00:1", "NAT64"), ("64:ff9b:1::1", "NAT64"), ("100::1", "discarded"),
    ("2001::1", "Teredo"), ("2001:20::1", "for protocols"), ("2001:db8::1", "for documentation"),
    ("2002:7f00:1::", "6to4"), ("3fff::1", "for documentation"), ("5f00::1", "segment routing"),
    ("fc00::1", "unique-local"), ("fdff::1", "unique-local"), ("fe80::1", "link-local"), ("fec0::1", "site-local"),
    ("ff02::1", "multicast"), ("4000::1", "outside the public addresses"), ("::2:1", "IPv4-compatible"),
    ("1::1", "outside the public addresses"),
  ])
  func refused(_ text: String, _ what: String) throws {
    let address = try #require(NetworkAddress(text))
    #expect(AddressGuard().refusal(of: address) == what)
    let range = try #require(NetworkRange(text))
    #expect(AddressGuard(allowing: [range]).refusal(of: address) == nil)
  }

  @Test(arguments: [
    "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "198.17.1.1", "223.255.255.255",
    "2606:4700::1111", "2a00::1", "2001:4860:4860::8888",
  ])
  func public_(_ text: String) throws {
    #expect(AddressGuard().refusal(of: try #require(NetworkAddress(text))) == nil)
  }

  @Test func everyRangeIsRead() { #expect(AddressGuard.special.count == 36) }

  @Test func anAllowedNetworkOpensNothingElse() throws {
    let rule = AddressGuard(allowing: [try #require(NetworkRange("127.0.0.0/8"))])
    #expect(rule.refusal(of: try #require(NetworkAddress("127.1.2.3"))) == nil)
    #expect(rule.refusal(of: try #require(NetworkAddress("::ffff:127.0.0.1"))) == "IPv4-mapped")
    #expect(rule.refusal(of: try #require(NetworkAddress("10.0.0.1"))) == "private")
  }

  @Test(arguments: [
    "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "::1/129", "10.0.0.0/", "10.0.0.0/8/8", "", "x", "1.2.3.4/-1",
  ])
  func noNetwork(_ text: String) { #expect(NetworkRange(text) == nil) }

  @Test func written() {
    #expect(NetworkAddress("2001:DB8:0::1")?.description == "2001:db8::1")
    #expect(NetworkAddress("192.0.2.1")?.description == "192.0.2.1")
  }
}
