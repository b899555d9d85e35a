// What was hidden from one reader, portion by portion, and why: `--explain`. For the center's own people.

import Bulletins
package import Markings

package struct Explanation: Hashable, Sendable {
  package struct Hidden: Hashable, Sendable {
    /// Index in `Document.portions`.
    package var portion: Int
    /// What the reader lacks of it; `channel-ceiling` or `list-ceiling` when they meet it.
    package var reasons: [Reason]
  }

  package var decision: Decision
  package var hidden: [Hidden]
}

extension DecisionRound {
  package func explain(_ reader: Reader, _ endpoint: Endpoint, listCeiling: Ceiling? = nil) -> Explanation {
    let met = met(by: reader)
    let whole = decider.requirements.visible(met)
    let channel = decider.policy.ceiling(endpoint.channel)
    let hidden = decider.labels.portions.indices.compactMap { index -> Explanation.Hidden? in
      let label = decider.labels.portions[index].label
      var reasons: Set<Reason> = []
      if !whole.contains(index) {
        reasons = decider.requirements.lacks(label, met)
      } else {
        if !channel.allows(label.atoms) { reasons.insert(Reason(.channelCeiling)) }
        if let listCeiling, !listCeiling.allows(label.atoms) { reasons.insert(Reason(.listCeiling)) }
      }
      guard !reasons.isEmpty else { return nil }
      return Explanation.Hidden(
        portion: index, reasons: decider.explainer.worded(reasons.sorted(), reader, self, ofPortion: true))
    }
    return Explanation(decision: decide(reader, endpoint, listCeiling: listCeiling), hidden: hidden)
  }

  /// Does the reader meet a label by facts alone, whatever the channel?
  package func meets(_ label: Label, _ reader: Reader) -> Bool {
    label.admits(ReaderView(reader: reader, round: self), at: time.now)
  }
}

/// A reader as the marking laws see one.
package struct ReaderView: LabelReader {
  let reader: Reader
  let round: DecisionRound

  package var id: String { reader.id }
  package var country: String? {
    ReaderFacts(reader, round.time).country.flatMap { round.decider.vocabulary.countries.contains($0) ? $0 : nil }
  }
  package func meets(_ atom: Atom) -> Bool {
    if atom == .namedOnly { return round.decider.revision.document.frontMatter.to?.contains(reader.id) ?? false }
    return round.decider.compiled.meets(atom, reader, at: round.time)
  }
  package func meets(_ clause: Clause) -> Bool {
    let vocabulary = round.decider.vocabulary
    switch clause.axis {
    case .sectors:
      return reader.stakeholder.sectors.contains { clause.values.contains($0) && vocabulary.sectors.contains($0) }
    case .disciplines:
      return reader.stakeholder.disciplines.contains {
        clause.values.contains($0) && vocabulary.disciplines.contains($0)
      }
    case .regions:
      return reader.stakeholder.regions.contains { own in
        clause.values.contains { vocabulary.regions.covers($0, own) }
      }
    case .organizationTypes:
      let type = reader.organization?.type
      return type.map { clause.values.contains($0) && vocabulary.organizationTypes.contains($0) } ?? false
    }
  }
}
