// A Maildir (cr.yp.to/proto/maildir.html): files of `new` and `cur`. Marking moves a file to `cur` with the flag S
// (seen); marked ones are not listed. Links, folders and devices among them are no mails. A folder of millions is listed
// in pieces: each goes through all names and keeps the oldest.

import Foundation

package final class MaildirMailbox: ReportMailbox {
  package let place: String
  private let settling: MailboxSettling
  private let most: Int

  /// - Parameter most: names listed at once; up to twice as many are held.
  package init(path: String, settling: MailboxSettling, most: Int = 20_000) {
    place = path
    self.settling = settling
    self.most = max(1, most)
  }

  /// Names begin with the time of delivery.
  private struct Entry: Comparable {
    var file: String
    var folder: String
    static func < (a: Entry, b: Entry) -> Bool { (a.file, a.folder) < (b.file, b.folder) }
  }

  package func list(after name: String?) throws(MailboxFailure) -> [String] {
    let last = name.map { name in
      let parts = name.split(separator: "/", maxSplits: 1)
      return Entry(file: String(parts.last ?? ""), folder: String(parts.first ?? ""))
    }
    var oldest: [Entry] = []
    func keepOldest() {
      oldest.sort()
      oldest.removeLast(max(0, oldest.count - most))
    }
    for folder in ["new", "cur"] {
      try eachFile(folder) { file in
        if folder == "cur", settling == .mark, Self.flags(file).contains("S") { return }
        let entry = Entry(file: file, folder: folder)
        if let last, entry <= last { return }
        oldest.append(entry)
        if oldest.count >= 2 * most { keepOldest() }
      }
    }
    keepOldest()
    return oldest.map { $0.folder + "/" + $0.file }
  }

  private func eachFile(_ folder: String, _ visit: (String) -> Void) throws(MailboxFailure) {
    guard let stream = opendir(place + "/" + folder) else {
      throw MailboxFailure(
        place: place, message: "this is no Maildir: its folder `\(folder)` cannot be read",
        hint: "a Maildir has the folders new, cur and tmp")
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { place in
        place.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { visit(name) }
    }
  }

  package func fetch(_ name: String, limit: Int) throws(MailboxFailure) -> [UInt8]? {
    let descriptor = open(place + "/" + name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT {
        // As `list` reads a name that is not UTF-8: no file has that one.
        guard !name.contains("\u{FFFD}") else { throw unreadable(name, "its file name is not UTF-8: rename it") }
        return nil
      }
      throw unreadable(name, String(cString: strerror(errno)))
    }
    defer { Foundation.close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      throw unreadable(name, "not a file")
    }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < limit {
      let count = read(descriptor, &piece, min(piece.count, limit - bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(name, String(cString: strerror(errno))) }
      if count == 0 { break }
      bytes += piece[..<count]
    }
    return bytes
  }

  private func unreadable(_ name: String, _ why: String) -> MailboxFailure {
    MailboxFailure(place: place + "/" + name, message: "the mail cannot be read: \(why)", isFatal: false)
  }

  package func settle(_ names: [String]) throws(MailboxFailure) {
    for name in names {
      let path = place + "/" + name
      let done: Int32
      switch settling {
      case .delete: done = unlink(path)
      case .mark:
        let file = name.split(separator: "/").last.map(String.init) ?? name
        let base = file.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init) ?? file
        let flags = String(Set(Self.flags(file)).union(["S"]).sorted())
        done = rename(path, place + "/cur/" + base + ":2," + flags)
      }
      // Somebody else may have taken it away; its outcome is committed.
      if done != 0, errno != ENOENT {
        throw MailboxFailure(
          place: path,
          message: "the mail was recorded and cannot be \(settling == .delete ? "deleted" : "marked"): "
            + String(cString: strerror(errno)), hint: "check the folder's owner and permissions")
      }
    }
  }

  package func close() {}

  private static func flags(_ name: String) -> String {
    guard let info = name.range(of: ":2,", options: .backwards) else { return "" }
    return String(name[info.upperBound...])
  }
}
