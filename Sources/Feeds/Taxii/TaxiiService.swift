// TAXII 2.1, read-only: a request of a caller whose credential is for TAXII in, an answer out. What is unknown and what
// the caller may not see are the same 404. Whoever carries it signs callers in, limits them, and asks `StixSupport` and
// a source for what there is.

package struct TaxiiService: Sendable {
  package let publisher: FeedPublisher
  package let reports: StixReports

  package init(publisher: FeedPublisher, reports: StixReports) {
    self.publisher = publisher
    self.reports = reports
  }

  /// - Parameters:
  ///   - feeds: those that the caller may read, in an order that stays.
  ///   - source: asked for one of them at most.
  /// - Throws: what the source throws.
  package func answer(
    _ request: TaxiiRequest, feeds: [FeedName], source: (FeedName) throws -> any TaxiiSource
  ) throws -> TaxiiAnswer {
    guard TaxiiAccept.admits(request.accept) else { return .notAcceptable }
    guard let resource = TaxiiResource(path: request.path) else { return .notFound }
    switch resource {
    case .discovery, .root, .collections:
      return try Self.isReading(request) ? general(resource, feeds) : .wrongMethod
    case .collection(let name), .manifest(let name), .objects(let name), .object(let name, _), .versions(let name, _):
      guard let feed = feeds.first(where: { $0.slug == name || id($0) == name.lowercased() }) else { return .notFound }
      guard Self.isReading(request) else { return Self.refusal(of: request.method, resource) }
      if case .collection = resource { return try TaxiiAnswer(collection(feed)) }
      return try objects(resource, TaxiiFilter.reading(request.query), source(feed))
    }
  }

  /// The id of a feed's collection.
  package func id(_ feed: FeedName) -> String { StixIdentifiers.collection(site: publisher.id, slug: feed.slug) }

  private static func isReading(_ request: TaxiiRequest) -> Bool { ["GET", "HEAD"].contains(request.method) }

  /// Sections 5.5 and 5.7: what could be written to if the collection were not read-only is forbidden; all else is no
  /// method there. No object is looked up.
  private static func refusal(of method: String, _ resource: TaxiiResource) -> TaxiiAnswer {
    switch (method, resource) {
    case ("POST", .objects), ("DELETE", .object): .readOnly
    default: .wrongMethod
    }
  }

  private func general(_ resource: TaxiiResource, _ feeds: [FeedName]) throws -> TaxiiAnswer {
    let root = publisher.address + "/taxii2/bulletins/"
    switch resource {
    case .discovery:
      let contact = [publisher.email, publisher.phone].compactMap { $0 }.joined(separator: ", ")
      return try TaxiiAnswer(
        TaxiiResources.Discovery(
          title: publisher.name, contact: contact.isEmpty ? nil : contact, main: root, roots: [root]))
    case .root: return try TaxiiAnswer(TaxiiResources.Root(title: publisher.name))
    default:
      let all = feeds.map(collection)
      return try TaxiiAnswer(TaxiiResources.Collections(collections: all.isEmpty ? nil : all))
    }
  }

  private func collection(_ feed: FeedName) -> TaxiiResources.Collection {
    TaxiiResources.Collection(id: id(feed), title: feed.title, alias: feed.slug)
  }

  private func objects(
    _ resource: TaxiiResource, _ reading: Result<TaxiiFilter, TaxiiFilter.Malformed>, _ source: any TaxiiSource
  ) throws -> TaxiiAnswer {
    var filter: TaxiiFilter
    switch reading {
    case .success(let read): filter = read
    case .failure(let problem): return .badRequest(problem.reason)
    }
    switch resource {
    case .object(_, let id), .versions(_, let id):
      // Only `version` and `spec_version` are filters there (sections 5.6 and 5.8).
      filter.ids = [id]
      filter.types = nil
      guard try !TaxiiWalk.named([id], in: reports, source).isEmpty else { return .notFound }
    default: break
    }
    let (found, hasMore) = try TaxiiWalk(reports: reports, source: source, filter: filter).page()
    return try page(resource, found, hasMore: hasMore)
  }

  private func page(_ resource: TaxiiResource, _ found: [TaxiiWalk.Found], hasMore: Bool) throws -> TaxiiAnswer {
    guard let first = found.first, let last = found.last else {
      return try TaxiiAnswer(TaxiiResources.Page<StixObject>())
    }
    let headers = [("First", first), ("Last", last)].map {
      TaxiiAnswer.Header(name: "X-TAXII-Date-Added-" + $0, value: StixTime.microseconds($1.entry.position))
    }
    let more = hasMore ? true : nil
    let next = hasMore ? TaxiiCursor.text(last.entry.position) : nil
    switch resource {
    case .manifest:
      let records = found.map {
        TaxiiResources.Record(
          id: $0.entry.object.id, added: StixTime.microseconds($0.entry.position), version: $0.entry.object.version)
      }
      return try TaxiiAnswer(TaxiiResources.Page(more: more, next: next, objects: records), headers: headers)
    case .versions:
      return try TaxiiAnswer(
        TaxiiResources.Page<StixObject>(more: more, next: next, versions: found.map(\.entry.object.version)),
        headers: headers)
    default:
      return try TaxiiAnswer(
        TaxiiResources.Page(more: more, next: next, objects: found.map(\.entry.object)), headers: headers,
        contents: found.compactMap(\.item))
    }
  }
}

extension TaxiiFilter {
  fileprivate static func reading(_ query: String?) -> Result<TaxiiFilter, Malformed> {
    do throws(Malformed) { return .success(try TaxiiFilter(query: query)) } catch { return .failure(error) }
  }
}
