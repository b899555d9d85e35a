// RFC 4180, read in chunks of any size.

import SiteFiles
import Testing

@Suite struct CSVReaderTests {
  private let sample = "\u{FEFF}id,name,note\r\na,\"Ann, \"\"A\"\"\",x\n\nb,Bob,\"two\nlines\"\nc,é,"

  @Test func records() throws {
    let records = try CSVReader.records(Array(sample.utf8))
    #expect(
      records.map(\.fields) == [
        ["id", "name", "note"], ["a", "Ann, \"A\"", "x"], ["b", "Bob", "two\nlines"], ["c", "é", ""],
      ])
    #expect(records.map(\.line) == [1, 2, 4, 6])
  }

  @Test(arguments: 1...9) func chunksDoNotMatter(size: Int) throws {
    let bytes = Array(sample.utf8)
    var reader = CSVReader()
    var records: [CSVRecord] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      try reader.read(Array(bytes[start..<min(bytes.count, start + size)])) { records.append($0) }
    }
    try reader.finish { records.append($0) }
    #expect(records == (try CSVReader.records(bytes)))
  }

  @Test(arguments: [
    ("a,\"b\nc\n", FileProblem.Code.syntax, 1),
    ("a,b\"c\n", .syntax, 1),
    ("x\na,\"b\"c\n", .syntax, 2),
    ("a\rb\n", .syntax, 1),
  ])
  func refused(text: String, code: FileProblem.Code, line: Int) {
    do {
      _ = try CSVReader.records(Array(text.utf8))
      #expect(Bool(false), "must be refused")
    } catch let problem as FileProblem {
      #expect(problem.code == code)
      #expect(problem.position.line == line)
    } catch { #expect(Bool(false), "\(error)") }
  }

  @Test func openQuoteDoesNotSwallowTheFile() {
    let text = "a,\"" + String(repeating: "x", count: CSVReader.fieldLimit + 1)
    #expect(throws: FileProblem.self) { try CSVReader.records(Array(text.utf8)) }
  }
}
