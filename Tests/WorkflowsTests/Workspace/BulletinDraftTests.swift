// What `revere new` asks of each series, what it suggests, and that an answer is judged when it is given.

import Bulletins
import Distribution
import Markings
import Testing
import Workflows

@Suite struct BulletinDraftTests {
  static let series = [
    "crime-statistics", "hate-crime", "high-profile-incident", "officer-safety", "opioid-arrests", "sar-quarterly",
    "situational-awareness", "special-event",
  ]

  private func draft(_ series: String) throws -> BulletinDraft {
    let workspace = try #require(SampleSite.workspace)
    return BulletinDraft(
      template: try #require(workspace.templates[series]), workspace: workspace, now: SmallSite.noon)
  }

  private func findings(_ draft: BulletinDraft) throws -> [Finding] {
    let workspace = try #require(SampleSite.workspace)
    let file = try BulletinFile.load(
      name: "begun.md", path: "begun.md", folder: FilesInMemory(["begun.md": Array(draft.text.utf8)]),
      settings: workspace.readerSettings())
    // Facts of some readers of the sample site ended; no answer is to blame for it.
    return CheckBulletin.findings(file, in: workspace, now: SmallSite.noon)
      .filter { !AudienceCheck.ofReaders.contains($0.rule) }
  }

  @Test(arguments: series) func checksClean(_ series: String) throws {
    var draft = try draft(series)
    #expect(draft.answer(.author, "a.okafor") == [])
    if series == "special-event" { #expect(draft.answer(.event, "2026-12-31") == []) }
    #expect(draft.missing == [])
    #expect(!draft.text.contains("{{") && draft.text.contains("authors: [a.okafor]"))
    // What only the analyst can say: the title where it is no figure's name, and words in every section.
    let begun = try findings(draft)
    #expect(Set(begun.map(\.rule)) == ["S06"] && begun.count >= 5, "\(begun)")
    let hasName = ["crime-statistics", "hate-crime", "opioid-arrests", "sar-quarterly"].contains(series)
    #expect(begun.filter { $0.message.contains("title") }.count == (hasName ? 0 : 2), "\(begun)")
    #expect(begun.contains { $0.place.line > 20 } && begun.allSatisfy { $0.severity == .warning })
    // Every suggestion is itself a sound answer, and giving it changes nothing but how it is written.
    for question in draft.questions {
      guard let suggestion = draft.suggestion(question) else { continue }
      #expect(draft.answer(question, suggestion) == [], "\(question)")
    }
    #expect(try findings(draft) == begun)
  }

  @Test func questionsFollowTheTemplate() throws {
    #expect(
      try draft("officer-safety").questions == [
        .author, .title, .shortTitle, .cutoff, .expires, .topics, .lists, .gate(.pii), .gate(.usPersons),
        .gate(.juvenile), .gate(.firstAmendment),
      ])
    // Gates that the starting text opens are not asked for.
    #expect(
      try draft("hate-crime").questions == [
        .author, .period, .title, .shortTitle, .cutoff, .expires, .topics, .lists, .gate(.pii), .gate(.usPersons),
      ])
    #expect(try draft("special-event").questions.prefix(2) == [.author, .event])
    #expect(try draft("special-event").missing == [.author, .event, .expires])
  }

  @Test(arguments: [
    ("officer-safety", "2026-11-20", "2026-12-20"), ("high-profile-incident", "2026-11-22T06:30", "2026-11-29"),
    ("sar-quarterly", "2026-10-15", "2026-12-31"), ("opioid-arrests", "2026-09-30", "2026-09-30"),
    ("opioid-arrests", "2026-10-01", "2026-12-31"), ("crime-statistics", "2026-11-10", "2027-11-10"),
  ])
  func expiryFollowsTheCutoff(_ series: String, _ cutoff: String, _ expires: String) throws {
    var draft = try draft(series)
    #expect(draft.answer(.cutoff, cutoff) == [])
    #expect(draft.suggestion(.expires) == expires)
    #expect(draft.text.contains("info-cutoff: \(cutoff)\n") && draft.text.contains("expires: \(expires)\n"))
  }

  @Test(arguments: [
    ("2026-11-22", "July to September 2026", "2025"), ("2026-09-30", "April to June 2026", "2025"),
    ("2027-01-05", "October to December 2026", "2026"), ("2026-03-31", "October to December 2025", "2025"),
  ])
  func thePeriodIsTheLastWholeOne(_ cutoff: String, _ quarter: String, _ year: String) throws {
    for (series, period) in [("sar-quarterly", quarter), ("hate-crime", year)] {
      var draft = try draft(series)
      #expect(draft.answer(.cutoff, cutoff) == [] && draft.suggestion(.period) == period)
      #expect(draft.suggestion(.shortTitle)?.hasSuffix(period) == true)
    }
  }

  @Test(arguments: [
    (BulletinDraft.Question.author, "nobody", "no reader is called"), (.author, "", "write an answer"),
    (.author, "a.okafor]", "write names"), (.title, "Unmarked", "mark"), (.title, "(U//XYZ) X", "XYZ"),
    (.title, "(U) a\u{7}b", "plain text"), (.shortTitle, "(U//LES) X", "short title"),
    (.cutoff, "2026-02-29", "does not exist"), (.cutoff, "soon", "must be a date"), (.cutoff, "[a]", "write a date"),
    (.expires, "2026-11-01", "before its information cut-off"), (.topics, "opiods", "opioids"),
    (.lists, "opioid-task-force", "does not take"), (.lists, "nobody", "no list"), (.gate(.pii), "Yes", "reason"),
    (.gate(.pii), "maybe", "two words"), (.gate(.pii), "n/a", "two words"),
  ])
  func refused(_ question: BulletinDraft.Question, _ answer: String, _ words: String) throws {
    var draft = try draft("officer-safety")
    _ = draft.answer(.title, "(U) A title")
    let before = draft.text
    let problems = draft.answer(question, answer)
    #expect(problems.contains { $0.contains(words) }, "\(problems)")
    #expect(draft.text == before && (question == .title || !draft.isAnswered(question)))
  }

  @Test func keysAreSetInPlace() throws {
    var draft = try draft("officer-safety")
    #expect(draft.answer(.lists, "officer-safety-statewide, metro-boston-le") == [])
    #expect(draft.answer(.gate(.firstAmendment), "A \"march\" is named") == [])
    let lines = draft.text.split(separator: "\n", omittingEmptySubsequences: false)
    // What was not in the front matter comes last in it, in whichever order.
    let close = try #require(lines.dropFirst().firstIndex(of: "---"))
    #expect(
      Set(lines[close - 2..<close]) == [
        "lists: [officer-safety-statewide, metro-boston-le]",
        "first-amendment: { value: true, reason: \"A \\\"march\\\" is named\" }",
      ])
    #expect(draft.answer(.gate(.firstAmendment), "") == [])
    #expect(!draft.text.contains("march"))
  }

  @Test(arguments: ["no", "N", "None", "false", "-", " no ", ""]) func noClosesAGate(_ answer: String) throws {
    var draft = try draft("officer-safety")
    #expect(draft.answer(.gate(.pii), "One wanted person") == [] && draft.text.contains("pii: { value: true"))
    #expect(draft.answer(.gate(.pii), answer) == [] && draft.isAnswered(.gate(.pii)))
    #expect(!draft.text.contains("pii: { value: true"))
  }

  @Test func aQuarterHasAnEnd() throws {
    func end(_ date: String) throws -> String? {
      SeriesTemplate.ExpirySuggestion.endOfQuarter.date(cutoff: try #require(CivilDate(date)), event: nil)?.description
    }
    #expect(try end("2026-01-01") == "2026-03-31" && end("2026-06-30") == "2026-06-30")
    #expect(try end("2028-02-29") == "2028-03-31" && end("2026-12-01") == "2026-12-31")
    let event = SeriesTemplate.ExpirySuggestion.afterEvent(days: 7)
    let day = try #require(CivilDate("2026-12-31"))
    #expect(
      event.date(cutoff: day, event: nil) == nil && event.date(cutoff: day, event: day)?.description == "2027-01-07")
  }
}
