// The dissemination record: who got what of a bulletin, by what decision, when, and whether they said so; also who was
// decided against. What 28 CFR 23.20(f) and (g) ask a center to keep. Names and organizations are those of the site's
// files with which the version was released, so that the record says the same when a person has left.

import Bulletins
import Distribution
package import Outbox
package import Store

package struct DisseminationEntry: Hashable, Sendable {
  package var serial: String
  package var version: Int
  /// `release`, `update`, `correction`; `recall` and `expiry` for notices of the end.
  package var event: ReleaseKind
  package var reader: String
  /// Empty where no import of the site's files knows the reader.
  package var name: String
  package var organization: String
  package var organizationName: String
  package var delivery: DeliveryRecord
  /// What brought the reader to this release, by the files with which it was decided: `list(everybody)`, or `to` where
  /// the bulletin names its readers. Empty where these cannot be read, and for whoever is only told of an earlier version.
  package var broughtBy: [String]
  /// Who released it, the second person where one was named, and their reason.
  package var release: ReleaseRecord
  /// Of the variant or notice; nil when withheld.
  package var banner: String?
  /// Whether a copy of it went out.
  package var copy: Copy
  /// When the relay or endpoint took it, or when it may have; nil: no copy went out, or nobody knows when.
  package var sentAt: Moment?

  package enum Copy: String, Hashable, Sendable, CaseIterable {
    case yes
    /// Nobody knows: the answer never came, to this attempt or to one before it.
    case perhaps
    case no
  }

  /// Got, or may have got, or is to get a version, and nobody recorded that they read it.
  package var lacksAcknowledgement: Bool {
    guard delivery.kind == .variant, delivery.acknowledgedAt == nil else { return false }
    return copy != .no || (delivery.state != .withheld && delivery.state != .cancelled)
  }
}

package enum DisseminationRecord {
  /// - Parameters:
  ///   - name: the first version's serial or the bulletin's name for everything that was sent of it, and of its end
  ///     where another bulletin took its place; the serial of a later version for that version alone.
  ///   - version: only this one, counted from 1.
  /// - Throws: `StoreError` `notFound`.
  package static func entries(
    of name: String, version: Int? = nil, in store: some UnitOfWork, visit: (DisseminationEntry) throws -> Void
  ) throws {
    try store.read { session in
      let (standing, releases) = try meant(name, version: version, session)
      var people = People()
      func visitAll(_ release: ReleaseRecord, where isWanted: (DeliveryRecord) -> Bool = { _ in true }) throws {
        let audience = ReleaseAudience(release, try people.add(release.snapshot, session), session)
        let banners = Dictionary(try session.variants(release: release.id).map { ($0.key, $0.banner) }) { first, _ in
          first
        }
        try session.deliveries(release: release.id, states: []) { delivery in
          if isWanted(delivery) { try visit(entry(delivery, release, people, audience, banners)) }
          return true
        }
      }
      for release in releases { try visitAll(release) }
      // Who was told, or was to be told, that what they hold of it is not current any more: rows of the other bulletin.
      let told = Set(releases.map { EarlierCopies.wasSent($0.serial) })
      let successor = try standing.newest.replacedBy.flatMap { try session.release(serial: $0) }
      for release in try successor.map({ try session.releases(bulletin: $0.bulletin) }) ?? [] {
        try visitAll(release) { $0.reasons.contains(where: told.contains) }
      }
    }
  }

  /// The releases that a name and a version mean.
  static func meant(
    _ name: String, version: Int?, _ session: any StoreSession
  ) throws -> (standing: Standing, releases: [ReleaseRecord]) {
    let standing = try Standing(named: name, session)
    var releases = standing.all
    if let version {
      releases = releases.filter { $0.kind.bringsRevision && $0.version == version }
      guard !releases.isEmpty else {
        throw StoreError(.notFound, detail: "no version \(version) of \(name): it has \(standing.newest.version)")
      }
    } else if let named = releases.first(where: { $0.serial == name }), named.version > 1 {
      releases = [named]
    }
    return (standing, releases)
  }

  private static func entry(
    _ delivery: DeliveryRecord, _ release: ReleaseRecord, _ people: People, _ audience: ReleaseAudience?,
    _ banners: [String: String]
  ) -> DisseminationEntry {
    let person = people.readers[delivery.reader]
    let sentAt: Moment? =
      switch delivery.state {
      case .accepted, .uncertain: delivery.changedAt
      case .bounced: delivery.handedOverAt ?? delivery.sendingSince
      default: delivery.sendingSince
      }
    // As those count whom a recall tells (`sentCopies`).
    let copy: DisseminationEntry.Copy =
      if delivery.state == .accepted || (delivery.state == .bounced && delivery.handedOverAt != nil) { .yes } else {
        sentAt != nil || delivery.handedOverAt != nil || delivery.secondCopies > 0 ? .perhaps : .no
      }
    return DisseminationEntry(
      serial: release.serial, version: release.version, event: release.kind, reader: delivery.reader,
      name: person?.stakeholder.name ?? "", organization: person?.stakeholder.organization ?? "",
      organizationName: person?.organization?.name ?? "", delivery: delivery,
      broughtBy: audience?.broughtBy(delivery.reader) ?? [], release: release,
      banner: delivery.variant.flatMap { banners[$0] }, copy: copy, sentAt: sentAt)
  }

  /// Readers by id as the imports say that releases were decided with; the newest import that knows one counts.
  struct People {
    private(set) var readers: [String: Reader] = [:]
    /// nil: of an import that this version cannot read any more.
    private var workspaces: [Int64: Workspace?] = [:]

    /// - Returns: the site as this import has it.
    @discardableResult
    mutating func add(_ number: Int64?, _ session: any StoreSession) throws -> Workspace? {
      guard let number else { return nil }
      if let known = workspaces[number] { return known }
      workspaces.updateValue(nil, forKey: number)
      guard let snapshot = try session.snapshot(number) else { return nil }
      let files = FilesInMemory(Dictionary(snapshot.files.map { ($0.name, $0.bytes) }) { first, _ in first })
      // An import that this version cannot read any more leaves ids without names.
      guard let settings = try? WorkspaceLoading.settings(files),
        let workspace = try? WorkspaceLoading.load(files, settings: settings)
      else { return nil }
      for reader in workspace.lists.readers() { readers[reader.id] = reader }
      workspaces.updateValue(workspace, forKey: number)
      return workspace
    }
  }
}
