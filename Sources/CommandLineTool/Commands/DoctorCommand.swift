// `revere doctor`: every check with what is wrong and what to do; its exit code is the alert.

import ArgumentParser
import Foundation
import SiteFiles
import Workflows

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check that everything works, and say what to do where it does not.",
    discussion: """
      Changes nothing. Exit status, for monitoring: 0 all is well, 1 warnings, 3 failures, 2 usage. What each check \
      means is in Documentation/operations.md.
      """)

  @Flag(help: "One JSON object a check.")
  var json = false

  @Flag(help: "Show every setting with its value and origin instead: default < file < environment < flag.")
  var settings = false

  @Flag(help: "Open no session to a relay or a proxy.")
  var offline = false

  @Flag(help: "Read the whole database too: integrity, and the chain of the audit log.")
  var deep = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    if settings {
      try showSettings()
      return
    }
    let checks = try HealthRound(options, offline: offline, deep: deep).checks()
    for check in checks where json {
      Terminal.print(
        JSONLine.encode(
          Record(name: check.name, verdict: check.verdict.rawValue, says: check.says, advice: check.advice)))
    }
    let worst = HealthChecks.worst(checks)
    if !json { Terminal.print(Self.table(checks)) }
    switch worst {
    case .ok: return
    case .warning: throw ExitCode(CommandFailure.Kind.findings.rawValue)
    case .failure: throw ExitCode(CommandFailure.Kind.environment.rawValue)
    }
  }

  private struct Record: Encodable {
    var name: String
    var verdict: String
    var says: String
    var advice: String
  }

  private static func table(_ checks: [HealthCheck]) -> String {
    let width = checks.map(\.name.count).max() ?? 0
    return checks.map { check in
      let name = check.name + String(repeating: " ", count: width - check.name.count)
      let verdict = check.verdict.rawValue + String(repeating: " ", count: 7 - check.verdict.rawValue.count)
      let says = String(check.says.map { $0.isNewline ? " " : $0 })
      let line = "\(verdict)  \(name)  \(says)"
      return check.advice.isEmpty
        ? line : line + "\n" + String(repeating: " ", count: width + 11) + "-> " + check.advice
    }.joined(separator: "\n")
  }

  private func showSettings() throws {
    let root = try options.root()
    let bytes = try Session.words { try FolderOnDisk(root: root).read(SettingsReader.file, limit: 1 << 20) }
    let node = try Session.words { try YAMLReader.read(bytes) }
    var later: [SettingValue] = []
    let surroundings = ProcessInfo.processInfo.environment
    if let store = surroundings[Surroundings.store] {
      later.append(SettingValue("store", store, .environment(Surroundings.store)))
    }
    later.append(
      SettingValue(
        "workspace", root,
        options.workspace != nil
          ? .flag("--workspace")
          : surroundings[Surroundings.workspace] != nil ? .environment(Surroundings.workspace) : .byDefault))
    var table = TextColumns()
    for value in SettingOrigins.values(of: node, file: SettingsReader.file, later: later) {
      if json {
        Terminal.print(
          JSONLine.encode(["setting": value.key, "value": value.value, "origin": value.origin.words]))
      } else {
        table.add(value.key, String(value.value.map { $0.isNewline ? " " : $0 }), value.origin.words)
      }
    }
    if !json { Terminal.print(table.text) }
  }
}
