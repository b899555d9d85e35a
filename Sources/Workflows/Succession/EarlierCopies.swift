// Who may hold a copy of what a bulletin's earlier releases sent, or those of a bulletin whose place it took: the readers
// whom a recall must reach, and the messages that a later one refers to. Read from the ledger; decides nothing.

import Mail
import Outbox
package import Store

package struct EarlierCopies: Sendable {
  package struct Copy: Hashable, Sendable {
    /// Place in `releases`.
    package var release: Int
    package var channel: DeliveryChannel
    package var messageID: String?
    package var isCertain: Bool
    /// It brought the reader no version: it told them that one is recalled, expired or no longer current.
    package var isLifeNotice: Bool
  }

  /// The bulletin's releases so far, recalls and expiries too, and before them those of the bulletins whose place it
  /// took; oldest first.
  package let releases: [ReleaseRecord]
  private let bulletin: String
  /// The bulletin's first serial, by its name.
  private let serials: [String: String]
  /// By reader, oldest first.
  private var copies: [String: [Copy]] = [:]

  /// - Parameters:
  ///   - before: only releases with a smaller id.
  ///   - replacing: the bulletin whose place this one is about to take; nil: as its first release says.
  package init(
    _ bulletin: String, before: Int64 = .max, replacing: String? = nil, _ session: any StoreSession
  ) throws {
    self.bulletin = bulletin
    var line: [ReleaseRecord] = []
    var next: String? = bulletin
    var until = before
    while let name = next {
      // A bulletin took another's place as it then was: what became of that one later is not of this line.
      let all = try session.releases(bulletin: name).filter { $0.id < until }
      line = all + line
      let first = all.first
      next = first?.replaces?.bulletin ?? (name == bulletin && first == nil ? replacing : nil)
      until = first?.id ?? until
    }
    releases = line
    serials = Dictionary(line.map { ($0.bulletin, $0.serial) }) { first, _ in first }
    for (place, release) in releases.enumerated() {
      try session.sentCopies(release: release.id) { copy in
        copies[copy.reader, default: []].append(
          Copy(
            release: place, channel: copy.channel, messageID: copy.messageID, isCertain: copy.isCertain,
            isLifeNotice: StoredProduct.isLifeNotice(copy.variant)))
      }
    }
  }

  /// The bulletin's own releases.
  package var own: [ReleaseRecord] { releases.filter { $0.bulletin == bulletin } }

  package func isOwn(_ release: Int) -> Bool { releases[release].bulletin == bulletin }

  /// The serial under which every reader of any version knows the bulletin.
  package var serial: String { serials[bulletin] ?? "" }

  /// The same of the bulletin that a release is of.
  package func serial(of release: Int) -> String { serials[releases[release].bulletin] ?? "" }

  /// Everybody who may hold a version, in order of id.
  package var readers: [String] { copies.filter { $0.value.contains { !$0.isLifeNotice } }.keys.sorted() }

  /// Everybody to whom the end of this bulletin means something: who may hold a version of it, or one of a bulletin whose
  /// place it took without having been told so.
  package var holders: [String] {
    readers.filter { reader in newest(of: reader).map(isOwn) == true || !knowsOfTheEnd(reader) }
  }

  /// The serial of the other bulletin that this reader holds while this one takes its place.
  package func replaced(heldBy reader: String) -> String? {
    newest(of: reader).flatMap { isOwn($0) ? nil : serial(of: $0) }
  }

  package func copies(of reader: String) -> [Copy] { copies[reader] ?? [] }

  /// The newest version that went to this reader, or may have; nil: none did.
  package func newest(of reader: String) -> Int? { copies[reader]?.last { !$0.isLifeNotice }?.release }

  /// The channels by which versions went to this reader, the latest first.
  package func channels(of reader: String) -> [DeliveryChannel] {
    var found: [DeliveryChannel] = []
    for copy in copies(of: reader).reversed() where !copy.isLifeNotice && !found.contains(copy.channel) {
      found.append(copy.channel)
    }
    return found
  }

  /// The reader was told, for certain, that what they hold does not count any more, and has been sent nothing since.
  package func knowsOfTheEnd(_ reader: String) -> Bool {
    guard let last = copies[reader]?.last else { return false }
    return last.isLifeNotice && last.isCertain
  }

  /// The reason in machine form: this version was sent to the reader, or may have been.
  package static func wasSent(_ serial: String) -> String { "was-sent(\(serial))" }

  /// What the ledger says of why a reader hears of the end of what they hold.
  package func words(for reader: String) -> (machine: String, words: String)? {
    guard let newest = newest(of: reader) else { return nil }
    let isCertain = copies(of: reader).contains { $0.release == newest && $0.isCertain }
    let serial = releases[newest].serial
    return (
      machine: Self.wasSent(serial), words: isCertain ? "was sent \(serial)" : "may have been sent \(serial)"
    )
  }

  /// Ids under which this reader got earlier messages about the bulletin, oldest first.
  func references(of reader: String, sender: EmailAddress) -> [MessageID] {
    var ids: [MessageID] = []
    for copy in copies(of: reader) where copy.channel != .webhook {
      let release = releases[copy.release]
      // What nobody answered for has no id in the ledger: it is that which the message had.
      let id =
        copy.messageID.flatMap(MessageID.init(stored:))
        ?? (copy.isLifeNotice
          ? nil
          : MessageID(
            revision: release.revisionHash, reader: reader, channel: copy.channel.rawValue, domain: sender))
      if let id, !ids.contains(where: { $0.text == id.text }) { ids.append(id) }
    }
    return ids
  }
}
