// The hollow guard, compiled once per revision: which sections a template requires, and by which portions each shows
// its heading and at least one block that is not a heading (release-policy.md section 4). Sections are those of the
// source with its groups flattened; a heading inside a tear line reaches to the end of the tear line.

import Bulletins

struct GuardPlan: Sendable {
  struct Tear: Sendable {
    /// For each unit that it stands in for, its portions; nil for a unit that nobody ever sees whole.
    var units: [PortionSet?]
    func isShown(_ visible: PortionSet) -> Bool {
      units.allSatisfy { $0.map { !$0.isSubset(of: visible) } ?? true }
    }
  }
  /// A heading of the source and what stands below it.
  struct Section: Sendable {
    var heading: Int?
    var title: String
    /// Blocks other than headings, tear lines aside.
    var content: PortionSet
    var tears: [(tear: Int, content: PortionSet)] = []
    /// Heading, blocks and tear lines: what a hollow section may lack.
    var everything: PortionSet
  }
  struct Requirement: Sendable {
    var slug: String
    /// Places in `sections`; none for a section that the source lacks.
    var candidates: [Int]
  }

  private(set) var tears: [Tear] = []
  private(set) var sections: [Section] = []
  private(set) var requirements: [Requirement] = []
  private let count: Int

  init(_ revision: Revision) {
    count = revision.document.portions.count
    var path: [(level: Int, section: Int)] = []
    walk(revision.document.body, tear: nil, floor: 0, &path)
    let template = revision.template
    for title in template.requiredSections { require(title, always: true) }
    for title in template.requiredIfPresent { require(title, always: false) }
  }

  /// Case and space folded.
  static func folded(_ heading: String) -> String {
    heading.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private mutating func require(_ title: String, always: Bool) {
    let wanted = Self.folded(title)
    let candidates = sections.indices.filter { sections[$0].title == wanted }
    if always || !candidates.isEmpty {
      requirements.append(Requirement(slug: sectionSlug(title), candidates: candidates))
    }
  }

  private mutating func walk(
    _ blocks: [Block], tear: Int?, floor: Int, _ path: inout [(level: Int, section: Int)]
  ) {
    for (index, block) in blocks.enumerated() {
      switch block.content {
      case .heading(let level, let inlines):
        while path.count > floor, let last = path.last, last.level >= level { path.removeLast() }
        for above in path { if let portion = block.portion { sections[above.section].everything.insert(portion) } }
        path.append((level, sections.count))
        sections.append(
          Section(
            heading: block.portion, title: Self.folded(inlines.plainText), content: PortionSet(count: count),
            everything: PortionSet([block.portion].compactMap { $0 }, count: count)))
      case .only(_, _, let inner): walk(inner, tear: tear, floor: floor, &path)
      case .tearline(let inner):
        let units = TearLines.units(of: index, in: blocks) ?? []
        tears.append(Tear(units: units.map { unit(blocks[$0]) }))
        let depth = path.count
        walk(inner, tear: tears.count - 1, floor: depth, &path)
        path.removeLast(path.count - depth)
      default:
        let portions = [block].leaves.compactMap { leaf -> Int? in
          if case .heading = leaf.content { nil } else { leaf.portion }
        }
        for (_, section) in path { add(portions, everything: [block].leaves.compactMap(\.portion), tear, to: section) }
      }
    }
  }

  private mutating func add(_ portions: [Int], everything: [Int], _ tear: Int?, to section: Int) {
    for portion in everything { sections[section].everything.insert(portion) }
    guard let tear else {
      for portion in portions { sections[section].content.insert(portion) }
      return
    }
    if sections[section].tears.last?.tear != tear {
      sections[section].tears.append((tear, PortionSet(count: count)))
    }
    for portion in portions { sections[section].tears[sections[section].tears.count - 1].content.insert(portion) }
  }

  private func unit(_ blocks: ArraySlice<Block>) -> PortionSet? {
    let blocks = Array(blocks)
    // The first tear line of two is a unit of its own: what is inside it counts.
    let leaves =
      if blocks.count == 1, case .tearline(let inner) = blocks[0].content { inner.leaves } else { blocks.leaves }
    let portions = leaves.compactMap(\.portion)
    guard portions.count == leaves.count else { return nil }
    return PortionSet(portions, count: count)
  }

  /// Requirements that are not met when just these portions are visible.
  func hollow(_ visible: PortionSet) -> [Requirement] {
    requirements.filter { requirement in
      !requirement.candidates.contains { index in
        let section = sections[index]
        guard let heading = section.heading, visible.contains(heading) else { return false }
        if section.content.intersects(visible) { return true }
        return section.tears.contains { $0.content.intersects(visible) && tears[$0.tear].isShown(visible) }
      }
    }
  }

  /// Every portion of the sections by which the requirement could have been met.
  func portions(of requirement: Requirement) -> [Int] {
    Set(requirement.candidates.flatMap { sections[$0].everything.indices }).sorted()
  }
}
