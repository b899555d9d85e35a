// The port through which Workflows reads and writes a workspace, and the folder on disk behind it.

import Foundation

/// What went wrong with a file, for the operator.
package struct WorkspaceProblem: Error, Hashable, Sendable {
  package enum Code: String, Hashable, Sendable {
    case notFound = "not-found"
    case notReadable = "not-readable"
    case notWritable = "not-writable"
    case tooLarge = "too-large"
    case outside = "outside-workspace"
    case exists
  }
  package var code: Code
  package var path: String
  package var message: String
  package var hint: String
  package init(_ code: Code, _ path: String, _ message: String, hint: String = "") {
    self.code = code
    self.path = path
    self.message = message
    self.hint = hint
  }
}

/// Paths are relative to the workspace, with `/`, and never lead out of it by `..`. Links that whoever may write in the
/// workspace has put there are followed wherever they lead: a site may keep its templates elsewhere.
package protocol WorkspaceFiles: Sendable {
  /// Throws `tooLarge` before reading when the file is larger than `limit` bytes.
  func read(_ path: String, limit: Int) throws(WorkspaceProblem) -> [UInt8]
  func exists(_ path: String) -> Bool
  /// A link that leads nowhere is no folder: whoever then reads it learns that it cannot be read.
  func isFolder(_ path: String) -> Bool
  /// Names in a folder, sorted, hidden ones left out; empty when there is no such folder.
  func names(in folder: String) -> [String]
  /// Replaces the file in one step: a reader sees the old bytes or the new.
  func write(_ bytes: [UInt8], to path: String) throws(WorkspaceProblem)
}

package struct FolderOnDisk: WorkspaceFiles {
  package let root: String
  /// An empty path is the current folder, as in a shell, and never `/`.
  package init(root: String) { self.root = root.isEmpty ? "." : root }

  package func read(_ path: String, limit: Int) throws(WorkspaceProblem) -> [UInt8] {
    let full = try resolve(path)
    func unreadable() -> WorkspaceProblem {
      WorkspaceProblem(.notReadable, path, "the file cannot be read", hint: "check its owner and permissions")
    }
    func tooLarge(_ size: Int) -> WorkspaceProblem {
      WorkspaceProblem(.tooLarge, path, "the file has \(size) bytes, the limit is \(limit)")
    }
    // Without waiting for the other end of a pipe.
    let descriptor = open(full, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      guard errno == ENOENT || errno == ENOTDIR else { throw unreadable() }
      throw WorkspaceProblem(.notFound, path, "there is no such file")
    }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw unreadable() }
    // A pipe or a device would be read without end.
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw WorkspaceProblem(.notReadable, path, "this is a folder or a device, not a file")
    }
    guard facts.st_size <= limit else { throw tooLarge(Int(facts.st_size)) }
    var bytes: [UInt8] = []
    // It may grow or shrink meanwhile: one byte more than there were shows the one, an early end the other.
    var wanted = Int(facts.st_size) + 1
    while wanted > 0 {
      let held = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: wanted))
      let count = bytes.withUnsafeMutableBytes { buffer in
        Foundation.read(descriptor, UnsafeMutableRawBufferPointer(rebasing: buffer[held...]).baseAddress, wanted)
      }
      bytes.removeLast(wanted - max(0, count))
      if count < 0 {
        guard errno == EINTR else { throw unreadable() }
      } else if count == 0 {
        break
      } else {
        guard bytes.count <= limit else { throw tooLarge(bytes.count) }
        wanted = max(1, wanted - count)
      }
    }
    return bytes
  }

  /// A small file that the settings name, such as one with a secret: an absolute path may lead out of the workspace.
  package func readNamed(_ path: String) throws(WorkspaceProblem) -> [UInt8] {
    guard path.hasPrefix("/") else { return try read(path, limit: 4_096) }
    return try FolderOnDisk(root: "/").read(String(path.drop { $0 == "/" }), limit: 4_096)
  }

  /// The first line of such a file, without its end.
  package func firstLine(ofNamed path: String) throws(WorkspaceProblem) -> String {
    String(decoding: try readNamed(path).prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
  }

  package func exists(_ path: String) -> Bool {
    guard let full = try? resolve(path) else { return false }
    return FileManager.default.fileExists(atPath: full)
  }

  package func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    guard let full = try? resolve(path), FileManager.default.fileExists(atPath: full, isDirectory: &isFolder) else {
      return false
    }
    return isFolder.boolValue
  }

  package func names(in folder: String) -> [String] {
    guard let full = try? resolve(folder) else { return [] }
    return ((try? FileManager.default.contentsOfDirectory(atPath: full)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  package func write(_ bytes: [UInt8], to path: String) throws(WorkspaceProblem) {
    let full = try resolve(path)
    var facts = stat()
    if stat(full, &facts) == 0 { return try replace(full, path, with: bytes, mode: facts.st_mode & 0o7777) }
    let url = URL(fileURLWithPath: full)
    do {
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url, options: .atomic)
    } catch {
      throw WorkspaceProblem(
        .notWritable, path, "the file cannot be written" + Self.cause(error),
        hint: "check the folder's permissions and the space left")
    }
  }

  /// Written beside the file with the file's permissions, which a moment of wider ones would not bring back, then moved
  /// over it. Where the path is a link, the file is replaced and not the link.
  private func replace(
    _ full: String, _ path: String, with bytes: [UInt8], mode: mode_t
  ) throws(WorkspaceProblem) {
    func refusal(_ number: Int32) -> WorkspaceProblem {
      WorkspaceProblem(
        .notWritable, path, "the file cannot be written: \(String(cString: strerror(number)))",
        hint: "check the folder's permissions and the space left")
    }
    guard let real = realpath(full, nil) else { throw refusal(errno) }
    defer { free(real) }
    let target = String(cString: real)
    let parts = target.split(separator: "/", omittingEmptySubsequences: false)
    let beside = parts.dropLast().joined(separator: "/") + "/.\(parts.last ?? "").\(UUID().uuidString).part"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw refusal(errno) }
    var sent = 0
    var failed: Int32 = fchmod(descriptor, mode) == 0 ? 0 : errno
    while failed == 0, sent < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[sent...]).baseAddress, bytes.count - sent)
      }
      if count > 0 { sent += count } else if errno != EINTR { failed = errno }
    }
    if failed == 0, fsync(descriptor) != 0 { failed = errno }
    if close(descriptor) != 0, failed == 0 { failed = errno }
    if failed == 0, rename(beside, target) != 0 { failed = errno }
    guard failed == 0 else {
      unlink(beside)
      throw refusal(failed)
    }
  }

  /// `: No space left on device`, where the system told.
  static func cause(_ error: any Error) -> String {
    var problem: NSError? = error as NSError
    while let found = problem {
      if found.domain == NSPOSIXErrorDomain { return ": " + String(cString: strerror(Int32(found.code))) }
      problem = found.userInfo[NSUnderlyingErrorKey] as? NSError
    }
    return ""
  }

  private func resolve(_ path: String) throws(WorkspaceProblem) -> String {
    let parts = path.split(separator: "/")
    guard !path.hasPrefix("/"), !parts.contains(".."), !path.contains("\0") else {
      throw WorkspaceProblem(.outside, path, "the path leaves the workspace")
    }
    return root + "/" + parts.joined(separator: "/")
  }
}

/// Files that are held as bytes: a revision as the store keeps it, or a test.
package struct FilesInMemory: WorkspaceFiles {
  private let files: [String: [UInt8]]
  package init(_ files: [String: [UInt8]]) { self.files = files }

  package func read(_ path: String, limit: Int) throws(WorkspaceProblem) -> [UInt8] {
    guard let bytes = files[path] else { throw WorkspaceProblem(.notFound, path, "there is no such file") }
    guard bytes.count <= limit else {
      throw WorkspaceProblem(.tooLarge, path, "the file has \(bytes.count) bytes, the limit is \(limit)")
    }
    return bytes
  }
  package func exists(_ path: String) -> Bool { files[path] != nil }
  package func isFolder(_ path: String) -> Bool { files[path] == nil && !names(in: path).isEmpty }
  package func names(in folder: String) -> [String] {
    let inside = files.keys.filter { $0.hasPrefix(folder + "/") }.map { $0.dropFirst(folder.count + 1) }
    return Set(inside.compactMap { $0.split(separator: "/").first.map(String.init) }).sorted()
  }
  package func write(_ bytes: [UInt8], to path: String) throws(WorkspaceProblem) {
    throw WorkspaceProblem(.notWritable, path, "these files are only to be read")
  }
}
