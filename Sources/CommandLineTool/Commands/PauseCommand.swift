// `revere pause`, `revere resume`, `revere halt`: within a second every worker stops what is named, and goes on from
// there when it is let go. What is on the wire ends; nothing is lost, nobody is skipped.

import ArgumentParser
import Foundation
import Outbox
import Store
import Workflows

struct PauseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Stop sending: everything, a lane, a relay, a channel or one release.",
    discussion: """
      Every worker stops within a second and stays stopped over restarts, until `revere resume` with the same words. \
      What waits goes on waiting; what is on the wire ends. A paused relay's mail goes by another of its class, if \
      there is one. `revere status` lists what is stopped.
      """)

  @OptionGroup var scope: SwitchScope
  @OptionGroup var actor: SwitchActor
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session(forSwitches: options)
    let store = try session.store()
    let (scope, name) = try Session.words { try self.scope.resolved(session, store) }
    try Self.stop(
      Pause(
        scope: scope, name: name, by: session.actor(actor.by), at: session.clock.moment, reason: actor.reason),
      session, store, json: actor.json)
  }

  static func stop(_ pause: Pause, _ session: Session, _ store: SQLStore, json: Bool) throws {
    let (standing, isNew) = try Session.words { try Switches.set(pause, in: store) }
    if json {
      Terminal.print(JSONLine.encode(PauseLine(standing, session, changed: isNew)))
    } else {
      Terminal.print((isNew ? "" : "already ") + PauseLine.text(standing, session))
    }
  }
}

struct HaltCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "halt", abstract: "The kill switch: nothing leaves any more, by mail or webhook.",
    discussion: """
      As `revere pause`, for everything at once, and apart from it: only `revere resume --halt` lifts it, pauses stay \
      as they are. Lists, policy, templates and revere.yaml need not be sound, and nothing need be released yet.
      """)

  @OptionGroup var actor: SwitchActor
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let session = try Session(forSwitches: options)
    // Before the first release too: the switch stands when that comes.
    let store = try session.store(creating: session.knowsStore)
    try PauseCommand.stop(
      Pause(scope: .halt, by: session.actor(actor.by), at: session.clock.moment, reason: actor.reason), session, store,
      json: actor.json)
  }
}

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let go what was paused or halted.",
    discussion: "Lifts exactly what is named, with the words that stopped it. Exit status: 1 when it was not stopped.")

  @OptionGroup var scope: SwitchScope

  @Flag(help: "The kill switch.")
  var halt = false

  @OptionGroup var actor: SwitchActor
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if halt, [scope.lane, scope.relay, scope.channel, scope.release].contains(where: { $0 != nil }) {
      throw ValidationError("--halt goes alone.")
    }
  }

  func run() throws {
    let session = try Session(forSwitches: options)
    let store = try session.store()
    try Session.words {
      let standing = try Switches.standing(in: store)
      let (scope, name) =
        halt ? (Pause.Scope.halt, "") : try self.scope.resolved(session, store, knows: standing)
      let lifted = try Switches.lift(
        scope, name, by: session.actor(actor.by), reason: actor.reason, at: session.clock.moment, in: store)
      guard let lifted else {
        throw CommandFailure(
          .findings, halt ? "nothing is halted" : "\(Switches.subject(scope, name)) is not paused",
          hint: standing.isEmpty
            ? "nothing is" : standing.map { PauseLine.text($0, session) }.joined(separator: "\n  "))
      }
      if actor.json {
        Terminal.print(JSONLine.encode(PauseLine(lifted, session, changed: true)))
      } else {
        Terminal.print("resumed: " + Switches.subject(lifted.scope, lifted.name))
        for other in standing where other != lifted { Terminal.print("still " + PauseLine.text(other, session)) }
      }
    }
  }
}
