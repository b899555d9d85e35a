// A list file: members with `except` beside them, a ceiling of known atoms, numbers with units.

import Bulletins
import Markings
import Testing

@testable import Distribution

@Suite struct DistributionListLoaderTests {
  func load(_ lines: String) -> (list: LoadedList?, findings: [Finding]) {
    DistributionListLoader.read(
      ListFile(path: "lists/x.yaml", bytes: Array("id: x\nname: X\n\(lines)".utf8)),
      vocabulary: SampleSite.words.vocabulary)
  }

  static let rest = "ceiling: [GOV]\nseries: [a]\n"

  @Test func complete() throws {
    let (list, findings) = load(
      """
      description: D
      owner: a.one
      ceiling: [GOV, LES, TLP:GREEN, CUI//LEI]
      series: [officer-safety]
      members:
        any:
          - region: [metro-boston]
          - organizations: [police, power]
        except: [b.two]   # left out
      may-leave: true
      review-every: 90 days
      last-reviewed: 2026-10-01
      alert-on-change: 10%
      """)
    #expect(findings.isEmpty)
    let read = try #require(list?.list)
    #expect(read.members == .any([.has(.region, ["metro-boston"]), .has(.organizations, ["police", "power"])]))
    #expect(read.except == ["b.two"])
    #expect(read.ceiling == .only([.government, .les, Atom("TLP:GREEN"), Atom("CUI//LEI")]))
    #expect(read.mayLeave && read.reviewEveryDays == 90 && read.alertOnChange == 0.1)
    #expect(list?.named.map(\.key) == ["owner", "except", "organizations", "organizations"])
  }

  @Test func whatCannotBeReadBringsNobody() {
    for members in ["members: everybody", "members: { any: [], all: [] }", "members: { except: [a] }", ""] {
      let (list, findings) = load(Self.rest + members)
      #expect(!findings.isEmpty)
      switch list?.list.members {
      case .invalid, .any([]): break
      default: Issue.record("\(members) became \(String(describing: list?.list.members))")
      }
    }
    #expect(load(Self.rest + "members: { all: [], except: [[a]] }").list?.list.members == .nobody)
  }

  @Test func ceilings() {
    #expect(load("series: [a]\nmembers: { all: [] }").list?.list.ceiling == .nothing)
    let (list, findings) = load("ceiling: [GOV, FUOO]\nseries: [a]\nmembers: { all: [] }")
    #expect(list?.list.ceiling == .only([.government]))
    #expect(findings.map(\.rule) == ["L01"])
    #expect(load("ceiling: all\nseries: [a]\nmembers: { all: [] }").list?.list.ceiling == .nothing)
  }

  @Test(arguments: [
    "review-every: 90", "review-every: 0 days", "alert-on-change: 10", "alert-on-change: 101%", "may-leave: yes",
  ])
  func numbers(_ line: String) {
    let (_, findings) = load(Self.rest + "members: { all: [] }\n" + line)
    #expect(findings.map(\.rule) == ["L04"])
  }
}
