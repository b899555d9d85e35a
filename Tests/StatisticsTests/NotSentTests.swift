// A field that an export does not have is neither No nor nothing: no table, sentence or record says anything of it, and the
// note on method says that it is missing.

import Testing

@testable import Statistics

@Suite struct NotSentTests {
  private static let fields: [(field: String, rule: String)] = [
    ("weight", "{ from: w, units: { g: GM } }"), ("firearm-seized", "{ from: f }"), ("overdose-linked", "{ from: f }"),
    ("naloxone-used", "{ from: f }"), ("multi-jurisdiction", "{ from: f }"), ("age-band", "{ from: a, as: years }"),
  ]

  private static func mapping(without: Set<String>, source: String = "T") -> String {
    let columns = ["weight": "w", "age-band": "a"]
    let ignored = without.compactMap { columns[$0] } + (without.count > 5 ? ["f"] : [])
    return """
      source: \(source)
      name: Test
      precedence: 1
      ignore: [\(ignored.sorted().joined(separator: ", "))]
      fields:
        incident-id: { from: i }
        person-id: { from: i }
        report-date: { value: 2026-07-01 }
        arrest-date: { value: 2026-07-01 }
        town: { value: Worcester }
        statute: { value: 94C-32E }
        offense: { value: trafficking }
        suspected-substance: { from: s }
        lab-status: { value: pending }
      \(fields.filter { !without.contains($0.field) }.map { "  \($0.field): \($0.rule)" }.joined(separator: "\n"))

      """.replacing("{ value: 2026-07-01 }", with: "{ from: d, date: YYYY-MM-DD }")
  }

  private static func rows(_ numbers: ClosedRange<Int>, age: String = "30", substance: String = "fentanyl") -> String {
    numbers.map {
      "\(IncidentPerson.key(UInt64($0))),2026-07-01,\(substance),20 g,\($0 % 2 == 0 ? "Y" : "N"),\(age)\n"
    }.joined()
  }

  private func imported(_ parts: [(without: Set<String>, rows: String)]) throws -> Imports {
    var imports = Imports()
    for (number, part) in parts.enumerated() {
      let text = Self.mapping(without: part.without, source: "T\(number)")
      let (read, problems) = MappingReader.read(Array(text.utf8))
      try imports.run(try #require(read, "\(problems)"), Array(("i,d,s,w,f,a\n" + part.rows).utf8))
      #expect(imports.batches[number].counts.unknown == 0, "\(imports.batches[number].fates)")
    }
    return imports
  }

  private func product(_ imports: Imports) throws -> (product: OpioidProduct, text: String) {
    var order = OpioidOrder(period: try #require(Period("2026-Q3")))
    order.seizures = 3
    var tally = OpioidTally(order.period)
    imports.forEachRecord { record, block, _ in tally.add(record, of: block) }
    let product = try OpioidTables(
      order, tally: tally, earlier: [:], published: PublishedFigures(),
      substances: try SampleExports.knowledge().substances, regions: SampleTablesTests.regions
    ).product()
    let text = TablesDocument.markdown(
      product, period: order.period, mark: "U//FOUO",
      sources: [
        SourceNote(name: "Test", file: "t", asOf: "2026-10-20", dropped: 30, underAge: 12, noSubstance: 3, doubled: 9)
      ])
    return (product, text)
  }

  /// Each field, and words that only a text with it has.
  @Test(arguments: [
    ("weight", ["Seized, kg", "weight seized", "Largest seizures", "Weights are those"], "weights"),
    ("firearm-seized", ["Firearms were seized", "| Firearm |"], "firearms"),
    ("overdose-linked", ["overdose call;", "naloxone was given"], "overdose calls"),
    ("naloxone-used", ["naloxone was given"], "naloxone"),
    ("multi-jurisdiction", ["worked by more than one"], "incidents of more than one agency"),
    ("age-band", ["Arrests by age"], "ages"),
  ])
  func whatIsNotSentIsNotPrinted(field: String, words: [String], name: String) throws {
    let whole = try product(try imported([([], Self.rows(1...40))]))
    #expect(!whole.text.contains("Not printed, because") && !whole.text.contains("may be among the arrests"))
    let lacking = try product(try imported([([field], Self.rows(1...40))]))
    for word in words { #expect(whole.text.contains(word) && !lacking.text.contains(word), "\(word)") }
    #expect(lacking.text.contains("Not printed, because not every extract has them: \(name)."))
    // One export without it is enough, except for ages: those arrests are a row of their own.
    let mixed = try product(try imported([([], Self.rows(1...40)), ([field], Self.rows(41...80))]))
    if field == "age-band" {
      #expect(mixed.text.contains("| Not recorded | 40 |"))
    } else {
      for word in words { #expect(!mixed.text.contains(word), "\(word)") }
    }
    let isMinor = "Not every extract has ages: persons under eighteen may be among the arrests."
    #expect(lacking.text.contains(isMinor) == (field == "age-band"))
    #expect(mixed.text.contains(isMinor) == (field == "age-band"))
  }

  @Test func nothingBeyondTheRequiredFields() throws {
    let (product, text) = try product(try imported([(Set(Self.fields.map(\.field)), Self.rows(1...40))]))
    #expect(
      product.figures == [
        "Police made 40 opioid-related arrests in 40 incidents.", "Fentanyl was suspected in 100.0% of them.",
        "Laboratory results: 40 pending.",
        "100.0% of the arrests carry code H, \"other narcotics\", which is not fentanyl's alone.",
      ])
    #expect(
      text.contains(
        "has them: weights, firearms, overdose calls, naloxone, incidents of more than one agency, ages."))
    #expect(!product.tables.contains { $0.rows.joined().contains("0.0") })
  }

  @Test func overdosesWithoutNaloxone() throws {
    let figures = try product(try imported([(["naloxone-used"], Self.rows(1...40))])).product.figures
    #expect(figures.contains("20 arrests followed an overdose call."))
  }

  @Test func aRecordKeepsNotSentApartFromNo() throws {
    let sent = try imported([([], Self.rows(1...1))]).records()
    #expect(sent.map(\.firearm) == [false] && sent[0].cells.filter { $0 == "N" }.count == 4)
    let not = try imported([(["firearm-seized", "overdose-linked"], Self.rows(1...1))]).records()
    #expect(not.map(\.firearm) == [nil] && not.map(\.naloxone) == [false])
    let column = try #require(IncidentPerson.columns.firstIndex(of: "firearm-seized"))
    #expect(not[0].cells[column] == "" && sent[0].cells[column] == "N")
  }

  @Test func whatWasLeftOutByReason() throws {
    let young = Self.rows(1...3, age: "17")
    let batch = try imported([
      ([], young + Self.rows(4...8, substance: "cocaine") + Self.rows(9...10, substance: "") + Self.rows(11...20))
    ]).batches[0]
    #expect(batch.counts.dropped == 10 && batch.counts.underAge == 3 && batch.counts.noSubstance == 2)
    let text = try product(try imported([([], Self.rows(1...40))])).text
    #expect(
      text.contains(
        "15 entries for other drugs, fewer than five entries without a substance, 12 entries for persons under eighteen "
          + "and 9 double entries were left out."))
  }
}
