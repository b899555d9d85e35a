// What a client gets for each kind of request: resources, headers, errors (TAXII 2.1 sections 3 to 5).

import Feeds
import Foundation
import Testing

struct TaxiiAnswerTests {
  private let source = SampleSource(StixSamples.variety)
  private let root = "/taxii2/bulletins/collections/all/"

  private func json(_ answer: TaxiiAnswer) -> String { String(decoding: answer.body, as: UTF8.self) }

  @Test func discoveryLeadsToTheCollections() throws {
    #expect(
      try json(source.answer("/taxii2/"))
        == #"{"api_roots":["https://feeds.example.gov/taxii2/bulletins/"],"#
        + #""contact":"watch@cfc.example.gov, 617-555-0100","#
        + #""default":"https://feeds.example.gov/taxii2/bulletins/","#
        + #""description":"Bulletins for partner systems, read-only.","title":"Commonwealth Fusion Center"}"#)
    #expect(
      try json(source.answer("/taxii2/bulletins/"))
        == #"{"max_content_length":1,"title":"Commonwealth Fusion Center","#
        + #""versions":["application/taxii+json;version=2.1"]}"#)
    let id = StixSamples.service.id(StixSamples.all)
    let collection =
      #"{"alias":"all","can_read":true,"can_write":false,"id":"\#(id)","#
      + #""media_types":["application/stix+json;version=2.1"],"title":"All bulletins"}"#
    #expect(try json(source.answer("/taxii2/bulletins/collections/")) == #"{"collections":[\#(collection)]}"#)
    #expect(try json(source.answer(root)) == collection)
    #expect(try json(source.answer("/taxii2/bulletins/collections/\(id.uppercased())")) == collection)
  }

  @Test func aCallerWithoutFeedsHasNoCollections() throws {
    let answer = try StixSamples.service.answer(TaxiiRequest(path: "/taxii2/bulletins/collections/"), feeds: []) { _ in
      source
    }
    #expect(json(answer) == "{}")
  }

  @Test(arguments: [
    "", "/", "/taxii", "/taxii2/other/", "/taxii2//", "/taxii2/bulletins/status/1/", "/taxii2/bulletins/collections//",
    "/taxii2/bulletins/collections/officer-safety/", "/taxii2/bulletins/collections/all/other/",
    "/taxii2/bulletins/collections/officer-safety/objects/", "/taxii2/bulletins/collections/all//objects/",
    "/taxii2/bulletins/collections/all/objects/report--1/versions/x/",
    "/taxii2/bulletins/collections/all/objects/report--00000000-0000-4000-8000-000000000000/",
    "/taxii2/bulletins/collections/all/objects/report--00000000-0000-4000-8000-000000000000/versions/",
  ])
  func whatIsNotThereIsNotFound(_ path: String) throws {
    let answer = try source.answer(path)
    #expect(answer.status == 404)
    #expect(json(answer) == #"{"http_status":"404","title":"Not Found"}"#)
    #expect(answer.header("Content-Type") == "application/taxii+json;version=2.1")
  }

  @Test func aCollectionOfOthersIsLikeNone() throws {
    let hidden = StixSamples.service.id(StixSamples.officerSafety)
    let path = "/taxii2/bulletins/collections/"
    for method in ["GET", "POST", "PUT"] {
      #expect(
        try source.answer("\(path)\(hidden)/objects/", method: method)
          == source.answer("\(path)00000000-0000-4000-8000-000000000000/objects/", method: method))
    }
  }

  @Test(arguments: [
    ("POST", "objects/", 403), ("DELETE", "objects/report--1/", 403), ("PUT", "objects/", 405), ("POST", "", 405),
    ("DELETE", "objects/", 405), ("POST", "manifest/", 405), ("DELETE", "objects/report--1/versions/", 405),
    ("HEAD", "objects/", 200),
  ])
  func nothingCanBeWritten(method: String, path: String, status: Int) throws {
    let answer = try source.answer(root + path, method: method)
    #expect(answer.status == status)
    #expect(answer.header("Allow") == (status == 405 ? "GET, HEAD" : nil))
    if status != 200 { #expect(source.asked.isEmpty, "a refusal looks nothing up") }
  }

  @Test(
    arguments: [
      (nil, 200), ("*/*", 200), ("application/*;q=0.1", 200), ("application/taxii+json", 200),
      ("application/taxii+json;version=2.1", 200), (#"application/taxii+json; version="2.1""#, 200),
      ("application/json, text/plain, */*", 200), ("application/json", 200), ("text/html", 200), ("", 200),
      ("application/taxii+json;version=2.0", 406), ("application/vnd.oasis.taxii+json; version=2.0", 406),
      ("application/taxii+json;version=2.0, text/html", 406), ("application/taxii+json;version=2.1;q=0", 406),
      ("application/taxii+json;version=2.0, application/taxii+json;version=2.1", 200),
      ("application/taxii+json;version=2.0, */*;q=0", 406),
    ] as [(String?, Int)])
  func versionsAreNegotiated(accept: String?, status: Int) throws {
    let answer = try source.answer("/taxii2/", accept: accept)
    #expect(answer.status == status)
    #expect(answer.header("Content-Type") == "application/taxii+json;version=2.1")
  }

  @Test(arguments: [
    "added_after=yesterday", "added_after=", "added_after=2026-11-22", "limit=0", "limit=-1", "limit=ten", "limit=",
    "limit=1.5", "next=", "next=abc", "next=-1", "next=99999999999999999999", "match[version]=all,last",
    "match[version]=last,last", "match[version]=newest", "match[id]=", "match[type]=report,,location", "limit=%ZZ",
    "limit=1&limit=2", "match[type]=report&match%5Btype%5D=location", "added_after=2026-02-30T00:00:00Z",
  ])
  func aFilterThatCannotBeReadIsABadRequest(_ query: String) throws {
    for path in ["objects/", "manifest/"] {
      let answer = try source.answer(root + path, query)
      #expect(answer.status == 400)
      #expect(json(answer).hasPrefix(#"{"description":""#))
      #expect(json(answer).hasSuffix(#","http_status":"400","title":"Bad Request"}"#))
    }
    #expect(source.asked.isEmpty)
  }

  @Test func filtersThatNobodyKnowsAreIgnored() throws {
    #expect(try source.objects("colour=red&match[colour]=red").answer == source.objects().answer)
  }

  @Test func everyPageSaysWhenItsObjectsWereAdded() throws {
    let all = try source.objects()
    #expect(all.first == "2026-11-21T17:00:00.000001Z")
    #expect(all.last == "2026-11-22T17:00:05.000000Z")
    let report = StixSamples.reports.id(StixSamples.variety[1])
    for path in ["objects/\(report)/", "objects/\(report)/versions/"] {
      let page = try ClientPage(source.answer(root + path))
      #expect(page.first == "2026-11-22T17:00:01.234567Z")
      #expect(page.last == page.first)
    }
    let nothing = try source.objects("added_after=2027-01-01T00:00:00Z")
    #expect(json(nothing.answer) == "{}")
    #expect(nothing.first == nil && nothing.last == nil)
  }

  @Test func theManifestTellsOfTheSameObjects() throws {
    let objects = try source.objects("limit=1000")
    let manifest = try ClientPage(source.answer(root + "manifest/", "limit=1000"))
    #expect(manifest.objects.map(\.id) == objects.objects.map(\.id))
    #expect(manifest.objects.map(\.version) == objects.objects.map { $0.modified ?? $0.created })
    #expect(manifest.objects.last?.added == objects.last)
    #expect(manifest.answer.contents.isEmpty, "no words in it")
    #expect(objects.answer.contents.map(\.serial) == StixSamples.variety.map(\.serial))
  }

  @Test func oneObjectIsFoundByItsID() throws {
    for item in StixSamples.variety {
      for entry in StixSamples.reports.entries(item) {
        let page = try ClientPage(source.answer(root + "objects/\(entry.object.id)/"))
        #expect(page.objects.map(\.id) == [entry.object.id])
        #expect(page.answer.contents.count == (entry.position == item.position ? 1 : 0))
        let versions = try ClientPage(source.answer(root + "objects/\(entry.object.id)/versions/"))
        #expect(versions.versions == [entry.object.version])
      }
    }
    let identity = StixSamples.support.identity
    #expect(try ClientPage(source.answer(root + "objects/\(identity)/")).objects.map(\.id) == [identity])
    // It is there, and the filter leaves it out.
    let late = try source.answer(root + "objects/\(identity)/", "added_after=2026-11-22T00:00:00Z")
    #expect(late.status == 200)
    #expect(json(late) == "{}")
  }

  @Test func whatIsSensitiveIsKeptByNobody() throws {
    #expect(try source.objects("limit=1").answer.header("Cache-Control") == "private, no-cache")
    let fouo = StixSamples.reports.id(StixSamples.variety[0])
    let les = StixSamples.reports.id(StixSamples.variety[1])
    #expect(try source.answer(root + "objects/\(fouo)/").header("Cache-Control") == "private, no-cache")
    #expect(try source.answer(root + "objects/\(les)/").header("Cache-Control") == "private, no-store")
    #expect(try source.objects("match[id]=\(fouo),\(les)").answer.header("Cache-Control") == "private, no-store")
  }

  @Test func whoseCredentialIsForSomethingElseIsToldSoInTheSameForm() {
    #expect(TaxiiAnswer.outOfScope.status == 403)
    #expect(TaxiiAnswer.outOfScope.header("Content-Type") == "application/taxii+json;version=2.1")
    #expect(json(.outOfScope).contains(#""http_status":"403""#))
  }
}
