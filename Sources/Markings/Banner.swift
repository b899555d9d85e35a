// What a banner says, after roll-up. Display only: no decision is made from it.

package struct Banner: Hashable, Sendable {
  /// `UNCLASSIFIED//LES`; in scheme `tlp` without other marks: the TLP label itself.
  package var text: String
  /// Printed apart, in its own box.
  package var trafficLight: TrafficLight?
  package var colour: Colour

  /// Which of the colours of markings.md section 5 the banner has.
  package enum Colour: String, Hashable, Sendable {
    case unclassified, cui, confidential, secret, topSecret, trafficLight
  }

  /// What it stands on may go to no foreign person: `LES NOFORN`, `//NOFORN`.
  package var isNoforn: Bool { text.split { "/ ".contains($0) }.contains("NOFORN") }

  package init(text: String, trafficLight: TrafficLight?, colour: Colour) {
    self.text = text
    self.trafficLight = trafficLight
    self.colour = colour
  }
}

/// A notice that a product carries (markings.md section 6); the raw value names its text in `templates/notices/`.
/// The order of the cases is the order of printing.
package enum NoticeKind: String, Hashable, Sendable, CaseIterable, Comparable {
  case ssi, pcii, cui
  case lesNoforn = "les-noforn"
  case les, fouo
  case criminalIntelligence = "28cfr23"
  case usPersons = "us-persons"
  case privateSector = "private-sector"
  case retention

  package static func < (a: NoticeKind, b: NoticeKind) -> Bool {
    (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
  }
}
