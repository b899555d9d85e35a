// Markdown to tree and portions: which block belongs to which portion, and what is refused.

import Authoring
import Bulletins
import Markings
import Testing

@Suite struct TreeTests {
  /// Portions of the body begin at 4: title, short title and two sources come before.
  private func outline(_ body: String) -> String { Outline.of(Samples.body(body).document.body) }

  @Test func blocks() {
    let read = Samples.body(
      """
      ## (U) Heading

      (U//FOUO) First
      second *line*.[^s1]

      - (U) one
      - (U//LES) two
        1. three
        2. (U) four

           unmarked

      > (U) quote
      >
      > (U//LES) more

      ---

      ~~~ swift
      (U//LES) no mark
      ~~~
      """)
    #expect(
      Outline.of(read.document.body) == """
        h2 @4 Heading
        p @5 First second line.
        list -
          item
            p @6 one
          item
            p @7 two
            list 1.
              item
                p @8 three
              item
                p @9 four
                p @10 unmarked
        quote
          p @11 quote
          p @12 more
        rule @12
        code @13 [swift] (U//LES) no mark|
        """)
    #expect(
      read.bodyMarks == [
        "(U)", "(U//FOUO)", "(U)", "(U//LES)", "(U//LES)", "(U)", "-", "(U)", "(U//LES)", "-",
      ])
    let portions = read.document.portions
    #expect(portions[5].citations == ["s1"] && portions[5].line == Samples.frontMatterLines + 3)
    #expect(portions[8].kind == .item && portions[10].kind == .paragraph && portions[13].kind == .orphan)
    #expect(portions[11].kind == .quote && portions[12].kind == .paragraph)
    #expect(read.findings.isEmpty && read.document.faults.isEmpty)
  }

  @Test func tablesAndFencesBelongToTheParagraphRightBefore() {
    let read = Samples.body(
      """
      (U//FOUO) Caption
      | a | b |
      |:--|--:|
      | (U//LES) x | [^s2] |
      | y |

      ```chart
      kind: bar
      data: table
      x: a
      y: b
      title: T
      alt: words
      ```

      ```
      alone
      ```

      | c |
      |---|

      - (U) item

      | d |
      |---|

      - (U) item

            indented code

        ```
        fence
        ```
      """)
    #expect(
      Outline.of(read.document.body) == """
        p @4 Caption
        table @4 2x2
        chart @4 T
        code @5 [] alone|
        table @6 1x0
        list -
          item
            p @7 item
        table @8 1x0
        list -
          item
            p @9 item
            code @9 [] indented code|
            code @10 [] fence|
        """)
    let first = read.document.portions[4]
    #expect(first.citations == ["s2"] && first.furtherMarks.map(\.text) == ["(U//LES)"])
    #expect([5, 6, 8, 10].allSatisfy { read.document.portions[$0].kind == .orphan })
    let cell = read.marks.first { $0.role == .cell }
    #expect(cell?.line == Samples.frontMatterLines + 4 && cell?.column == 3)
    #expect(read.document.body[1].line == Samples.frontMatterLines + 2)
    guard case .chart(let chart) = read.document.body[2].content else { return #expect(Bool(false)) }
    #expect(chart.rows == [["a", "b"], ["(U//LES) x", ""], ["y", ""]])
    #expect(read.findings.isEmpty)
  }

  @Test func marksOnLaterLinesAreJoined() {
    let read = Samples.body(
      """
      (U) first *em
      (U//LES) in* emphasis `code
      (U//FOUO) in` code
      **(U//SSI)** no mark

      (U)
      (U//LES) below

      (U//NF) heading
      (U//LES) of two lines
      ---

      [link]: http://example.org
      (U) text [with
      (U//LES) more](http://example.org "title
      (U//FOUO) in a title")
      """)
    #expect(read.bodyMarks == ["(U)", "(U)", "(U//NF)", "(U)"])
    let further = read.document.portions.dropFirst(4).map { $0.furtherMarks.map(\.text) }
    #expect(further == [["(U//LES)", "(U//FOUO)"], ["(U//LES)"], ["(U//LES)"], ["(U//LES)", "(U//FOUO)"]])
    let lines = read.marks.filter { $0.role == .laterLine }.map { $0.line - Samples.frontMatterLines }
    #expect(lines == [2, 3, 7, 10, 15, 16])
  }

  @Test func figures() {
    let read = Samples.body(
      """
      ![A *plate*](plate.png "(U//LES) Figure 1.")

      ![x](plate.png)

      (U) Text ![inside](x.png "(U) y") of it.

      ![x](../secret.png "(U) up")

      ![x](https://example.org/a.png "(U) out")
      """)
    #expect(
      outline("![A *plate*](plate.png \"(U//LES) Figure 1.\")") == "figure @4 plate.png Figure 1.")
    #expect(read.bodyMarks == ["(U//LES)", "-", "(U)", "(U)", "(U)"])
    #expect(read.document.portions[4].kind == .figure)
    #expect(read.rules == ["S05 16", "S05 18", "S05 20"])
    #expect(read.files == ["plate.png"])
    guard case .figure(let figure) = read.document.body[0].content else { return #expect(Bool(false)) }
    #expect(figure.alternative == "A plate")
  }

  @Test func inlines() {
    let read = Samples.body(
      """
      (U) See [^s1], \\[^s1], [^none] and [^note]; [Alder *Quince*]{usper} a{usper} ~~old~~ `x`<https://a.example> \
      [b](http://b.example "t") [c](javascript:x) www.d.example ftp://e.example x&#8;y

      [^note]: (U//FOUO) The note.[^s2]

          (U) And more.
      """)
    guard case .paragraph(let inlines) = read.document.body[0].content else { return #expect(Bool(false)) }
    #expect(
      inlines == [
        .text("See "), .citation("s1"), .text(", [^s1], "), .citation("none"), .text(" and "), .footnote("note"),
        .text("; "),
        .namedPerson([.text("Alder "), .emphasis([.text("Quince")])]), .text(" a{usper} "),
        .strikethrough([.text("old")]), .text(" "), .code("x"),
        .link(destination: "https://a.example", title: "", [.text("https://a.example")]), .text(" "),
        .link(destination: "http://b.example", title: "t", [.text("b")]), .text(" "), .text("c"), .text(" "),
        .link(destination: "http://www.d.example", title: "", [.text("www.d.example")]), .text(" "),
        .text("ftp://e.example"), .text(" x\u{FFFD}y"),
      ])
    #expect(read.document.footnotes.map(\.label) == ["note"])
    let note = read.document.portions[5]
    #expect(note.kind == .footnote("note") && note.mark?.text == "(U//FOUO)" && note.citations == ["s2"])
    #expect(
      read.document.footnotes[0].portion == 5
        && Outline.of(read.document.footnotes[0].blocks) == "p @5 The note.\np @6 And more.")
    #expect(read.document.portions[4].footnotes == ["note"] && read.document.portions[4].citations == ["s1", "none"])
    #expect(read.unresolved.map(\.label) == ["none"])
    #expect(read.findings.map(\.rule) == ["S05", "S05"])
  }

  @Test func escapedReferencesAreText() {
    let read = Samples.body("(U) a \\[^s1] \\[^s9] [^s9\\]")
    #expect(read.unresolved.isEmpty && read.document.portions[4].citations.isEmpty)
    #expect(Outline.of(read.document.body) == "p @4 a [^s1] [^s9] [^s9]")
  }

  @Test func unknownSourcesAreCited() {
    let read = Samples.body(
      "(U) a[^s9] [^S1] [^s1, s2]\n\n```\n[^s8]\n[^code]: x\n```\n\n(U) b[^code]\n\n(U) c[^s9]: d\n")
    let portions = read.document.portions
    #expect(portions[4].citations == ["s9", "s1", "s1, s2"] && portions[6].citations == ["s9"])
    #expect(read.unresolved.map(\.label) == ["s9", "s1, s2", "code", "s9"])
    #expect(read.unresolved.map(\.line) == [12, 12, 19, 21])
  }

  @Test(arguments: [
    ("<b>bold</b>", true), ("<!-- note -->", true), ("<!---->", true), ("(U) a <br> b", true),
    ("(U) a &lt;br> b", false),
    ("<script>\n::: only p23\n</script>", true), ("<!--\n::: tearline\n(U) x\n:::\n-->", true),
  ])
  func rawHTML(body: String, refused: Bool) {
    let read = Samples.body(body)
    #expect(read.document.faults == (refused ? [.invalid] : []))
    #expect(read.findings.contains { $0.rule == "S05" } == refused)
  }

  @Test func subjects() throws {
    let read = Samples.body(
      """
      (U) One man.[^s1]

      ```subject
      mark: U//LES
      kind: person
      name: Corwin Pike
      aliases: [Halley]
      dob: 1991-04-12
      descriptors: { hair: red }
      photo: van.jpg
      ```
      """)
    #expect(read.findings.isEmpty && read.files == ["van.jpg"])
    guard case .subject(let subject) = read.document.body[1].content else { return #expect(Bool(false)) }
    #expect(subject.mark?.text == "(U//LES)" && subject.kind == .person && subject.photo == "van.jpg")
    #expect(subject.fields.map(\.name) == ["name", "aliases", "dob", "descriptors"])
    #expect(subject.fields[3].values == [.pair("hair", "red")])
    #expect(read.document.portions[4].furtherMarks.map(\.text) == ["(U//LES)"])
    let site = try #require(read.marks.first { $0.role == .bare })
    #expect(site.line == Samples.frontMatterLines + 4 && site.column == 7)
  }

  @Test(arguments: [
    ("subject", "kind: person\nmakr: U//LES", "F02 16:1"),
    ("subject", "name: x", "F01 15:1"),
    ("subject", "kind: person\ndob: 1991-02-30", "F04 16:6"),
    ("subject", "kind: person\nphoto: ../a.jpg", "F03 16:8"),
    ("subject", "kind: person\nmark: U//LES extra: x", "F03 16:19"),
    ("subject", "kind: person\nname: [[a]]", "F03 16:8"),
    ("subject", "", "F03 13:1"),
    ("chart", "kind: pie\ndata: table\nx: a\ny: b\ntitle: t", "F03 15:7"),
    ("chart", "kind: bar\ndata: none.csv\nx: a\ny: b\ntitle: t", "F03 16:7"),
    ("chart", "kind: bar\ndata: ../a.csv\nx: a\ny: b\ntitle: t", "F03 16:7"),
    ("chart", "kind: bar\ndata: crime-by-month.csv\nx: month\ny: [violent, proprety]\ntitle: t", "F03 16:7"),
  ])
  func fencesThatCannotBeTyped(info: String, content: String, finding: String) {
    let read = Samples.body("(U) Lead.\n\n```\(info)\n\(content)\n```\n")
    // The finding's line counts from the fence on line 14.
    let found = read.findings.map(\.short)
    #expect(
      found == [finding] || found == [finding.replacing("13:1", with: "14:1")] || found.first == finding, "\(found)")
    #expect(read.document.faults == [.invalid])
    #expect(read.document.body.count == 2 && read.document.body[1].portion == 4)
  }

  @Test(arguments: ["subjct", "Subject", "charts"]) func misspelledFences(info: String) {
    let read = Samples.body("(U) Lead.\n\n```\(info)\nmark: U//LES\n```\n")
    #expect(read.findings.map(\.rule) == ["S05"] && read.document.faults == [.invalid])
  }

  @Test func citationsInACaptionCount() {
    let read = Samples.body("![x](a.png \"(U) Figure[^S1] [^s9]\")")
    #expect(read.document.portions[4].citations == ["s1", "s9"])
    #expect(read.findings.map(\.rule) == ["S05"] && read.document.faults.isEmpty)
  }

  @Test func chartOfAFile() {
    let read = Samples.body(
      "(U) Lead.\n\n```chart\nkind: line\ndata: crime-by-month.csv\nx: month\ny: [violent, property]\ntitle: t\n```\n")
    guard case .chart(let chart) = read.document.body.last?.content else { return #expect(Bool(false)) }
    #expect(chart.rows.first == ["month", "violent", "property"] && chart.rows.count == 14)
    #expect(read.files == ["crime-by-month.csv"])
  }

  @Test func thematicBreaks() {
    #expect(
      outline("***\n\n(U) a\n\n***\n\n- (U) b\n\n***\n") == "p @4 a\nrule @4\nlist -\n  item\n    p @5 b\nrule @5")
  }

  @Test func cuiBesideLegacy() {
    #expect(Samples.body("(CUI) a\n\n(U) b\n").document.faults == [.invalid])
    let plain = Samples.frontMatter.replacing("(U//FOUO)", with: "(U)").replacing("(U//LES)", with: "(U)")
    #expect(Samples.read(plain + "(CUI) a\n").document.faults == [])
    #expect(Samples.read(plain + "(CUI) a\n\n(U//REL TO USA, CAN) b\n").document.faults == [.invalid])
  }

  @Test(arguments: [
    "(S) x", "(U) x\n(C) y", "(U) x\n\n| (TS) y |\n|---|", "![x](a.png \"(S//NF) x\")", "[^x]: (S) note",
    "- (U) a\n  - (U//FOUO) b\n    - (S) c",
  ])
  func spillage(body: String) {
    #expect(Samples.body(body).document.faults == [.spillage])
  }
}
