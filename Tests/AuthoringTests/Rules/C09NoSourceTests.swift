// C09: bulletins without a source.

import Bulletins
import Testing

@testable import Authoring

@Suite struct C09NoSourceTests {
  @Test func sources() {
    #expect(RuleSample(body: "(U) Text").places(C09NoSource()) == [])
    var context = RuleSample(body: "(U) Text").context
    context.bulletin.document.frontMatter.sources = []
    #expect(C09NoSource().findings(in: context).map(\.place.line) == [RuleSample.firstSource - 1])
  }

  @Test func whatCannotBeRead() {
    for text in ["", "no front matter", "---\ntitle: [\n---\n"] {
      let context = SampleSite.context(Samples.read(text), file: "test.md", template: nil)
      #expect(C09NoSource().findings(in: context) == [] && !BulletinCheck.findings(in: context).isEmpty)
    }
  }

  /// A key that is missing although the template wants it is F01.
  @Test func theMissingKey() {
    var context = RuleSample(body: "(U) Text").context
    context.bulletin.document.frontMatter.sources = []
    context.bulletin.document.frontMatter.lines["sources"] = nil
    #expect(C09NoSource().findings(in: context).map(\.place.line) == [1])
    context.template = SeriesTemplate(
      series: "x", name: "", code: "X", publicName: "", requiredFrontMatter: ["sources"])
    #expect(C09NoSource().findings(in: context) == [])
  }
}
