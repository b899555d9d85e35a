// One random bulletin, read from its Markdown, with its decider and the map from portions to canaries: where the leak
// test of every outlet begins.

package import Authoring
package import Bulletins
package import Distribution

package struct LeakTrial: Sendable {
  package let seed: UInt64
  package let bulletin: RandomBulletin
  package let read: ReadBulletin
  package let revision: Revision
  package let decider: Decider
  /// By portion index: the canaries in its text.
  package let canaries: [Int: Set<String>]

  package init(
    seed: UInt64, readers: [Reader], comparable: Bool = false, policy: ReleasePolicy = Shipped.policy,
    site: Site = Shipped.site
  ) {
    var generator = BulletinGenerator(seed: seed, comparable: comparable)
    self.init(
      seed: seed, bulletin: generator.bulletin(readers: readers.map(\.id)), policy: policy, site: site)
  }

  package init(
    seed: UInt64, bulletin: RandomBulletin, markdown: String? = nil, policy: ReleasePolicy = Shipped.policy,
    site: Site = Shipped.site
  ) {
    self.seed = seed
    self.bulletin = bulletin
    let settings = ReaderSettings(registry: Shipped.registry, zone: site.zone)
    read = BulletinReader.read(
      Array((markdown ?? bulletin.markdown).utf8), file: "bulletins/random.md", settings: settings)
    revision = Revision(
      bulletin: "random", hash: "sha256:\(seed)", document: read.document, template: bulletin.template,
      decisions: bulletin.decisions)
    decider = Decider(revision: revision, policy: policy, site: site, vocabulary: Shipped.vocabulary)
    canaries = Self.canaries(of: read.document, bulletin)
  }

  /// Figures and data that the bulletin names.
  package var files: [String] { read.files }

  /// The visible set in words: every canary of the portions.
  package func words(_ visible: PortionSet) -> Set<String> {
    visible.indices.reduce(into: []) { $0.formUnion(canaries[$1] ?? []) }
  }

  private static func canaries(of document: Document, _ bulletin: RandomBulletin) -> [Int: Set<String>] {
    let all = bulletin.canaries
    var found: [Int: Set<String>] = [:]
    func note(_ text: String, _ portion: Int?) {
      guard let portion else { return }
      for canary in all where text.contains(canary) { found[portion, default: []].insert(canary) }
    }
    note(document.frontMatter.title.text, Document.titlePortion)
    note(document.frontMatter.shortTitle.text, Document.shortTitlePortion)
    for (index, source) in document.frontMatter.sources.enumerated() {
      note(source.describe.text, Document.sourcePortion(index))
    }
    func walk(_ blocks: [Block]) {
      for block in blocks {
        switch block.content {
        case .list(let list): for item in list.items { walk(item.blocks) }
        case .quote(let inner), .only(_, _, let inner), .tearline(let inner): walk(inner)
        default: note(String(describing: block.content), block.portion)
        }
      }
    }
    walk(document.body)
    for footnote in document.footnotes { walk(footnote.blocks) }
    return found
  }
}
