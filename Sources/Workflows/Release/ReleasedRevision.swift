// A released revision, read again from the store's files with the site as it is now. Whatever is made of a release after
// it went out begins here: messages, notices about earlier versions, feeds.

import Authoring
import Bulletins
import Markings
import Outbox
import Pictures
import Rendering
import Store

/// One release that nothing can be made of, whoever reads it.
struct UnusableRelease: Error {
  var message: String
}

/// What the store holds of a release that brings a revision; reading it needs no store.
struct StoredRevision: Sendable {
  let record: ReleaseRecord
  private let files: [StoredFile]
  private let recorded: [RecordedDecision]
  private let predecessor: String?

  init(_ record: ReleaseRecord, _ session: any StoreSession) throws {
    self.record = record
    files = try session.files(release: record.id)
    recorded = try session.recordedDecisions(revisionHash: record.revisionHash)
    predecessor = try record.predecessor.flatMap { try session.release($0)?.serial }
  }

  /// Of its files together.
  var size: Int { files.reduce(0) { $0 + $1.bytes.count } }

  /// - Throws: the files are not those that were released.
  func read(in workspace: Workspace) throws(UnusableRelease) -> ReleasedRevision {
    let folder = FilesInMemory(Dictionary(files.map { ($0.name, $0.bytes) }) { first, _ in first })
    let file = try? BulletinFile.load(
      name: record.bulletin + ".md", path: record.serial, folder: folder, settings: workspace.readerSettings())
    guard let file, file.hash == record.revisionHash else {
      throw UnusableRelease(message: "the stored files of \(record.serial) are not those that were released")
    }
    let at = Instant(seconds: record.at.seconds)
    let (revision, _) = RevisionBuilding.revision(
      file, in: workspace,
      recorded: .effective(recorded, authorities: workspace.site.releaseAuthorities, now: at), now: at)
    return ReleasedRevision(
      record: record, revision: revision, pictures: file.pictures, relation: relation(revision))
  }

  private func relation(_ revision: Revision) -> Relation? {
    if let replaced = record.replaces { return Relation(revision.document.frontMatter, replaces: replaced.serial) }
    return predecessor.map { Relation(record.kind == .correction ? .corrects : .updates, serial: $0) }
  }
}

struct ReleasedRevision: Sendable {
  let record: ReleaseRecord
  let revision: Revision
  /// By the author's file name.
  let pictures: [String: Picture]
  /// How it stands to an earlier one.
  let relation: Relation?

  var urgency: Urgency { revision.document.frontMatter.urgency ?? revision.template.urgency }
}
