// The state machine: what is legal, what never is, and laws that hold for every walk through it.

import Foundation
import Outbox
import Testing

@Suite struct DeliveryMachineTests {
  @Test func committedDocumentationIsTheTable() throws {
    let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appending(path: "Documentation/delivery-states.md")
    if ProcessInfo.processInfo.environment["REVERE_WRITE_GENERATED"] != nil {
      try Data(DeliveryStatesTable.markdown.utf8).write(to: file)
    }
    let committed = try String(contentsOf: file, encoding: .utf8)
    #expect(committed == DeliveryStatesTable.markdown, "run the tests with REVERE_WRITE_GENERATED=1 to write it anew")
  }

  @Test func aMessageGoesOut() throws {
    var machine = DeliveryMachine(DeliveryPhase(.pending))
    #expect(try machine.handle(.lease) == [.takeLease])
    #expect(try machine.handle(.begin) == [.stampSending])
    #expect(try machine.handle(.accept) == [.endLease])
    #expect(machine.phase.state == .accepted)
    #expect(try machine.handle(.bounce) == [])
    #expect(machine.phase.state == .bounced)
  }

  @Test func aLapsedLeaseIsPendingOrUncertain() throws {
    var idle = DeliveryMachine(DeliveryPhase(.leased))
    _ = try idle.handle(.lapse)
    #expect(idle.phase.state == .pending)
    var busy = DeliveryMachine(.sending)
    #expect(try busy.handle(.lapse) == [.endLease, .consultSeries])
    #expect(busy.phase.state == .uncertain)
    let effects = try busy.handle(.resend)
    #expect(effects.contains(.secondCopy))
    #expect(busy.phase.state == .deferred)
  }

  @Test func whatIsOnTheWireIsNeverWithheldOrCancelled() {
    for event in [DeliveryEvent.withhold, .cancel, .expire, .begin, .lease] {
      var machine = DeliveryMachine(.sending)
      #expect(throws: IllegalTransition(phase: .sending, event: event)) { try machine.handle(event) }
      #expect(machine.phase == .sending)
    }
  }

  @Test func anAttemptIsBegunOnlyFromALease() {
    for phase in DeliveryPhase.all where phase != DeliveryPhase(.leased) {
      #expect(DeliveryMachine.change(of: phase, by: .begin) == nil)
    }
  }

  @Test func endStatesStay() {
    for state in [DeliveryState.bounced, .expired, .withheld, .cancelled] {
      for event in DeliveryEvent.allCases {
        #expect(DeliveryMachine.change(of: DeliveryPhase(state), by: event) == nil)
      }
    }
  }

  @Test func everyOpenStateCanReachEveryEnd() {
    var reached: [DeliveryPhase: Set<DeliveryPhase>] = [:]
    for start in DeliveryPhase.all {
      var seen: Set<DeliveryPhase> = [start]
      var open = [start]
      while let phase = open.popLast() {
        for event in DeliveryEvent.allCases {
          guard let next = DeliveryMachine.change(of: phase, by: event)?.phase, !seen.contains(next) else { continue }
          seen.insert(next)
          open.append(next)
        }
      }
      reached[start] = seen
    }
    for phase in DeliveryPhase.all where phase.state.isOpen {
      for end in DeliveryState.allCases where !end.isOpen {
        #expect(reached[phase]?.contains(DeliveryPhase(end)) == true, "\(phase.name) to \(end)")
      }
    }
  }

  /// Random walks: between two attempts lies a known failure or `uncertain`, and a second copy is always counted.
  @Test func noAttemptFollowsASilentOne() throws {
    for seed in UInt64(1)...200 {
      var dice = Dice(seed: seed)
      var machine = DeliveryMachine(DeliveryPhase(.pending))
      var mayBeOut = false
      for _ in 0..<60 {
        let before = machine.phase
        guard let event = DeliveryEvent.allCases.randomElement(using: &dice) else { continue }
        guard let effects = try? machine.handle(event) else {
          #expect(machine.phase == before, "seed \(seed)")
          continue
        }
        let leaves = before.state == .leased && machine.phase.state != .leased
        #expect(effects.contains(.endLease) == leaves, "seed \(seed)")
        let waits = machine.phase.state == .deferred && !effects.contains(.hold)
        #expect(effects.contains(.schedule) == waits, "seed \(seed)")
        if event == .lose || (event == .lapse && before.isSending) { mayBeOut = true }
        if machine.phase.state == .uncertain { #expect(mayBeOut, "seed \(seed)") }
        if event == .resend { #expect(effects.contains(.secondCopy), "seed \(seed)") }
        if event == .begin { mayBeOut = false }
      }
    }
  }
}
