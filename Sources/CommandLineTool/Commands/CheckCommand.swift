// `revere check FILE..`: findings as text, JSON or SARIF; safe fixes; explanations; again at every save. 0 clean,
// 1 findings, 2 usage, 3 when the workspace cannot be used.

import ArgumentParser
import Authoring
import Bulletins
import Distribution
import Foundation
import Store
import Workflows

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Find what is wrong with a bulletin before anybody gets it.",
    discussion: """
      Exit status: 0 clean, 1 findings, 2 usage, 3 the workspace cannot be used. The rules are in \
      Documentation/rules.md, and `--explain ID` tells of one.
      """)

  @Argument(help: "Bulletin files; default: all in bulletins/.", completion: .file(extensions: ["md"]))
  var file: [String] = []

  @Option(help: "text, json (one object a line) or sarif (2.1.0).")
  var format = FindingsFormat.text

  @Option(
    help: ArgumentHelp("Leave out the findings of this rule, for example D02; may be repeated.", valueName: "rule"),
    completion: .list(RuleExplanation.all.map(\.id)))
  var skip: [String] = []

  @Flag(help: "Mend in the files what can be mended without changing who may read what; the rest is printed.")
  var fix = false

  @Flag(help: "Check again whenever something is saved, until Ctrl-C.")
  var watch = false

  @Option(
    help: ArgumentHelp("What a rule finds, why, and an example.", valueName: "rule"),
    completion: .list(RuleExplanation.all.map(\.id)))
  var explain: String?

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if watch, fix { throw ValidationError("--watch and --fix exclude each other.") }
    if watch, format == .sarif { throw ValidationError("--watch prints text or json.") }
    if explain != nil, fix || watch || !file.isEmpty { throw ValidationError("--explain stands alone.") }
    for rule in [explain].compactMap({ $0 }) + skip where RuleExplanation.named(rule) == nil {
      throw ValidationError(
        "There is no rule `\(rule)`; there are \(RuleExplanation.all.map(\.id).joined(separator: ", ")). Rules of lists "
          + "(L, P) are in Documentation/list-checks.md.")
    }
  }

  func run() throws {
    if let rule = explain.flatMap(RuleExplanation.named) {
      Terminal.print(rule.text)
      return
    }
    if watch {
      try CheckWatch(command: self).run()
      return
    }
    if try !look() { throw ExitCode(CommandFailure.Kind.findings.rawValue) }
  }

  /// One look at every file.
  /// - Returns: whether all of them are clean.
  func look() throws -> Bool {
    let session = try Session(options)
    let workspace = try session.workspace()
    let around = try session.checkSurroundings(workspace)
    let left = Set(skip.map { $0.uppercased() })
    let paths = file.isEmpty ? session.allBulletins() : file
    // What the site's files refuse every bulletin for is said once, and with it why nothing was decided about readers.
    var findings = workspace.refusals(now: session.clock.now)
    let refusals = Set(findings)
    var lines: [String: SourceText] = [:]
    for path in paths {
      var loaded = try session.bulletin(path, in: workspace, forCheck: true)
      if fix, try mend(loaded, session, workspace) {
        loaded = try session.bulletin(path, in: workspace, forCheck: true)
      }
      if format == .sarif { lines[path] = loaded.read.source }
      findings += CheckBulletin.findings(
        loaded, in: workspace, now: session.clock.now, around: try around(loaded.hash)
      ).filter { !refusals.contains($0) }
    }
    findings.removeAll { left.contains($0.rule) }
    FindingsOutput(format: format).print(findings) { lines[$0.file]?.line($0.line) }
    if format == .text { Terminal.print(FindingsOutput.summary(findings, files: paths.count)) }
    return findings.isEmpty
  }

  /// Says what it changed: on standard error where standard output is for programs.
  private func mend(_ loaded: BulletinFile, _ session: Session, _ workspace: Workspace) throws -> Bool {
    let url = session.url(ofBulletin: loaded.path)
    let changes = try Session.words {
      try FixBulletin.run(
        loaded, name: url.lastPathComponent, folder: FolderOnDisk(root: url.deletingLastPathComponent().path),
        in: workspace, now: session.clock.now)
    }
    for change in changes {
      let words = "\(change.file):\(change.line): fixed: [\(change.rule)] \(change.old) -> \(change.new)"
      if format == .text { Terminal.print(words) } else { Terminal.error(words) }
    }
    return !changes.isEmpty
  }
}

extension Session {
  /// What the check of a revision knows beside files, by the revision's hash.
  func checkSurroundings(_ workspace: Workspace) throws -> (String) throws -> CheckSurroundings {
    let around = try surroundings(of: workspace)
    return { hash in
      var around = around
      around.recorded = try recordedDecisions(hash)
      return around
    }
  }

  /// The same without what is recorded of one revision.
  func surroundings(of workspace: Workspace) throws -> CheckSurroundings {
    var carriers = try carriers()
    carriers.webhooks = EndpointDirectory.serving(.release, workspace.lists)
    return CheckSurroundings(carriers: carriers, lastIssues: try lastIssues(workspace))
  }

  /// Nothing, when there is no store yet: then nothing was released either.
  private func lastIssues(_ workspace: Workspace) throws -> [String: LastIssue] {
    guard hasStore else { return [:] }
    let store = try store()
    return try Self.words { try store.read { try LastIssues.of(workspace, $0) } }
  }
}
