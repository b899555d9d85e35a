// A bulletin as one caller sees it, as reports of STIX 2.1 (section 4.16). A variant is a report of its own: its id is
// made of the bulletin and of what the labels in it demand. When a version changes these, its series or its sectors, the
// report before is listed as revoked beside the new one and never comes back (section 3.2).

import Bulletins
import Markings

package struct StixReports: Sendable {
  /// Microseconds before a bulletin's position, in which no other has its place: the reports that it had before stand
  /// there. Older ones than fit were listed when they ended.
  package static let room: Int64 = 16

  let support: StixSupport
  let key: StixIdentifiers.Key

  package init(support: StixSupport, key: StixIdentifiers.Key) {
    self.support = support
    self.key = key
  }

  /// Oldest first: reports that ended, then the present one at the item's position.
  package func entries(_ item: FeedItem) -> [StixSupport.Entry] {
    let present = id(item)
    var former: [(id: String, version: FeedItem.Version)] = []
    for version in item.earlier.reversed() {
      let id = StixIdentifiers.report(bulletin: item.id, labels: version.labels, run: version.run, key: key)
      if id != present, !former.contains(where: { $0.id == id }) { former.append((id, version)) }
    }
    former = Array(former.prefix(Int(Self.room) - 1).reversed())
    let first = item.position - Int64(former.count)
    return former.enumerated().map {
      StixSupport.Entry(
        object: .report(ended($1.id, $1.version, of: item, by: present)), position: first + Int64($0))
    } + [StixSupport.Entry(object: .report(report(item, id: present)), position: item.position)]
  }

  /// The id of the report as which the caller sees the bulletin now.
  package func id(_ item: FeedItem) -> String {
    StixIdentifiers.report(bulletin: item.id, labels: item.labels, run: item.run, key: key)
  }

  private func report(_ item: FeedItem, id: String) -> StixReport {
    var labels = [item.series.slug, "urgency-" + item.urgency.rawValue]
    labels += item.sectors.map(\.slug).sorted() + item.needs.map { "hsec-" + $0.slug }
    if item.isNotice { labels.append("notice") }
    return StixReport(
      id: id, createdBy: support.identity, created: created(item), modified: modified(item),
      published: created(item),
      name: [item.title.mark?.text, item.title.text].compactMap { $0 }.joined(separator: " "),
      description: item.text, labels: labels, revoked: item.standing == .live ? nil : true,
      objects: [support.identity] + support.locations(of: item.regions), markings: StixMarkings.ids(item.marks),
      references: references(item, serial: item.serial))
  }

  /// Of what was in it nothing is left: only a name that everybody may know, and where to go on.
  private func ended(
    _ id: String, _ version: FeedItem.Version, of item: FeedItem, by present: String
  ) -> StixReport {
    StixReport(
      id: id, createdBy: support.identity, created: created(item), modified: modified(item), published: created(item),
      name: "\(item.series.name) \(version.serial)", description: "Replaced by \(present).", labels: nil,
      revoked: true, objects: [support.identity], markings: StixMarkings.ids([StixMarkings.lowest(item.scheme)]),
      references: references(item, serial: version.serial))
  }

  private func references(_ item: FeedItem, serial: String) -> [StixReference] {
    [
      StixReference(sourceName: "serial", externalID: serial),
      StixReference(sourceName: "bulletin", externalID: "urn:uuid:" + item.id),
    ]
  }

  /// Of the change, not of the release: each change of a bulletin has a time of its own, to the millisecond.
  private func modified(_ item: FeedItem) -> String { StixTime.milliseconds(item.position) }

  private func created(_ item: FeedItem) -> String {
    StixTime.milliseconds(min(item.publishedAt.seconds * 1_000_000, item.position))
  }
}
