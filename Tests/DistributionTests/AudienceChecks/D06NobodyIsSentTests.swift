// D06: a bulletin that would be sent to nobody.

import Bulletins
import Testing

@testable import Distribution

@Suite struct D06NobodyIsSentTests {
  private func found(_ change: (inout AudienceSample) -> Void = { _ in }) -> [String] {
    var sample = AudienceSample()
    change(&sample)
    return D06NobodyIsSent.findings(in: sample.context).map { "\($0.place.line) \($0.severity.rawValue) \($0.message)" }
  }

  @Test func somebody() { #expect(found() == []) }

  @Test func aListThatIsNotThere() {
    #expect(
      found { $0.front = { $0.lists = ["old-name"] } } == [
        "9 warning it would be sent to nobody: no list is called `old-name`"
      ])
  }

  @Test func noList() {
    let words = "9 warning it would be sent to nobody: none of its lists is for the series `test`"
    #expect(found { $0.front = { $0.lists = [] } } == [words])
    #expect(found { $0.list.series = ["other"] } == [words])
  }

  @Test func toNobody() {
    let change: (inout FrontMatter) -> Void = {
      $0.to = []
      $0.lines["to"] = 6
    }
    #expect(found { $0.front = change } == ["6 warning it would be sent to nobody: `to:` names nobody"])
  }

  @Test func listsThatBringNobody() {
    #expect(
      found { $0.list.members = .any([]) } == ["9 warning it would be sent to nobody: its lists bring no reader"])
  }

  @Test func allAreWithheld() {
    let closed = ["## (U) Bottom line", "(U//LES) Closed."]
    let words = "9 warning it would be sent to nobody: the one reader of its audience would get nothing"
    let low: (inout AudienceSample) -> Void = {
      $0.title = "(U//LES) Title"
      $0.shortTitle = "(U//LES) Short"
      $0.body = closed
      $0.required = []
      $0.readers = [AudienceSample.reader("low", clearance: .public)]
    }
    #expect(found(low) == [words])
    // D05 and S01 say it of an empty section.
    #expect(
      found {
        $0.body = ["## (U) Bottom line"]
        $0.required = ["Bottom line"]
      } == [])
  }

  @Test func aMemberWhoPulls() {
    let pulls = AudienceSample.reader("system") {
      $0.email = nil
      $0.channels = [.feed]
    }
    #expect(found { $0.readers = [pulls] } == [])
    // Nothing to pull: all of it is for others.
    let words = "9 warning it would be sent to nobody: the one reader of its audience would get nothing"
    let low = AudienceSample.reader("low", clearance: .public) {
      $0.email = nil
      $0.channels = [.feed, .portal]
    }
    #expect(
      found {
        $0.title = "(U//LES) Title"
        $0.shortTitle = "(U//LES) Short"
        $0.body = ["## (U) Bottom line", "(U//LES) Closed."]
        $0.required = []
        $0.readers = [low]
      } == [words])
  }

  @Test func aSiteWithoutReaders() { #expect(found { $0.readers = [] } == []) }
}
