// L02: an id that names nothing. A reader without an organization meets no test, and a test that names an unknown id is
// met by nobody, but the author of the file meant somebody. Of a kind of ids whose file could not be read nothing is said:
// the one broken line would hide behind hundreds of ids that are right.

package import Bulletins
import SiteFiles

package enum L02DanglingID: ListRule {
  package static let id = "L02"

  package static func findings(in context: ListCheckContext) -> [Finding] {
    let lists = context.lists
    let organizations = Set(lists.organizations.map(\.value.id))
    let readers = Set(lists.stakeholders.map(\.value.id))
    /// The ids of a kind; nil when not all of them are known.
    func known(_ kind: IDKind) -> Set<String>? {
      lists.unread.contains(kind) ? nil : kind == .organization ? organizations : readers
    }
    var findings: [Finding] = []
    if let known = known(.organization) {
      for reader in lists.stakeholders where !known.contains(reader.value.organization) {
        // An empty one was reported when it was read.
        guard !reader.value.organization.isEmpty else { continue }
        findings.append(
          dangling(
            "organization `\(reader.value.organization)` of `\(reader.value.id)`", reader.value.organization, known,
            reader.place))
      }
    }
    for list in lists.lists {
      for named in list.named {
        guard let known = known(named.kind), !known.contains(named.id) else { continue }
        findings.append(
          dangling("\(named.kind.rawValue) `\(named.id)` in `\(named.key)`", named.id, known, named.place))
      }
      for series in list.seriesPlaces where !context.series.isEmpty && !context.series.contains(series.series) {
        findings.append(
          dangling("series `\(series.series)`", series.series, context.series, series.place, severity: .warning))
      }
    }
    guard let known = known(.reader) else { return findings }
    for endpoint in lists.endpoints where !known.contains(endpoint.value.stakeholder) {
      findings.append(
        dangling(
          "reader `\(endpoint.value.stakeholder)` of an endpoint", endpoint.value.stakeholder, known, endpoint.place))
    }
    for (key, ids) in [
      ("site.release-authority", context.site.releaseAuthorities),
      ("site.privacy-officer", context.site.privacyOfficers),
    ] {
      for id in ids where !known.contains(id) {
        findings.append(dangling("reader `\(id)` in `\(key)`", id, known, Place(file: "revere.yaml")))
      }
    }
    return findings
  }

  private static func dangling(
    _ what: String, _ id: String, _ known: Set<String>, _ place: Place, severity: Finding.Severity = .error
  ) -> Finding {
    // Among a hundred thousand ids nearly every typing mistake has a neighbour; looking costs more than it tells.
    let hint = known.count < 5_000 ? Suggestion.hint(for: id, in: known) : ""
    return Finding(
      rule: self.id, severity: severity, place: place, message: "\(what) does not exist", explanation: hint)
  }
}
