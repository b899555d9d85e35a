// `revere new SERIES`: a bulletin to fill in. On a terminal it asks for what it needs, one question at a time; elsewhere
// it takes flags. Nothing is written before the last answer, so that whoever breaks off leaves nothing behind.

import ArgumentParser
import Bulletins
import Distribution
import Foundation
import SiteFiles
import Workflows

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Start a bulletin from the template of a series.",
    discussion: """
      On a terminal it asks for what is not given as a flag; an empty answer takes what stands in brackets, Ctrl-C \
      leaves nothing. Elsewhere, and with --no-questions, everything but the author has a default (and an event its \
      date). The path of the new file goes to standard output.
      """)

  @Argument(help: "The series, for example officer-safety.", completion: SeriesNames.completion)
  var series: String?

  @Option(help: ArgumentHelp("Your reader id; several with commas between.", valueName: "id"))
  var author: String?

  @Option(help: ArgumentHelp("The title with its mark: \"(U//LES) Blades in sun visors\".", valueName: "text"))
  var title: String?

  @Option(help: ArgumentHelp("The short title with its mark, fit for a subject line.", valueName: "text"))
  var shortTitle: String?

  @Option(help: ArgumentHelp("The information cut-off, a date or time; default: today.", valueName: "time"))
  var cutoff: String?

  @Option(help: ArgumentHelp("When it expires; default: what the series says.", valueName: "time"))
  var expires: String?

  @Option(help: ArgumentHelp("The last day of the event, where the series is about one.", valueName: "date"))
  var event: String?

  @Option(help: ArgumentHelp("The period of the figures, as titles say it; default: the last whole one."))
  var period: String?

  @Option(help: ArgumentHelp("Topics, with commas between; default: the template's.", valueName: "topics"))
  var topics: String?

  @Option(help: ArgumentHelp("Lists to push to, with commas between; default: the template's.", valueName: "lists"))
  var lists: String?

  @Option(
    help: ArgumentHelp(
      "A release gate that is open, and why: pii=\"A wanted person is described\".", valueName: "gate=reason"))
  var gate: [String] = []

  @Option(help: ArgumentHelp("File name without .md; default: series and date.", valueName: "name"))
  var name: String?

  @Flag(help: "Ask nothing, also on a terminal.")
  var noQuestions = false

  @Flag(help: "Do not print the guidance for each section.")
  var quiet = false

  @OptionGroup var options: GlobalOptions

  private var asks: Bool { !noQuestions && Questions.canBeAsked }

  func run() throws {
    let session = try Session(options)
    let workspace = try session.workspace()
    var draft = BulletinDraft(
      template: try template(in: workspace), workspace: workspace, now: session.clock.now)
    for (question, flag, value) in try given() { try Self.take(question, flag, value, &draft) }
    if asks {
      for question in draft.questions where !draft.isAnswered(question) {
        try Questions.ask(question.words, help: question.help, suggestion: draft.suggestion(question)) {
          draft.answer(question, $0)
        }
      }
    } else if let question = draft.missing.first {
      throw CommandFailure(.usage, question.words.lowercased() + "?", hint: "give it with \(question.flag)")
    }
    let path = try write(draft, session)
    Terminal.print("\(session.root)/\(path)")
    guard !quiet else { return }
    Self.printGuidance(draft.template)
    let findings = CheckBulletin.findings(
      try session.bulletin(session.root + "/" + path, in: workspace, forCheck: true), in: workspace,
      now: session.clock.now
    ).filter { !AudienceCheck.ofReaders.contains($0.rule) && $0.rule != BulletinDraft.unwritten }
    if !findings.isEmpty { Terminal.error("\nThe check still finds:") }
    for finding in findings { Terminal.error(FindingsOutput.text(finding)) }
  }

  /// The series of that name, or words about what there is.
  static func template(named series: String, in workspace: Workspace) throws -> SeriesTemplate {
    if let template = workspace.templates[series] { return template }
    let known = workspace.templates.keys.sorted()
    let nearest = Suggestion.hint(for: series, in: known)
    throw CommandFailure(
      .usage, "there is no series `\(series)`",
      hint: nearest.isEmpty ? "the series are: \(known.joined(separator: ", "))" : nearest)
  }

  private func template(in workspace: Workspace) throws -> SeriesTemplate {
    let known = workspace.templates.keys.sorted()
    if let series { return try Self.template(named: series, in: workspace) }
    guard asks else {
      throw CommandFailure(.usage, "which series?", hint: "one of: \(known.joined(separator: ", "))")
    }
    var chosen: SeriesTemplate?
    try Questions.ask("Series", help: known.joined(separator: ", "), suggestion: nil) { answer in
      chosen = workspace.templates[answer]
      return chosen == nil ? ["there is no such series \(Suggestion.hint(for: answer, in: known))"] : []
    }
    guard let chosen else { throw CommandFailure(.usage, "which series?") }
    return chosen
  }

  /// What came as flags, in an order in which later answers may rest on earlier ones.
  private func given() throws -> [(BulletinDraft.Question, String, String)] {
    let single: [(BulletinDraft.Question, String?)] = [
      (.author, author), (.event, event), (.period, period), (.cutoff, cutoff), (.expires, expires), (.title, title),
      (.shortTitle, shortTitle), (.topics, topics), (.lists, lists),
    ]
    let gates = try gate.map { written -> (BulletinDraft.Question, String, String) in
      let parts = written.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let name = Gate.Name(rawValue: parts[0]) else {
        let names = Gate.Name.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(
          .usage, "--gate takes a gate and the reason, not `\(written)`",
          hint: "write --gate pii=\"why it is needed\"; the gates are: \(names)")
      }
      return (.gate(name), "--gate \(parts[0])", parts[1])
    }
    return single.compactMap { question, value in value.map { (question, question.flag, $0) } } + gates
  }

  private static func take(
    _ question: BulletinDraft.Question, _ flag: String, _ value: String, _ draft: inout BulletinDraft
  ) throws {
    guard draft.questions.contains(question) else {
      throw CommandFailure(.usage, "\(flag): the series \(draft.template.series) has no use for it")
    }
    let problems = draft.answer(question, value)
    guard problems.isEmpty else {
      throw CommandFailure(.usage, "\(flag): \(problems.joined(separator: "\n  "))")
    }
  }

  private func write(_ draft: BulletinDraft, _ session: Session) throws -> String {
    let series = draft.template.series
    let today = CivilTime(session.clock.now, in: session.settings.site.zone).date
    var stem = name ?? NewBulletin.freeStem(for: series, today: today, in: session.files)
    if asks, name == nil {
      try Questions.ask("File name, without .md", help: "", suggestion: stem) { answer in
        do throws(WorkspaceProblem) { _ = try NewBulletin.path(answer, series: series, in: session.files) } catch {
          return [error.message]
        }
        stem = answer
        return []
      }
    }
    // From here on Ctrl-C comes too late to leave half of it.
    signal(SIGINT, SIG_IGN)
    let chosen = stem
    return try Session.words { try NewBulletin.write(draft, stem: chosen, files: session.files) }
  }

  private static func printGuidance(_ template: SeriesTemplate) {
    for section in template.requiredSections + template.requiredIfPresent {
      guard let guidance = template.guidance[section] else { continue }
      Terminal.error("\n\(section)\n\(Wrapped.text(guidance, indent: 2))")
    }
  }
}

extension BulletinDraft.Question {
  fileprivate var words: String {
    switch self {
    case .author: "Your reader id"
    case .title: "Title"
    case .shortTitle: "Short title"
    case .cutoff: "Information cut-off"
    case .period: "Period of the figures"
    case .event: "Last day of the event"
    case .expires: "Expires"
    case .topics: "Topics"
    case .lists: "Lists"
    case .gate(.pii): "Personal data"
    case .gate(.usPersons): "Named US persons"
    case .gate(.p23): "Criminal intelligence (28 CFR 23)"
    case .gate(.sar): "Suspicious activity reports"
    case .gate(.juvenile): "Juveniles"
    case .gate(.firstAmendment): "Lawful expression or belief"
    }
  }

  fileprivate var help: String {
    switch self {
    case .author: "as in stakeholders; several with commas between"
    case .title: "with its mark"
    case .shortTitle: "with its mark; it stands in subject lines, where no encryption covers it"
    case .cutoff: "a date, or a time such as 2026-11-20T16:00; nothing later is in the bulletin"
    case .period: "as it stands in titles"
    case .event: "a date"
    case .expires: "a date or a time; after it nobody is to act on the bulletin"
    case .topics: "slugs, with commas between"
    case .lists: "who is pushed to; with commas between"
    case .gate: "why the bulletin needs it, for the privacy review; empty or no: it has none"
    }
  }

  fileprivate var flag: String {
    switch self {
    case .author: "--author"
    case .title: "--title"
    case .shortTitle: "--short-title"
    case .cutoff: "--cutoff"
    case .period: "--period"
    case .event: "--event"
    case .expires: "--expires"
    case .topics: "--topics"
    case .lists: "--lists"
    case .gate(let name): "--gate \(name.rawValue)=.."
    }
  }
}
