// The mail that is being read, kept in a file while a library takes it apart. A mail that ends the program leaves it
// behind: the next start sets that one aside and goes on with the others. Survives the end of the process, however it
// ends; makes no promise for a power cut, after which the mail is simply read again.

import Foundation

package final class ReadingMarker {
  /// What a process that is gone was reading.
  package struct Left: Hashable, Sendable {
    package var source: String
    package var bytes: [UInt8]
    package init(source: String, bytes: [UInt8]) {
      self.source = source
      self.bytes = bytes
    }
  }

  /// Of the workspace.
  package static let folder = "var/reading"
  /// The file begins with two numbers of 64 bits, little endian: the lengths of source and mail, both 0 while none is
  /// being read. They are written after what they tell of.
  private static let head = 16

  private let descriptor: Int32
  private let path: String

  /// - Parameter root: the workspace.
  /// - Throws: the file cannot be made: then nothing is read either.
  package init(root: String) throws(WorkspaceProblem) {
    let folder = root + "/" + Self.folder
    let name = UUID().uuidString
    path = folder + "/" + name
    let draft = folder + "/." + name
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    descriptor = open(draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(errno) }
    // Whoever holds the lock is alive; it has its name only when it is locked.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, rename(draft, path) == 0 else {
      let cause = errno
      close(descriptor)
      unlink(draft)
      throw Self.failure(cause)
    }
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  private static func failure(_ cause: Int32) -> WorkspaceProblem {
    WorkspaceProblem(
      .notWritable, folder, "the mail that is being read cannot be remembered: " + String(cString: strerror(cause)),
      hint: "check the folder's permissions and the space left")
  }

  package func begin(_ source: String, _ bytes: [UInt8]) throws(WorkspaceProblem) {
    let name = Array(source.utf8)
    try write(name, at: Self.head)
    try write(bytes, at: Self.head + name.count)
    try write(Self.numbers(name.count, bytes.count), at: 0)
  }

  package func end() throws(WorkspaceProblem) { try write(Self.numbers(0, 0), at: 0) }

  private static func numbers(_ first: Int, _ second: Int) -> [UInt8] {
    [first, second].flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws(WorkspaceProblem) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset + done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(errno) }
      done += count
    }
  }

  // MARK: What was left

  /// Hands over, one by one, what processes that are gone were reading; each is forgotten after `take` returns.
  package static func takeLeft(root: String, _ take: (Left) throws -> Void) throws {
    let folder = root + "/" + folder
    for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    where !name.hasPrefix(".") {
      let path = folder + "/" + name
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      // Its process is at work.
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
      if let left = content(descriptor) { try take(left) }
      unlink(path)
    }
  }

  private static func content(_ descriptor: Int32) -> Left? {
    func bytes(_ count: Int, at offset: Int) -> [UInt8]? {
      var bytes = [UInt8](repeating: 0, count: count)
      return pread(descriptor, &bytes, count, off_t(offset)) == count ? bytes : nil
    }
    func number(_ bytes: ArraySlice<UInt8>) -> Int {
      bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    guard let head = bytes(head, at: 0), head[7] == 0, head[15] == 0 else { return nil }
    let (name, mail) = (number(head[0..<8]), number(head[8..<16]))
    guard mail > 0, name + mail <= 2 * ReportRecorder.mailLimit, let source = bytes(name, at: Self.head),
      let found = bytes(mail, at: Self.head + name)
    else { return nil }
    return Left(source: String(decoding: source, as: UTF8.self), bytes: found)
  }
}
