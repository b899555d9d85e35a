// How TLP labels are written, in TLP 2.0 and before (FIRST TLP 2.0).

enum TrafficLightForms {
  /// The piece, in capitals, is meant as a TLP label.
  static func isTrafficLight(_ text: String) -> Bool {
    text == "TLP" || text.hasPrefix("TLP:") || text.hasPrefix("TLP ") || text.hasPrefix("TLP-")
  }

  /// nil light: no colour of TLP. WHITE is the name that CLEAR had in TLP 1.0.
  static func read(_ text: String) -> (light: TrafficLight?, isCurrent: Bool) {
    if let light = TrafficLight(rawValue: text) { return (light, true) }
    let words = text.split { " :-+".contains($0) }.dropFirst()
    if words == ["WHITE"] { return (.clear, false) }
    return (TrafficLight(rawValue: "TLP:" + words.joined(separator: "+")), false)
  }
}
