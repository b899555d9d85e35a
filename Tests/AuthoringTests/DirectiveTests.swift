// `:::` lines: recognised before Markdown, outside fences; nesting; what is misplaced, unknown or unclosed.

import Authoring
import Bulletins
import Markings
import Testing

@Suite struct DirectiveTests {
  private func outline(_ body: String) -> String { Outline.of(Samples.body(body).document.body) }
  private let first = Samples.frontMatterLines + 1

  @Test func withoutBlankLines() {
    let read = Samples.body(
      """
      (U//LES) para
      ::: tearline
      (U) tear
      :::
      - (U) item
      ::: only sectors=energy,water p23
      | a |
      |---|
      ::: tearline
      > (U) quote
      :::
        (U) after
      :::
      (U) end
      """)
    #expect(
      Outline.of(read.document.body) == """
        p @4 para
        tearline
          p @5 tear
        list -
          item
            p @6 item
        only sectors=energy,water p23
          table @7 1x0
          tearline
            quote
              p @8 quote
          p @9 after
        p @10 end
        """)
    let portions = read.document.portions
    #expect(portions[5].inTearline && !portions[5].p23 && portions[5].clauses.isEmpty)
    #expect(
      portions[8].inTearline && portions[8].p23 && portions[8].clauses == [Clause(.sectors, ["energy", "water"])])
    #expect(portions[7].kind == .orphan && !portions[9].inTearline && portions[9].p23)
    #expect(portions[10].clauses.isEmpty && !portions[10].p23)
    #expect(read.directives.map { $0.directive.line - first } == [1, 5, 8])
    #expect(read.directives.map { ($0.endLine ?? 0) - first } == [3, 12, 10])
    // The gate p23 is not set.
    #expect(read.rules == ["F03 1"])
  }

  @Test func inFencesTheyAreText() {
    let body = """
      (U) Lead
      ```text
      ::: only p23
      ```
      (U) again
      ~~~~
      ```
      ::: tearline
      ~~~
      :::
      ~~~~
      """
    #expect(
      outline(body) == """
        p @4 Lead
        code @4 [text] ::: only p23|
        p @5 again
        code @5 [] ```|::: tearline|~~~|:::|
        """)
    #expect(Samples.body(body).findings.isEmpty)
  }

  /// A fence inside a list item or quote ends with it: the directive below is one.
  @Test(arguments: ["- (U) item\n  ```\n  code", "> (U) quote\n> ```\n> code", "1. (U) a\n\n   ~~~\n   code\n"])
  func fencesInContainersEndWithThem(before: String) {
    let read = Samples.body(before + "\n::: only sectors=water\n(U) inside\n:::\n")
    #expect(
      Outline.of(read.document.body).hasSuffix("only sectors=water\n  p @\(read.document.portions.count - 1) inside"))
    #expect(read.document.portions.last?.clauses == [Clause(.sectors, ["water"])])
    #expect(read.document.faults.isEmpty)
  }

  @Test func definitionsResolveAcrossDirectives() {
    let read = Samples.body(
      """
      ::: only sectors=water
      (U) [link] and [^note]
      :::

      [link]: https://a.example
      [^note]: (U) Note
      """)
    #expect(read.findings.isEmpty)
    guard case .only(_, _, let blocks)? = read.document.body.first?.content,
      case .paragraph(let inlines)? = blocks.first?.content
    else { return #expect(Bool(false)) }
    #expect(inlines.first == .link(destination: "https://a.example", title: "", [.text("link")]))
    #expect(inlines.last == .footnote("note"))
  }

  @Test(arguments: [
    ("(U) a\n::: tearlin\n(U) b\n:::", "S04 2:5"),
    ("::: only\n(U) b\n:::", "S04 1:4"),
    ("::: only county=x\n(U) b\n:::", "S04 1:10"),
    ("::: only energy\n(U) b\n:::", "S04 1:10"),
    ("::: only sectors=a sectors=b\n(U) b\n:::", "S04 1:20"),
    ("(U) a\n::: tearline now\n(U) b\n:::", "S04 2:14"),
    ("::: only sectors=a\n(U) b", "S04 1:1"),
    ("(U) a\n:::", "S04 2:1"),
    (":::: only sectors=a\n(U) b\n:::", "S04 1:4"),
    ("::: only sectors=a\n::: only sectors=b\n(U) b\n:::\n:::", "S04 2:1"),
    ("(U) a\n::: tearline\n(U) a\n::: tearline\n(U) b\n:::\n:::", "S04 4:1"),
    ("(U) a\n::: tearline\n::: only sectors=b\n(U) b\n:::\n:::", "S04 3:1"),
    ("- (U) a\n  ::: only p23", "S04 2:1"),
    ("> (U) a\n> ::: only p23", "S04 2:1"),
    ("(U) a\n ::: only p23", "S04 2:1"),
    ("\u{FEFF}::: only p23\n(U) a", "S04 1:1"),
    ("(U) x\n\n| a |\n|---|\n| ::: only p23 |", "S04 5:1"),
    ("::: only sectors=a\n(U) b [x]\n\n[x]: http://x.example\n:::", "S04 4:1"),
    ("::: only sectors=a\n(U) b [x\ny]\n\n[x\ny]: http://x.example\n:::", "S04 5:1"),
    ("::: only sectors=a\n(U) b[^x]\n\n[^x]: (U) x\n:::", "S04 4:1"),
    ("(U) b[^x]\n\n[^x]: (U) x\n\n[^x]: (U) y", "S04 5:1"),
    ("(U) b[^s1]\n\n[^s1]: (U) x", "S04 3:1"),
    ("(U) b\n\n[^a*b]: (U) x", "S04 3:1"),
  ])
  func refused(body: String, finding: String) {
    let read = Samples.body(body)
    let found = read.findings.filter { $0.rule != "F03" }.map {
      "\($0.rule) \($0.place.line - first + 1):\($0.place.column)"
    }
    #expect(found == [finding], "\(read.findings.map(\.message))")
    #expect(read.document.faults == [.invalid])
  }

  @Test(arguments: [
    "::: tearline\n(U) a\n:::", "## (U) h\n::: tearline\n(U) a\n:::",
    "::: only sectors=a\n::: tearline\n(U) a\n:::\n:::",
  ])
  func tearLineWithNothingBefore(body: String) {
    let read = Samples.body(body)
    #expect(read.findings.map(\.rule) == ["S03"])
    // Nobody sees the tear line; the rest of the file stands.
    #expect(read.document.faults.isEmpty)
  }

  @Test func aClauseWithoutValuesIsMetByNobody() {
    let read = Samples.body("::: only sectors=\n(U) a\n:::")
    #expect(read.document.portions.last?.clauses == [Clause(.sectors, [])])
    #expect(read.findings.map(\.rule) == ["S04"] && read.document.faults.isEmpty)
  }

  @Test func sourcesOfCriminalIntelligence() {
    let text = Samples.frontMatter.replacing("(U//LES) File\"", with: "(U//LES) File\", p23: true")
    #expect(Samples.read(text + "(U//LES) x[^s2]").document.faults == [.invalid])
    #expect(Samples.read(text + "(U//LES) x").document.faults == [])
    let gate = text.replacing("authors:", with: "p23: { value: true, reason: x }\nauthors:")
    #expect(Samples.read(gate + "(U//LES) x[^s2]").document.faults == [])
    #expect(Samples.read(gate + "(U//LES) x").document.faults == [.invalid])
  }
}
