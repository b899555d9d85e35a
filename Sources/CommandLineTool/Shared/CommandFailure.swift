// How a verb ends: 0 clean, 1 findings or refused, 2 usage, 3 environment (bulletin-format.md, "The check").

import ArgumentParser
import Bulletins
import Couriers
import Foundation
import Mail
import Rendering
import SiteFiles
import Store
import Workflows

struct CommandFailure: Error, CustomStringConvertible {
  enum Kind: Int32 {
    case findings = 1
    case usage = 2
    case environment = 3
  }
  var kind: Kind
  var message: String
  var hint: String
  /// What files said that made it fail; printed before the message.
  var findings: [Finding]

  init(_ kind: Kind, _ message: String, hint: String = "", findings: [Finding] = []) {
    self.kind = kind
    self.message = message
    self.hint = hint
    self.findings = findings
  }

  var description: String { hint.isEmpty ? message : "\(message)\n  \(hint)" }
  var exitCode: ExitCode { ExitCode(kind.rawValue) }
}

extension CommandFailure {
  init(_ problem: WorkspaceProblem) {
    self.init(.environment, "\(problem.path): \(problem.message)", hint: problem.hint)
  }

  init(_ error: StoreError) {
    if error.code == .notFound {
      self.init(.usage, "there is \(error.detail)", hint: "see `revere status`")
      return
    }
    let words =
      switch error.code {
      case .locked: "another process keeps the database locked"
      case .full: "there is no room left for the database"
      case .corrupt: "the database is damaged"
      case .notADatabase: "this is no database"
      case .readOnly: "the database may only be read"
      case .cannotOpen: "the database cannot be opened"
      case .exists: "there is a file of this name already"
      case .moved: "the database was moved or deleted while it was open"
      case .io: "reading or writing the database failed"
      case .newerSchema: "the database was written by a newer version"
      case .foreignSchema: "the database belongs to another program"
      case .constraint: "the database refused a row"
      case .alreadyReleased: "this revision was released before"
      case .illegalTransition: "the row is in a state that does not allow it"
      case .auditBroken: "the audit log was changed"
      case .notFound, .other: "the database failed"
      }
    let place = error.place.isEmpty ? "" : error.place + ": "
    self.init(.environment, place + words + (error.detail.isEmpty ? "" : " (\(error.detail))"), hint: error.hint)
  }

  /// Words for whatever the layers below throw. nil for what ArgumentParser speaks for itself: exit codes, help, usage.
  init?(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case is ExitCode, is CleanExit, is ValidationError: return nil
    case let problem as WorkspaceProblem: self.init(problem)
    case let error as StoreError: self.init(error)
    case let refusal as ReleaseRefusal:
      self.init(.findings, "not released: \(refusal.message)", hint: refusal.hint, findings: refusal.findings)
    case let site as UnusableSite:
      guard let failure = CommandFailure(site.cause) else { return nil }
      self = failure
    case let failure as FindingsFailure: self.init(.environment, failure.summary, findings: failure.findings)
    case let problem as LayoutProblem:
      self.init(.environment, "templates: `\(problem.name)`: \(problem.message)", hint: problem.hint)
    case let problem as AddressProblem:
      self.init(.environment, "revere.yaml: `mail`: \(problem.message)", hint: problem.hint)
    case let problem as EndpointProblem:
      self.init(
        problem.code == .unknown ? .usage : problem.code == .disabled ? .findings : .environment,
        "endpoint \(problem.endpoint): \(problem.message)", hint: problem.hint)
    case let problem as PartnerProblem:
      self.init(
        [.inactive, .notAnAuthority].contains(problem.code) ? .findings : .usage, problem.message, hint: problem.hint)
    case let stopped as FeedsUnavailable:
      self.init(stopped.why == .halted ? .findings : .environment, "feeds are not served: \(stopped.detail)")
    case let failure as MailboxFailure:
      self.init(.environment, "\(failure.place): \(failure.message)", hint: failure.hint)
    case let problem as DataProblem:
      let isUsage = [.noSuchImport, .unknownWord, .mark].contains(problem.code)
      self.init(isUsage ? .usage : .findings, problem.message, hint: problem.hint)
    case let problem as RelayProblem:
      self.init(.environment, "relay \(problem.relay): `\(problem.key)`: \(problem.message)", hint: problem.hint)
    case let problem as FileProblem:
      self.init(.environment, "line \(problem.position.line): \(problem.message)", hint: problem.hint)
    default:
      guard !String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") else { return nil }
      self.init(
        .environment, "something failed that should not",
        hint: "please report it with this: \(String(reflecting: error))")
    }
  }
}
