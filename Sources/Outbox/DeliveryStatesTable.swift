// Documentation/delivery-states.md, made from the state machine; a test compares the committed file with it.

package enum DeliveryStatesTable {
  /// The whole file, with its final newline.
  package static var markdown: String {
    var lines = [
      "# Delivery states", "",
      "Made from `Sources/Outbox` (DeliveryStatesTable.swift); a test compares. Do not edit by hand.", "",
      "One row per (revision, reader, channel), written in the transaction of the release. A bulletin is finished when",
      "none of its rows is open; that is computed from the rows, never set by hand.", "",
      "What holds, whatever fails:", "",
      "- No reader is silently skipped: a row leaves `leased` with an outcome, back to `pending`, or as `uncertain`.",
      "- Delivery is at least once. A second copy has the same Message-ID or webhook-id, and is counted in the row.",
      "- `sending_since` is committed before the first MAIL byte of a row, and at most connections + \(SendingWindow.batch)",
      "  rows of a worker carry it. So many second copies, at most, follow a crash.",
      "- Rows that one digest carries are begun together and have one fate: they count as one here, and a bulletin that is",
      "  cancelled or withheld before the first byte is not in it.",
      "- An answer counts only for the attempt that it answers: one that comes after its lease lapsed settles the row",
      "  if nobody has begun it since, and changes nothing otherwise.",
      "- A temporary trouble of a relay is never a reader's failure; a row that is refused blocks no other.", "",
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
