// A client that sends the bytes it is given and shows those that come: what libraries would never send can be sent.

import Foundation

final class RawClient: Sendable {
  private let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    // So that a test that fails ends.
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw CocoaError(.fileReadUnknown) }
  }
  deinit { close(descriptor) }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      offset += count
    }
  }

  /// Nothing more is sent; what comes can still be read.
  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// One answer, off the threads of Swift's tasks.
  /// - Parameter isHead: the request was HEAD: no body comes whatever its length is said to be.
  func answer(isHead: Bool = false) async -> Answer? {
    await offPool { [self] in
      var head: [UInt8] = []
      while head.suffix(4) != Array("\r\n\r\n".utf8)[...] {
        guard let byte = read(1).first else { return nil }
        head.append(byte)
      }
      var answer = Answer(head: String(decoding: head, as: UTF8.self))
      if !isHead, answer.status != 304 { answer.body = read(Int(answer["Content-Length"] ?? "0") ?? 0) }
      return answer
    }
  }

  /// Whether the server ends the connection without another byte.
  func ends() async -> Bool { await offPool { [self] in read(1).isEmpty } }

  private func read(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes[filled...].withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      guard got > 0 else { break }
      filled += got
    }
    return Array(bytes.prefix(filled))
  }

  private func offPool<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: work()) }
    }
  }
}

struct Answer: Sendable, Equatable {
  var status: Int
  /// In order, without the line of the status.
  var fields: [String]
  var body: [UInt8] = []

  init(head: String) {
    let lines = head.components(separatedBy: "\r\n").filter { !$0.isEmpty }
    status = lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
    fields = Array(lines.dropFirst())
  }

  /// The first of its name.
  subscript(_ name: String) -> String? {
    fields.first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }.map { String($0.dropFirst(name.count + 2)) }
  }
  /// Names, as far as they do not differ from answer to answer.
  func without(_ names: String...) -> [String] {
    fields.filter { line in !names.contains { line.lowercased().hasPrefix($0.lowercased() + ":") } }
  }
  var text: String { String(decoding: body, as: UTF8.self) }
}
