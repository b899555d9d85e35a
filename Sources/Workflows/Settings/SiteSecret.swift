// The site's secret key (`secrets: key-file` in revere.yaml): 32 random bytes, base64 on one line, readable by its
// owner alone. It is never used as it is: every purpose has a key of its own, derived from it (HKDF-SHA256, RFC 5869),
// so that what one purpose shows of its key says nothing about another's. Never printed, logged or stored elsewhere.
//
// It is made once, at a ledger's beginning. When the file is gone later, every verb that needs it says so: another key
// would look like this one and open nothing (decision 0033).

package import Crypto
import Foundation
package import Store

package struct SiteSecret: Sendable, CustomStringConvertible {
  package enum Purpose: String, Hashable, Sendable, CaseIterable {
    /// Tokens of acknowledgement links.
    case acknowledgement = "revere acknowledgement tokens 1"
    /// Tags of return paths and envelope ids.
    case bounces = "revere delivery tokens 1"
    /// Encrypts the secrets of webhook endpoints in the store.
    case endpointSecrets = "revere endpoint secrets 1"
    /// Ids of the reports that TAXII lists.
    case reports = "revere report ids 1"
  }

  private let master: SymmetricKey

  /// - Parameter file: what the key file holds; nil unless that is base64 of 32 bytes, white space around it aside.
  package init?(file: [UInt8]) {
    let text = String(decoding: file, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard let bytes = Data(base64Encoded: text), bytes.count == 32 else { return nil }
    master = SymmetricKey(data: bytes)
  }

  package func key(for purpose: Purpose) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: master, info: Data(purpose.rawValue.utf8), outputByteCount: SHA256.byteCount)
  }

  package var description: String { "the site's secret key" }
}

extension SiteSecret {
  /// - Parameters:
  ///   - path: as the settings name it; relative to the workspace, or absolute.
  ///   - root: the workspace.
  /// - Returns: nil when there is no such file.
  /// - Throws: the file cannot be read, or holds no key.
  package static func load(_ path: String, root: String) throws(WorkspaceProblem) -> SiteSecret? {
    let bytes: [UInt8]
    do throws(WorkspaceProblem) {
      bytes = try FolderOnDisk(root: root).readNamed(path)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
    guard let secret = SiteSecret(file: bytes) else {
      throw WorkspaceProblem(
        .notReadable, path, "this is no secret key: base64 of 32 bytes is expected",
        hint: "restore it from the backup; without it earlier acknowledgement links and endpoint secrets are lost")
    }
    return secret
  }

  /// Where it must be there already.
  package static func required(_ path: String, root: String) throws(WorkspaceProblem) -> SiteSecret {
    if let secret = try load(path, root: root) { return secret }
    throw WorkspaceProblem(
      .notFound, path,
      "the site's secret key is not there; return paths and acknowledgement links of what was sent, and the stored "
        + "secrets of webhook endpoints, are of no use without it",
      hint: "restore it from the backup; if there is none, see \"The secret key\" in Documentation/operations.md")
  }

  /// The key, made now if this is the beginning: nothing that the ledger holds was made with one.
  package static func founding(_ path: String, root: String, store: any UnitOfWork) throws -> SiteSecret {
    if let secret = try load(path, root: root) { return secret }
    if try store.read({ try $0.dependsOnSecret() }) { return try required(path, root: root) }
    return try create(path, root: root)
  }

  /// Of several processes that begin at once one makes it, and all have the same.
  package static func create(_ path: String, root: String) throws(WorkspaceProblem) -> SiteSecret {
    if let secret = try load(path, root: root) { return secret }
    let full = path.hasPrefix("/") ? path : root + "/" + path
    let fresh = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() + "\n" }
    let draft = full + "." + UUID().uuidString
    func failure(_ code: Int32) -> WorkspaceProblem {
      WorkspaceProblem(
        .notWritable, path, "the secret key cannot be made: " + String(cString: strerror(code)),
        hint: "make its folder writable, or name another file under `secrets: key-file`")
    }
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(errno) }
    defer { unlink(draft) }
    let bytes = Array(fresh.utf8)
    let written = write(descriptor, bytes, bytes.count)
    var cause: Int32 = written == bytes.count ? 0 : written < 0 ? errno : ENOSPC
    if cause == 0, fsync(descriptor) != 0 { cause = errno }
    close(descriptor)
    guard cause == 0 else { throw failure(cause) }
    // A link is made whole or not at all, and never over a file that another process made meanwhile.
    if link(draft, full) != 0, errno != EEXIST { throw failure(errno) }
    // The name too must outlive a power cut: what the ledger will hold is of no use without the key.
    let folder = open(URL(fileURLWithPath: full).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw failure(errno) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw failure(errno) }
    guard let secret = try load(path, root: root) else { throw failure(ENOENT) }
    return secret
  }
}
