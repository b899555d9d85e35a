// The CSV form: header, rows, chunks of any size, and a list of 100,000.

import Bulletins
import Testing

@testable import Distribution

private func read(_ text: String, chunk: Int = .max) -> (readers: [Located<Stakeholder>], findings: [Finding]) {
  var stream = StakeholderStream(path: "stakeholders.csv", vocabulary: SampleSite.words.vocabulary)
  let bytes = Array(text.utf8)
  var start = 0
  while start < bytes.count {
    let end = start + min(chunk, bytes.count - start)
    stream.read(Array(bytes[start..<end]))
    start = end
  }
  return stream.finish()
}

@Suite struct StakeholderStreamTests {
  static let good =
    "id,name,email,organization,status,sectors\r\na,A,a@x.example,p,active,energy; water\r\nb,B,,p,departed,\r\n"

  @Test(arguments: [1, 2, 3, 7, 1_000]) func chunks(size: Int) {
    let (readers, findings) = read(Self.good, chunk: size)
    #expect(findings.isEmpty)
    #expect(readers.map(\.value.id) == ["a", "b"])
    #expect(readers.first?.value.sectors == ["energy", "water"])
    #expect(readers.map(\.place.line) == [2, 3])
  }

  @Test func headers() {
    #expect(read("").findings.map(\.rule) == ["L04"])
    #expect(read("name,email\nA,a@x\n").findings.map(\.rule) == ["L04"])
    let unknown = read("id,name,organization,status,clearence\na,A,p,active,les\n")
    #expect(unknown.findings.map(\.rule) == ["L01"])
    #expect(unknown.findings.first?.place == Place(file: "stakeholders.csv", line: 1, column: 29))
    #expect(unknown.readers.first?.value.clearance == .public)
    let twice = read("id,name,organization,status,clearance,clearance\na,A,p,active,public,les\n")
    #expect(twice.findings.map(\.rule) == ["L04"])
    #expect(twice.readers.first?.value.clearance == .public)
  }

  @Test func aRowOfAnotherWidthIsLeftOut() {
    let (readers, findings) = read("id,name,organization,status\na,A,B,p,active\nb,B,p,active\nc,C,p\n")
    #expect(readers.map(\.value.id) == ["b"])
    #expect(findings.map(\.place.line) == [2, 4])
  }

  @Test func placeOfACell() {
    let (_, findings) = read("id,name,organization,status,role\na,Anna,police,active,swornn\n")
    #expect(findings.first?.place == Place(file: "stakeholders.csv", line: 2, column: 22))
  }

  @Test func brokenFiles() {
    #expect(read("id,name\n\"a,b\n").findings.map(\.rule) == ["L04"])
    #expect(read("id,name\na\"b,c\n").findings.map(\.rule) == ["L04"])
  }

  @Test func manyBadRowsGiveABoundedReport() {
    let text = "id,name,organization,status\n" + String(repeating: "a\n", count: 5_000)
    let (readers, findings) = read(text)
    #expect(readers.isEmpty)
    #expect(findings.count == 1_001)
    #expect(findings.last?.message == "4000 further findings are not listed")
  }

  @Test func aHundredThousandRows() {
    var stream = StakeholderStream(path: "stakeholders.csv", vocabulary: SampleSite.words.vocabulary)
    stream.read(Array("id,name,email,organization,role,status,clearance,agreements,sectors\n".utf8))
    var chunk: [UInt8] = []
    for index in 0..<100_000 {
      chunk +=
        "r\(index),Reader \(index),r\(index)@p.example,p,sworn,active,les,nda=2027-01-01;p23=2026-01-01,energy\n".utf8
      if chunk.count > 1 << 16 {
        stream.read(chunk)
        chunk.removeAll(keepingCapacity: true)
      }
    }
    stream.read(chunk)
    let (readers, findings) = stream.finish()
    #expect(readers.count == 100_000 && findings.isEmpty)
    #expect(readers.last?.value.id == "r99999" && readers.last?.place.line == 100_001)
  }
}
