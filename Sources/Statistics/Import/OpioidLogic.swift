// Is this arrest opioid-related? By what the laboratory found, else by the text of the record, else by a code that names
// the substance itself (heroin, morphine, opium). Code H, P, U or X names none: fentanyl is H, and so is much else.
// A suspicion stays a suspicion: the answer never turns one into a finding or the reverse.

package enum OpioidLogic {
  package enum Answer: Hashable, Sendable {
    /// With the substance that is suspected, which a code may have named where the text did not.
    case opioid(suspected: String)
    case other(reason: String)
    /// Neither text nor code names a substance.
    case unnamed(reason: String)
    /// What the record says does not fit together; somebody has to look.
    case unclear(reason: String)
  }

  private static let named: [Character: String] = ["D": "heroin", "F": "morphine", "G": "opium"]

  /// - Parameters:
  ///   - codes: NIBRS codes, ";" between.
  ///   - suspected: of the record's text; nil when it has none.
  ///   - laboratory: what it found; nil when nothing is confirmed.
  package static func answer(
    codes: String, suspected: Substance?, labStatus: String, laboratory: Substance?
  ) -> Answer {
    let byCode = codes.split(separator: ";").compactMap { $0.count == 1 ? $0.first : nil }.compactMap { named[$0] }
      .first
    if labStatus == "confirmed" {
      guard let laboratory else { return .unclear(reason: "the laboratory confirmed, and no substance is given") }
      guard laboratory.isOpioid else { return .other(reason: "the laboratory found \(laboratory.name)") }
      return .opioid(suspected: suspected.map(\.name) ?? byCode ?? "")
    }
    guard laboratory == nil else {
      return .unclear(reason: "a laboratory result, and its status is \(labStatus)")
    }
    guard let suspected else {
      if let byCode { return .opioid(suspected: byCode) }
      return .unnamed(reason: codes.isEmpty ? "no substance is given" : "code \(codes) names no substance")
    }
    if suspected.isOpioid { return .opioid(suspected: suspected.name) }
    if let byCode { return .unclear(reason: "the code says \(byCode), the text \(suspected.name)") }
    return .other(reason: suspected.name)
  }
}
