// Filters (TAXII 2.1 section 3.4): what they leave in, and that they hold together.

import Feeds
import Testing

struct TaxiiFilterTests {
  private let source = SampleSource(StixSamples.variety)
  private let support = StixSamples.support.entries.count
  /// With the report that one of them had before.
  private let reports = StixSamples.variety.count + 1

  @Test func withoutAFilterEverythingIsThereOldestFirst() throws {
    let page = try source.objects()
    #expect(page.objects.count == support + reports)
    #expect(page.objects.first?.type == "identity")
    #expect(!page.more && page.next == nil)
  }

  @Test func typesAreChosen() throws {
    #expect(try source.objects("match[type]=report").objects.count == reports)
    #expect(try source.objects("match%5Btype%5D=identity,location").objects.count == 4)
    let asked = source.asked.count
    #expect(try source.objects("match[type]=indicator,malware").objects.isEmpty)
    #expect(source.asked.count == asked, "no report is an indicator: none is looked at")
  }

  @Test func idsAreChosen() throws {
    let ids = StixSamples.variety.map(StixSamples.reports.id)
    let page = try source.objects("match[id]=\(ids[4]),\(StixSamples.support.identity),\(ids[0]),report--x,\(ids[4])")
    #expect(page.objects.map(\.id) == [StixSamples.support.identity, ids[0], ids[4]])
    #expect(source.asked.isEmpty, "ids are looked up, not searched for")
    #expect(try source.objects("match[id]=\(ids[0])&match[type]=location").objects.isEmpty)
    #expect(try source.objects("match[id]=\(ids[0]),\(ids[1])&limit=1").next == "1795366800000000")
    let many = Array(repeating: "report--x", count: 201).joined(separator: ",")
    #expect(try source.objects("match[id]=\(many)").answer.status == 400)
  }

  @Test func versionsAreChosen() throws {
    let all = try source.objects().answer.body
    for word in ["last", "first", "all", "first,last", "last,2026-11-22T17:00:02.000Z"] {
      #expect(try source.objects("match[version]=\(word)").answer.body == all)
    }
    // Both reports of one bulletin were changed by the same.
    let times = try source.objects("match[version]=2026-11-22T17:00:01.234Z,2026-11-22T17:00:04Z&match[type]=report")
    #expect(
      times.objects.map { $0.modified ?? "" } == [
        "2026-11-22T17:00:01.234Z", "2026-11-22T17:00:01.234Z", "2026-11-22T17:00:04.000Z",
      ])
    #expect(try source.objects("match[version]=2022-10-01T00:00:00.000Z").objects.count == 5)
    #expect(try source.objects("match[version]=2026-11-22T17:00:01.235Z").objects.isEmpty)
  }

  @Test func specificationsAreChosen() throws {
    #expect(try source.objects("match[spec_version]=2.0").objects.isEmpty)
    #expect(try source.objects("match[spec_version]=2.0,2.1").objects.count == support + reports)
  }

  @Test(arguments: [
    ("2026-11-22T17:00:00.000000Z", 6), ("2026-11-22T17:00:01.234565Z", 6), ("2026-11-22T17:00:01.234566Z", 5),
    ("2026-11-22T17:00:01.2345669Z", 5), ("2026-11-22T17:00:01.234567Z", 4), ("2026-11-22T12:00:01.3-05:00", 4),
    ("2026-11-22T17:00:04.5+00:00", 1), ("2026-11-22T17:00:04.5%2B00:00", 1), ("2026-11-22T17:00:04.5%2000:00", 1),
    ("2026-11-22T17:00:05Z", 0),
  ])
  func addedAfterIsStrict(_ time: String, left: Int) throws {
    #expect(try source.objects("added_after=\(time)").objects.count == left)
  }

  @Test func theLimitIsCapped() throws {
    let many = SampleSource((0..<1_200).map { StixSamples.item($0, at: StixSamples.noon + Int64($0) * 16) })
    #expect(try many.objects("match[type]=report").objects.count == 100)
    #expect(try many.objects("limit=5000").objects.count == 1_000)
    #expect(try many.objects("limit=99999999999999999999").objects.count == 1_000)
    #expect(try many.objects("limit=007").objects.count == 7)
  }
}
