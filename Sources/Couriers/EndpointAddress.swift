// Where an endpoint is, found out here because a proxy dials: the first address that may be called. The proxy is then
// told this address, and certificate and Host stay the name's.

import Foundation
import Outbox
import Webhooks

#if canImport(Glibc)
  import Glibc
#endif

enum EndpointAddress: Sendable {
  case judged(NetworkAddress)
  case refused(Failure)

  /// Blocks until DNS has answered.
  static func of(_ url: String, _ settings: WebhookSettings) -> EndpointAddress {
    guard let host = URLComponents(string: url)?.host, !host.isEmpty else {
      return .refused(Failure(stage: .endpoint, text: "its address has no host"))
    }
    let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    let found = addresses(of: name)
    if found.isEmpty { return .refused(Failure(stage: .connect, text: "Could not resolve host: \(host)")) }
    var refusal = ""
    for address in found {
      guard let what = settings.addresses.refusal(of: address) else { return .judged(address) }
      refusal = "its address \(address) is not called: \(what)"
    }
    return .refused(Failure(stage: .endpoint, text: refusal))
  }

  /// In the order that the system prefers.
  private static func addresses(of name: String) -> [NetworkAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var found: [NetworkAddress] = []
    var entry = list
    while let current = entry?.pointee {
      let (offset, width) =
        current.ai_family == AF_INET ? (4, 4) : current.ai_family == AF_INET6 ? (8, 16) : (0, 0)
      if width > 0, let start = UnsafeRawPointer(current.ai_addr), Int(current.ai_addrlen) >= offset + width,
        let address = NetworkAddress(bytes: Array(UnsafeRawBufferPointer(start: start + offset, count: width)))
      {
        found.append(address)
      }
      entry = current.ai_next
    }
    return found
  }
}
