// Documentation/delivery-states.md, made from the state machine; a test compares the committed file with it.

package enum DeliveryStatesTable {
  /// The whole file, with its final newline.
  package static var markdown: String {
    var lines = [
      "# Delivery states", "",
      "Made from `Sources/Outbox` (DeliveryStatesTable.swift); a test compares. Do not edit by hand.", "",
      "One row per (revision, reader, channel). A bulletin is finished when none of its rows is open.", "",
      "| State | Meaning | Open |", "|---|---|---|",
    ]
    for state in DeliveryState.allCases {
      lines.append("| \(state.rawValue) | \(state.meaning) | \(state.isOpen ? "yes" : "no") |")
    }
    lines += ["", "| Event | Meaning |", "|---|---|"]
    for event in DeliveryEvent.allCases { lines.append("| \(event.rawValue) | \(event.meaning) |") }
    lines += ["", "Every change that is legal; whatever is missing is an error.", ""]
    lines += ["| From | Event | To | Effects |", "|---|---|---|---|"]
    for phase in DeliveryPhase.all {
      for event in DeliveryEvent.allCases {
        guard let change = DeliveryMachine.change(of: phase, by: event) else { continue }
        let effects = change.effects.map(\.rawValue).joined(separator: "; ")
        lines.append("| \(phase.name) | \(event.rawValue) | \(change.phase.name) | \(effects) |")
      }
    }
    let ends = DeliveryPhase.all.filter { phase in
      DeliveryEvent.allCases.allSatisfy { DeliveryMachine.change(of: phase, by: $0) == nil }
    }
    lines += ["", "Nothing leaves: \(ends.map(\.name).joined(separator: ", ")).", "", "```mermaid", "stateDiagram-v2"]
    lines.append("  [*] --> pending")
    lines.append("  [*] --> withheld")
    var drawn: [String: [String]] = [:]
    var order: [String] = []
    for phase in DeliveryPhase.all {
      for event in DeliveryEvent.allCases {
        guard let change = DeliveryMachine.change(of: phase, by: event) else { continue }
        let edge = "  \(node(phase)) --> \(node(change.phase))"
        if drawn[edge] == nil { order.append(edge) }
        drawn[edge, default: []].append(event.rawValue)
      }
    }
    for edge in order { lines.append("\(edge): \(drawn[edge, default: []].joined(separator: ", "))") }
    lines.append("```")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func node(_ phase: DeliveryPhase) -> String { phase.isSending ? "sending" : phase.state.rawValue }
}
