// Finds the objects of a page: in order of position, from a point on, never looking back, so that the last page of a
// long walk costs what the first did. What moves meanwhile moves to the end and is met there; nothing is met twice in
// one version, nothing is missed.

/// The bulletins of one collection as one caller sees them now.
package protocol TaxiiSource {
  /// Those with a greater position, oldest first, at most `limit`; fewer only when there are no more.
  func items(after position: Int64, limit: Int) throws -> [FeedItem]
  /// The one of which this is a report, the present one or one before it; nil: none for this caller.
  func item(report id: String) throws -> FeedItem?
}

struct TaxiiWalk {
  /// An object of the collection and, of a present report, the bulletin whose words it carries.
  struct Found {
    var entry: StixSupport.Entry
    var item: FeedItem?
  }

  let reports: StixReports
  let source: any TaxiiSource
  let filter: TaxiiFilter

  /// Up to the filter's limit.
  func page() throws -> (found: [Found], hasMore: Bool) {
    var all = try filter.ids.map(named) ?? (support() + scanned())
    all.sort { $0.entry.position < $1.entry.position }
    return (Array(all.prefix(filter.limit)), all.count > filter.limit)
  }

  /// Everything that has one of the ids, the position left aside; each once.
  static func named(_ ids: some Sequence<String>, in reports: StixReports, _ source: any TaxiiSource) throws -> [Found]
  {
    var found: [Found] = []
    for id in Set(ids) {
      if let entry = reports.support.entry(id) {
        found.append(Found(entry: entry))
      } else if id.hasPrefix("report--"), let item = try source.item(report: id) {
        found += expanded(item, reports).filter { $0.entry.object.id == id }
      }
    }
    return found
  }

  private func named(_ ids: [String]) throws -> [Found] {
    try Self.named(ids, in: reports, source).filter { matches($0.entry) }
  }

  private func support() -> [Found] {
    // They are in order, and few.
    reports.support.entries.lazy.filter(matches).prefix(filter.limit + 1).map { Found(entry: $0) }
  }

  /// One more than the limit tells whether there is more.
  private func scanned() throws -> [Found] {
    guard filter.mayBeReport else { return [] }
    var window = after
    var last = Int64.max
    // A report's version is the millisecond of its position: no need to look elsewhere.
    if let versions = filter.versions {
      let times = versions.compactMap(StixTime.read)
      guard let first = times.min(), let final = times.max() else { return [] }
      window = max(window, first - 1)
      last = final + 999
    }
    var found: [Found] = []
    while found.count <= filter.limit {
      let wanted = filter.limit + 1 - found.count
      let items = try source.items(after: window, limit: wanted)
      for item in items where item.position <= last {
        found += Self.expanded(item, reports).filter { matches($0.entry) }
      }
      guard items.count == wanted, let end = items.last?.position, end < last else { break }
      window = end
    }
    return found
  }

  private var after: Int64 { filter.after }

  private func matches(_ entry: StixSupport.Entry) -> Bool {
    entry.position > filter.after && filter.matches(entry.object)
  }

  private static func expanded(_ item: FeedItem, _ reports: StixReports) -> [Found] {
    reports.entries(item).map { Found(entry: $0, item: $0.position == item.position ? item : nil) }
  }
}
