// The hollow guard, compiled once per revision: which sections a template requires, and by which portions each shows
// its heading and at least one block that is not a heading (release-policy.md section 4). Sections are those of the
// source with its groups flattened; a heading inside a tear line reaches to the end of the tear line.

import Bulletins

struct GuardPlan: Sendable {
  struct Tear: Sendable {
    /// The portions of what it stands in for; nil when nobody ever sees that whole.
    var unit: PortionSet?
    /// The tear line right before it, which then is that unit.
    var previous: Int?
    /// It stands in for nothing.
    var isMisplaced = false
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
    var last: Int?
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
        switch TearLines.stand(of: index, in: blocks) {
        case .nothing: tears.append(Tear(unit: nil, isMisplaced: true))
        case .blocks(let range): tears.append(Tear(unit: unit(Array(blocks[range]))))
        case .tearline(let before):
          guard case .tearline(let held) = blocks[before].content else { continue }
          tears.append(Tear(unit: unit(held), previous: last))
        }
        last = tears.count - 1
        let depth = path.count
        walk(inner, tear: tears.count - 1, floor: depth, &path)
        path.removeLast(path.count - depth)
      default:
        let leaves = [block].leaves
        let portions = leaves.compactMap { leaf -> Int? in
          if case .heading = leaf.content { nil } else { leaf.portion }
        }
        for (_, section) in path { add(portions, everything: leaves.compactMap(\.portion), tear, to: section) }
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

  private func unit(_ blocks: [Block]) -> PortionSet? {
    let leaves = blocks.leaves
    let portions = leaves.compactMap(\.portion)
    return portions.count == leaves.count ? PortionSet(portions, count: count) : nil
  }

  /// By tear line: does it stand in, when just these portions are visible?
  private func standing(_ visible: PortionSet) -> [Bool] {
    var standing: [Bool] = []
    standing.reserveCapacity(tears.count)
    for tear in tears {
      let isNeeded = !tear.isMisplaced && tear.unit.map { !$0.isSubset(of: visible) } ?? true
      standing.append(isNeeded && (tear.previous.map { standing[$0] } ?? true))
    }
    return standing
  }

  /// Requirements that are not met when just these portions are visible.
  func hollow(_ visible: PortionSet) -> [Requirement] {
    let standing = standing(visible)
    return requirements.filter { requirement in
      !requirement.candidates.contains { index in
        let section = sections[index]
        guard let heading = section.heading, visible.contains(heading) else { return false }
        if section.content.intersects(visible) { return true }
        return section.tears.contains { standing[$0.tear] && $0.content.intersects(visible) }
      }
    }
  }

  /// Every portion of the sections by which the requirement could have been met.
  func portions(of requirement: Requirement) -> [Int] {
    Set(requirement.candidates.flatMap { sections[$0].everything.indices }).sorted()
  }
}
