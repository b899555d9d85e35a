// A free port, held for as long as this is: addresses stand in feeds before the server answers, so that it is not enough
// to be told the port then. Linux lets two sockets have one address while none of them listens and both say
// SO_REUSEADDR (ip(7), socket(7)), as NIO's do.

import Foundation

package final class HeldPort: Sendable {
  package let number: Int
  private let descriptor: Int32

  /// nil where the system has none at that host.
  package init?(at host: String) {
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, "0", &hints, &list) == 0, let place = list?.pointee else { return nil }
    defer { freeaddrinfo(list) }
    let descriptor = socket(place.ai_family, place.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
    var yes: Int32 = 1
    var name = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let isBound =
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size)) == 0
      && bind(descriptor, place.ai_addr, place.ai_addrlen) == 0
      && withUnsafeMutablePointer(to: &name) { name in
        name.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) == 0 }
      }
    guard isBound else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
    // It lies at the same place in the names of both families.
    number = withUnsafeBytes(of: &name) { Int(UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self))) }
  }

  deinit { close(descriptor) }
}
