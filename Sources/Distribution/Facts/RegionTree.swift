// The tree of regions: statewide > regions > counties > towns. A value in a clause, policy or list stands for itself
// and everything below it, a reader's own value for itself alone (release-policy.md section 1).

package struct RegionTree: Hashable, Sendable {
  /// Slug to its parent's slug; a root has none.
  package private(set) var parents: [String: String]
  package private(set) var slugs: Set<String>

  /// A row whose parent is unknown is a root; of repeated slugs the first counts.
  package init(_ rows: some Sequence<(slug: String, parent: String?)>) {
    var parents: [String: String] = [:]
    var slugs: Set<String> = []
    for row in rows where slugs.insert(row.slug).inserted {
      if let parent = row.parent, !parent.isEmpty { parents[row.slug] = parent }
    }
    self.parents = parents
    self.slugs = slugs
  }
  package init() { self.init([]) }

  package func contains(_ slug: String) -> Bool { slugs.contains(slug) }

  /// Does the clause's value stand for the reader's own value? Unknown ones stand for nothing; loops end.
  package func covers(_ value: String, _ own: String) -> Bool {
    guard slugs.contains(value), slugs.contains(own) else { return false }
    var place: String? = own
    for _ in 0...slugs.count {
      guard let here = place else { return false }
      if here == value { return true }
      place = parents[here]
    }
    return false
  }

  /// Every known slug that any of the values stands for.
  package func expanded(_ values: some Sequence<String>) -> Set<String> {
    let values = Set(values)
    guard !values.isDisjoint(with: slugs) else { return [] }
    return slugs.filter { own in values.contains { covers($0, own) } }
  }
}
