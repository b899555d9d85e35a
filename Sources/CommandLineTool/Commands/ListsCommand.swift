// `revere lists check`: readers, organizations, lists and policy (rules L01-L08, P01-P05).

import ArgumentParser
import Bulletins
import Distribution
import Store
import Workflows

struct ListsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lists", abstract: "Readers, lists and the release policy.", subcommands: [Check.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Find unknown words, dangling ids, duplicates, expired facts and more.",
      discussion: "Exit status: 0 clean, 1 findings, 2 usage, 3 the workspace cannot be used.")

    @Option(help: "text, json (one object a line) or sarif (2.1.0).")
    var format = FindingsFormat.text

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let workspace = try session.workspace()
      let findings = CheckLists.findings(workspace, now: session.clock.now, recorded: session.recordedVersions())
      FindingsOutput(format: format).print(findings)
      if format == .text {
        Terminal.print(
          "\(workspace.lists.stakeholders.count) readers, \(workspace.lists.organizations.count) organizations, "
            + "\(workspace.lists.lists.count) lists, policy \(workspace.policy.name) \(workspace.policy.version).")
        let files = Set(findings.map(\.place.file)).count
        Terminal.print(findings.isEmpty ? "Nothing found." : FindingsOutput.summary(findings, files: files))
      }
      if !findings.isEmpty { throw ExitCode(CommandFailure.Kind.findings.rawValue) }
    }
  }
}

extension Session {
  /// Nothing where there is no ledger, or none that opens: the check of files goes on without it.
  fileprivate func recordedVersions() -> [String: PolicyVersion] {
    guard hasStore, let store = try? store() else { return [:] }
    return (try? store.read { try CheckLists.recordedVersions($0) }) ?? [:]
  }
}
