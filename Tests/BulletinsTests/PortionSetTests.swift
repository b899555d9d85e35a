// Sets of portions by index, and the slugs of sections.

import Bulletins
import Testing

@Suite struct PortionSetTests {
  @Test func setOfIndices() {
    var set = PortionSet(count: 70)
    set.insert(0)
    set.insert(69)
    set.insert(130)
    #expect(set.indices == [0, 69, 130])
    #expect(set.count == 3)
    #expect(!set.contains(68) && !set.contains(-1) && !set.contains(1_000))
    var smaller = PortionSet(count: 70)
    smaller.insert(69)
    #expect(smaller.isSubset(of: set))
    #expect(!set.isSubset(of: smaller))
    set.remove(130)
    set.remove(500)
    #expect(set.indices == [0, 69])
  }

  @Test func slugs() {
    #expect(sectionSlug("Bottom line") == "bottom-line")
    #expect(sectionSlug("  By city or town, and by type of bias ") == "by-city-or-town-and-by-type-of-bias")
  }
}
