// What `revere new` asks and what comes of it: the questions of a series, what each takes when nothing is said, and
// whether an answer is sound. An answer is judged by the check itself: it is put into the text, and what the rules
// find on its lines is what is wrong with it. No file and no terminal here.

package import Bulletins
import Distribution
import Foundation
package import Markings
import SiteFiles

package struct BulletinDraft: Sendable {
  package enum Question: Hashable, Sendable {
    case author, title, shortTitle, cutoff, period, event, expires, topics, lists
    case gate(Gate.Name)
  }

  /// The rule that finds what is left of a starting text: in one that was just begun, all of it.
  package static let unwritten = "S06"

  package let template: SeriesTemplate
  private let workspace: Workspace
  private let now: Instant
  private var answers: [Question: String] = [:]

  package init(template: SeriesTemplate, workspace: Workspace, now: Instant) {
    self.template = template
    self.workspace = workspace
    self.now = now
  }

  /// In the order in which they are asked; the later ones have suggestions that follow from the earlier.
  package var questions: [Question] {
    let text = template.startingText
    let front = StartingText(text, values: placeholders).frontMatter
    var questions: [Question] = [.author]
    if text.contains("{{event}}") || isBoundToEvent { questions.append(.event) }
    if text.contains("{{quarter}}") || text.contains("{{year}}") { questions.append(.period) }
    questions += [.title, .shortTitle, .cutoff, .expires]
    if front?["topics"] != nil { questions.append(.topics) }
    if !takingLists.isEmpty { questions.append(.lists) }
    // Criminal intelligence is what stands in the body; a gate alone would make the file invalid.
    let closed = template.gates.filter { $0 != .p23 && front?[$0.rawValue]?["value"]?.text != "true" }
    return questions + closed.map(Question.gate)
  }

  /// Questions without an answer that have none to suggest.
  package var missing: [Question] {
    questions.filter { answers[$0] == nil && suggestion($0) == nil && !($0 == .event && answers[.expires] != nil) }
  }

  package func isAnswered(_ question: Question) -> Bool { answers[question] != nil }

  /// What is taken when nothing is said; nil when something must be.
  package func suggestion(_ question: Question) -> String? {
    switch question {
    case .author, .event: nil
    case .title: front["title"]?.text
    case .shortTitle: front["short-title"]?.text
    case .cutoff: front["info-cutoff"]?.text
    case .period:
      template.startingText.contains("{{quarter}}")
        ? TitlePeriod.quarter(before: (cutoff.year, cutoff.month))
        : TitlePeriod.year(before: (cutoff.year, cutoff.month))
    case .expires: expires.map { "\($0)" }
    case .topics: front["topics"]?.list?.compactMap(\.text).joined(separator: ", ")
    case .lists: template.defaultLists.joined(separator: ", ")
    case .gate: ""
    }
  }

  /// Takes an answer, or tells what is wrong with it and takes nothing.
  package mutating func answer(_ question: Question, _ written: String) -> [String] {
    var answer = written.trimmingCharacters(in: .whitespaces)
    // Whoever says no to a question about personal data does not want the gate open.
    if case .gate = question, Self.closed.contains(answer.lowercased()) { answer = "" }
    let problems = problems(question, answer)
    guard problems.isEmpty else { return problems }
    var draft = self
    draft.answers[question] = answer
    let found = draft.findings(on: question)
    if found.isEmpty { self = draft }
    return found
  }

  /// The bulletin with the answers so far.
  package var text: String { filled.text }
}

// MARK: - The text

extension BulletinDraft {
  private var today: CivilDate { CivilTime(now, in: workspace.site.zone).date }
  /// The day of the information cut-off.
  private var cutoff: CivilDate { answers[.cutoff].flatMap { CivilDate(String($0.prefix(10))) } ?? today }
  private var event: CivilDate? { answers[.event].flatMap { CivilDate($0) } }
  private var isBoundToEvent: Bool { if case .afterEvent = template.expirySuggestion { true } else { false } }
  private var front: Node { filled.frontMatter ?? Node(.map([]), position: SourcePosition(line: 1)) }

  private var expires: CivilDate? {
    if let suggestion = template.expirySuggestion { return suggestion.date(cutoff: cutoff, event: event) }
    return CivilDate(daysSince1970: cutoff.daysSince1970 + Int64(template.defaultExpiryDays ?? 30))
  }

  private var placeholders: [String: String] {
    let day = (cutoff.year, cutoff.month)
    return [
      "author": answers[.author].map(Self.items)?.joined(separator: ", ") ?? "author", "today": "\(cutoff)",
      "now": answers[.cutoff] ?? now.rfc3339(in: workspace.site.zone),
      "expires": answers[.expires] ?? expires.map { "\($0)" } ?? "\(today)",
      "quarter": answers[.period] ?? TitlePeriod.quarter(before: day),
      "year": answers[.period] ?? TitlePeriod.year(before: day),
      "event": event.map { "\($0.day) \(TitlePeriod.months[$0.month - 1]) \($0.year)" } ?? "the day of the event",
    ]
  }

  private var filled: StartingText {
    var text = StartingText(template.startingText, values: placeholders)
    let begun = text.frontMatter
    for (key, known) in [
      ("contacts", workspace.site.contacts.keys.sorted()), ("feedback", workspace.site.feedback.keys.sorted()),
    ] {
      // A starting text names contacts that this site may not have.
      guard let named = begun?[key]?.list?.compactMap(\.text) else { continue }
      let kept = named.filter(known.contains)
      guard kept != named, let first = kept.first ?? known.first(where: { $0 == "watch" }) ?? known.first else {
        continue
      }
      text.set(key, to: Self.list(kept.isEmpty ? [first] : kept))
    }
    for (question, answer) in answers {
      switch question {
      case .title, .shortTitle: text.set(question.key, to: StartingText.quoted(answer))
      case .cutoff, .expires: text.set(question.key, to: answer)
      case .topics: text.set(question.key, to: Self.list(Self.items(answer)))
      case .lists where Self.items(answer) != template.defaultLists:
        text.set(question.key, to: Self.list(Self.items(answer)))
      case .gate where !answer.isEmpty:
        text.set(question.key, to: "{ value: true, reason: \(StartingText.quoted(answer)) }")
      case .gate:
        if begun?[question.key] != nil { text.set(question.key, to: "{ value: false }") }
      case .author, .period, .event, .lists: break
      }
    }
    return text
  }

  /// Answers by which a gate stays as it is: closed.
  private static let closed: Set<String> = ["no", "n", "none", "false", "-"]

  private static func items(_ answer: String) -> [String] {
    answer.split { $0 == "," || $0.isWhitespace }.map(String.init)
  }
  private static func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }
}

// MARK: - Judging answers

extension BulletinDraft {
  /// Lists that take this series.
  private var takingLists: [String] {
    workspace.lists.lists.map(\.list).filter { $0.series.contains(template.series) }.map(\.id)
  }

  /// What the check cannot see, because it would no longer be one line of the front matter.
  private func problems(_ question: Question, _ answer: String) -> [String] {
    if answer.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0 == "\u{FFFD}" }
    ) {
      return ["write one line of plain text"]
    }
    if case .gate = question {
      return answer.isEmpty || Gate.isReason(answer)
        ? [] : ["write the reason, in two words or more: why the bulletin needs it; or no, if it has none"]
    }
    if answer.isEmpty { return ["write an answer"] }
    switch question {
    case .author, .topics, .lists:
      let plain = Self.items(answer).allSatisfy { $0.utf8.allSatisfy(Self.isPlain) }
      if !plain || Self.items(answer).isEmpty {
        return ["write names of small letters, digits, dots and hyphens, with commas between"]
      }
      guard question == .lists else { return [] }
      let all = workspace.lists.lists.map(\.list.id)
      return Self.items(answer).filter { all.contains($0) && !takingLists.contains($0) }.map {
        "the list `\($0)` does not take \(template.series): its `series` does not name it"
      }
    case .cutoff, .expires:
      return answer.utf8.allSatisfy { Self.isPlain($0) || "T:+Z ".utf8.contains($0) }
        ? [] : ["write a date such as \(today), or a time such as \(today)T16:00"]
    case .event:
      guard let date = CivilDate(answer) else { return ["`\(answer)` is no date; write it as \(today)"] }
      return date < today ? ["\(date) is past"] : []
    case .period:
      let isPlain =
        answer.allSatisfy { $0.isLetter || $0.isNumber || " ,.-\u{2013}/".contains($0) } && answer.count <= 60
      return isPlain ? [] : ["write the period in letters and digits, as it stands in a title"]
    case .title, .shortTitle, .gate: return []
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || "-._".utf8.contains(byte)
  }

  /// What the check finds on the lines of the answer.
  private func findings(on question: Question) -> [String] {
    let text = filled
    guard let extent = text.extent(of: question.key) else { return [] }
    let file = try? BulletinFile.load(
      name: "draft.md", path: "draft.md", folder: FilesInMemory(["draft.md": Array(text.text.utf8)]),
      settings: workspace.readerSettings(), forCheck: true)
    guard let file else { return [] }
    let found = CheckBulletin.findings(file, in: workspace, now: now)
    let left = AudienceCheck.ofReaders.union([Self.unwritten])
    return found.filter { extent.contains($0.place.line) && !left.contains($0.rule) }.map {
      [$0.message, $0.fix.map(\.summary) ?? $0.explanation].filter { !$0.isEmpty }.joined(separator: ": ")
    }
  }
}

extension BulletinDraft.Question {
  /// Of the front matter; where an answer has no key of its own, the one that shows whether it is sound.
  package var key: String {
    switch self {
    case .author: "authors"
    case .title, .period: "title"
    case .shortTitle: "short-title"
    case .cutoff: "info-cutoff"
    case .event, .expires: "expires"
    case .topics: "topics"
    case .lists: "lists"
    case .gate(let name): name.rawValue
    }
  }
}
