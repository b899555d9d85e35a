// The root command: it knows the verbs and turns failures into words and exit codes. Verbs are thin; what they do
// lives in Workflows.

import ArgumentParser
import Foundation

struct RevereCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revere",
    abstract: "Bulletins that reach the right people, and no one else.",
    discussion: "Exit status: 0 clean, 1 findings or refused, 2 usage, 3 the workspace or its surroundings.",
    version: revereVersion,
    subcommands: [
      InitCommand.self, NewCommand.self, CheckCommand.self, ListsCommand.self, RenderCommand.self, PreviewCommand.self,
      AudienceCommand.self, ReleaseCommand.self, UpdateCommand.self, CorrectCommand.self, RecallCommand.self,
      ExpireCommand.self, DispatchCommand.self, ServeCommand.self, PauseCommand.self, ResumeCommand.self,
      HaltCommand.self,
      StatusCommand.self, DeliveriesCommand.self, WhoCommand.self, SettleCommand.self, AcknowledgeCommand.self,
      WebhooksCommand.self, PartnersCommand.self, FeedsCommand.self, BouncesCommand.self, SuppressionsCommand.self,
      DataCommand.self, DoctorCommand.self, BackupCommand.self, RestoreCommand.self, TemplatesCommand.self,
    ])
}

package enum RevereProgram {
  /// Parses the arguments, runs the verb and exits.
  package static func run(_ arguments: [String]) -> Never {
    // A file that may not grow any more must be an error that rolls back, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try RevereCommand.parseAsRoot(arguments)
      do {
        try command.run()
      } catch let error as ValidationError {
        // Once a verb runs, the parser has forgotten which it was.
        let usage = RevereCommand.usageString(for: type(of: command))
        Terminal.error("Error: \(error.message)\nUsage: \(usage)")
        end(CommandFailure.Kind.usage.rawValue)
      }
      end(0)
    } catch {
      if let failure = CommandFailure(error) {
        Terminal.status("")
        for finding in failure.findings { Terminal.error(FindingsOutput.text(finding)) }
        Terminal.error("revere: \(failure)")
        end(failure.kind.rawValue)
      }
      if RevereCommand.exitCode(for: error) == .validationFailure {
        Terminal.error(RevereCommand.fullMessage(for: error))
        RevereCommand.exit(withError: ExitCode(CommandFailure.Kind.usage.rawValue))
      }
      if let code = error as? ExitCode { end(code.rawValue) }
      RevereCommand.exit(withError: error)
    }
  }

  /// Without the destructors of libraries: a thread that is still opening a session to a relay uses them.
  private static func end(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
  }
}

let revereVersion = "0.1.0"
