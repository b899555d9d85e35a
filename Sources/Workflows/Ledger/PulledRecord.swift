// The part of the dissemination record that nobody sent: what partner systems pulled by feeds.

import Distribution
import Outbox
package import Store

package struct PulledEntry: Hashable, Sendable {
  package var serial: String
  /// The version whose words, or whose end, it was given.
  package var version: Int
  package var event: ReleaseKind
  package var release: ReleaseRecord
  package var reader: String
  /// Empty where no import of the site's files knows the reader.
  package var name: String
  package var organization: String
  package var organizationName: String
  package var pull: PullRecord
}

extension DisseminationRecord {
  /// - Parameters: as `entries`.
  /// - Returns: by release, partner and feed.
  /// - Throws: `StoreError` `notFound`.
  package static func pulls(
    of name: String, version: Int? = nil, in store: some UnitOfWork
  ) throws -> [PulledEntry] {
    try store.read { session in
      var people = People()
      return try meant(name, version: version, session).releases.flatMap { release in
        let pulls = try session.pulls(release: release.id)
        guard !pulls.isEmpty else { return [PulledEntry]() }
        // A partner may have become a reader after the release.
        try people.add(try session.currentSnapshot(), session)
        try people.add(release.snapshot, session)
        return pulls.map { pull in
          let person = people.readers[pull.partner]
          return PulledEntry(
            serial: release.serial, version: pull.version, event: release.kind, release: release,
            reader: pull.partner, name: person?.stakeholder.name ?? "",
            organization: person?.stakeholder.organization ?? "",
            organizationName: person?.organization?.name ?? "", pull: pull)
        }
      }
    }
  }
}
