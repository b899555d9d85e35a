// Site files as YAML: everything is text, everything has a place, nothing is followed.

import SiteFiles
import Testing

@Suite struct YAMLReaderTests {
  private func read(_ text: String) throws(FileProblem) -> Node? { try YAMLReader.read(Array(text.utf8)) }
  private func problem(_ text: String) -> FileProblem? {
    do throws(FileProblem) {
      _ = try read(text)
      return nil
    } catch { return error }
  }

  @Test func scalarsStayText() throws {
    let root = try #require(try read("a: NO\nb: 2026-11-31\nc: 1e3\nd: \"(U) x # y\"\n"))
    #expect(root["a"]?.text == "NO")
    #expect(root["b"]?.text == "2026-11-31")
    #expect(root["c"]?.text == "1e3")
    #expect(root["d"]?.content == .scalar(text: "(U) x # y", quoted: true))
    #expect(root["c"]?.position == SourcePosition(line: 3, column: 4))
  }

  @Test func nestedFlowAndBlock() throws {
    let root = try #require(try read("sources:\n  - { id: s1, date: 2026-01-02 }\n  - id: s2\n"))
    let list = try #require(root["sources"]?.list)
    #expect(list.map { $0["id"]?.text } == ["s1", "s2"])
    #expect(list[1].position.line == 3)
  }

  @Test func emptyFileHasNoRoot() throws { #expect(try read("# nothing\n") == nil) }

  @Test func repeatedKeysAreReportedAtTheRepetition() throws {
    var problems: [FileProblem] = []
    let root = try YAMLReader.read(Array("a: 1\nb: { c: 1, c: 2 }\na: 3\n".utf8), problems: &problems)
    #expect(problems.map(\.code) == [.repeatedKey, .repeatedKey])
    #expect(problems.map(\.position) == [SourcePosition(line: 2, column: 12), SourcePosition(line: 3, column: 1)])
    #expect(root?["a"]?.text == "1")
  }

  @Test(arguments: [
    ("a: &x [1]\nb: *x\n", FileProblem.Code.alias, 1),
    ("a: *x\n", .alias, 1),
    ("a: !!int 3\n", .tag, 1),
    ("a: 1\n---\nb: 2\n", .severalDocuments, 2),
    ("? [a]\n: b\n", .keyNotText, 1),
    ("a: [1, 2\nb: 3\n", .syntax, 2),
    ("title: (U) x: y\n", .syntax, 1),
    ("a: \u{0}\n", .notUTF8, 1),
  ])
  func refused(text: String, code: FileProblem.Code, line: Int) {
    #expect(problem(text)?.code == code)
    #expect(problem(text)?.position.line == line)
  }

  @Test func bytesThatAreNoText() {
    let bytes = Array("a: b\nc: ".utf8) + [0xC3, 0x28]
    #expect(throws: FileProblem.self) { try YAMLReader.read(bytes) }
    do throws(FileProblem) { _ = try YAMLReader.read(bytes) } catch {
      #expect(error.code == .notUTF8)
      #expect(error.position == SourcePosition(line: 2, column: 4))
    }
  }

  @Test func bombsAndDepthAreRefused() {
    let bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n"
    #expect(problem(bomb)?.code == .alias)
    #expect(problem(String(repeating: "[", count: 100_000)) != nil)
    #expect(problem(String(repeating: "- ", count: 80) + "x")?.code == .tooDeep)
    do throws(FileProblem) { _ = try YAMLReader.read(Array("abc: d".utf8), limit: 3) } catch {
      #expect(error.code == .tooLarge)
    }
  }
}
