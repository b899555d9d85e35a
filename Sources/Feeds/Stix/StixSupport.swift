// The objects that reports refer to: the center, the marking-definitions, the places. They are the same for every
// caller, and all are there from the beginning, so that a listing tells nothing of what anybody may see.

package struct StixSupport: Hashable, Sendable {
  /// An object and its place in every collection.
  package struct Entry: Hashable, Sendable {
    package var object: StixObject
    /// Microseconds since 1970.
    package var position: Int64
  }

  /// In order of position: the first microseconds after feeds were founded.
  package let entries: [Entry]
  /// Id of the center's identity.
  package let identity: String
  private let byID: [String: Int]
  private let locations: [String: String]
  private let counties: [String: String]

  /// - Parameters:
  ///   - foundedAt: microseconds since 1970; every position of a bulletin is at least a second later.
  ///   - categories: CUI categories that the policy knows.
  ///   - limits: CUI limits that name no countries, in banner form.
  ///   - regions: statewide, regions and counties; towns need none.
  package init(
    publisher: FeedPublisher, foundedAt: Int64, categories: [String], limits: [String], regions: [FeedItem.Region]
  ) {
    let identity = StixIdentifiers.identity(site: publisher.id)
    let time = StixTime.milliseconds(foundedAt)
    let contact = [publisher.email, publisher.phone].compactMap { $0 }.joined(separator: ", ")
    var objects: [StixObject] = [
      .identity(
        StixIdentity(
          id: identity, created: time, modified: time, name: publisher.name, contact: contact.isEmpty ? nil : contact))
    ]
    var locations: [String: String] = [:]
    var counties: [String: String] = [:]
    let places = regions.sorted { $0.slug < $1.slug }
    for region in places where locations[region.slug] == nil {
      let id = StixIdentifiers.location(site: publisher.id, slug: region.slug)
      locations[region.slug] = id
      if let county = region.county { counties[county] = id }
      // Alerts write a part of the county before it, 0 for the whole.
      let reference = region.county.map { StixReference(sourceName: "FIPS 6-4", externalID: String($0.suffix(5))) }
      objects.append(
        .location(
          StixLocation(
            id: id, createdBy: identity, created: time, modified: time, name: region.name, country: "US",
            references: reference.map { [$0] })))
    }
    objects += StixMarkings.all(categories: categories, limits: limits).map(StixObject.marking)
    entries = objects.enumerated().map { Entry(object: $1, position: foundedAt + Int64($0) + 1) }
    byID = Dictionary(entries.enumerated().map { ($1.object.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.identity = identity
    self.locations = locations
    self.counties = counties
  }

  package func entry(_ id: String) -> Entry? { byID[id].map { entries[$0] } }

  /// The ids of the places, sorted; a town is its county.
  func locations(of regions: [FeedItem.Region]) -> [String] {
    Set(regions.compactMap { locations[$0.slug] ?? $0.county.flatMap { counties[$0] } }).sorted()
  }
}
