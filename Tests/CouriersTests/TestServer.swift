// Servers of Tests/Servers as subprocesses on free loopback ports. Readiness and results are lines of JSON on their
// standard output; every wait is bounded; closing their standard input ends them.

import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

struct ServerProblem: Error, CustomStringConvertible {
  var description: String
}

final class TestServer {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Servers")
  static let root = folder.deletingLastPathComponent().deletingLastPathComponent()

  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private let ended = DispatchSemaphore(value: 0)
  private var buffer = Data()
  private(set) var ready: [String: Any] = [:]

  var port: Int { ready["port"] as? Int ?? 0 }
  var authority: String? { ready["ca"] as? String }

  init(_ script: String, _ arguments: String...) throws {
    signal(SIGPIPE, SIG_IGN)
    // `make setup` makes an own Python with the packages of Tests/requirements.txt; else the system's must have them.
    let own = Self.root.appendingPathComponent(".build-python/bin/python")
    let hasOwn = FileManager.default.isExecutableFile(atPath: own.path)
    process.executableURL = hasOwn ? own : URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      (hasOwn ? [] : ["python3"]) + ["-W", "ignore", Self.folder.appendingPathComponent(script).path] + arguments
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let ended = ended
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    ready = try next(seconds: 120)
  }

  deinit {
    try? input.fileHandleForWriting.close()
    try? output.fileHandleForReading.close()
    if ended.wait(timeout: .now() + 40) == .timedOut { kill(process.processIdentifier, SIGKILL) }
  }

  /// The next line that the server prints, as a JSON object.
  func next(seconds: Int = 120) throws -> [String: Any] {
    let descriptor = output.fileHandleForReading.fileDescriptor
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[..<end]
        buffer = Data(buffer[(end + 1)...])
        guard let value = try JSONSerialization.jsonObject(with: line) as? [String: Any] else {
          throw ServerProblem(description: "not an object: \(String(decoding: line, as: UTF8.self))")
        }
        return value
      }
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, Int32(seconds * 1000)) > 0 else {
        throw ServerProblem(description: "the server said nothing in \(seconds) s")
      }
      var chunk = [UInt8](repeating: 0, count: 65536)
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { throw ServerProblem(description: "the server ended") }
      buffer.append(contentsOf: chunk[..<count])
    }
  }

  func ask(_ line: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
  }

  /// Lets a receiver that was told to `--hold` answer.
  func go() throws {
    try ask("go")
    _ = try next()
  }

  /// A private Postfix.
  static func postfix() throws -> TestServer {
    let server = try TestServer("postfix_server.py")
    if let reason = server.ready["skip"] as? String { throw ServerProblem(description: reason) }
    return server
  }

  /// Whether one can be had, for a test's trait: it needs root and Debian's package. Where no test may be skipped the
  /// test itself says what is missing.
  static func hasPostfix() throws -> Bool {
    if ProcessInfo.processInfo.environment["REVERE_NO_SKIP"] != nil { return true }
    return try TestServer("postfix_server.py").ready["skip"] == nil
  }
}

/// A socket on a free loopback port.
private func bound() throws -> (descriptor: Int32, port: Int) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
    }
  }
  guard isBound else { throw ServerProblem(description: "no free port") }
  return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}

/// A port on which nothing listens, for a relay that is absent.
func unusedPort() throws -> Int {
  let (descriptor, port) = try bound()
  close(descriptor)
  return port
}

/// Accepts connections (the kernel does) and never says a word.
final class SilentServer {
  let port: Int
  private let descriptor: Int32
  init() throws {
    (descriptor, port) = try bound()
    guard listen(descriptor, 16) == 0 else { throw ServerProblem(description: "cannot listen") }
  }
  deinit { close(descriptor) }
}
