// The lists of REL TO and DISPLAY ONLY: USA first, then trigraphs A-Z, then tetragraphs A-Z, `, ` between
// (CAPCO H.8). Tetragraphs are expanded from a closed table; an unknown code makes the whole token unknown.

enum CountryList {
  static let home = "USA"

  static let tetragraphs: [String: Set<String>] = [
    "ACGU": ["AUS", "CAN", "GBR", "USA"],
    "FVEY": ["AUS", "CAN", "GBR", "NZL", "USA"],
    "TEYE": ["AUS", "GBR", "USA"],
  ]

  struct Reading {
    /// Tetragraphs expanded.
    var codes: Set<String>
    /// Order and separators are canonical.
    var isTidy: Bool
    /// The first code that no table knows, or the list's own fault.
    var unknown: String?
  }

  /// Reads `USA, CAN, FVEY`, in capitals. USA has to be written out where `needsHome` is set: a tetragraph that
  /// contains it is not enough.
  static func read(_ text: Substring, countries: Set<String>, needsHome: Bool) -> Reading {
    let written = text.split { $0 == "," || $0 == " " }.map(String.init)
    var reading = Reading(codes: [], isTidy: true)
    for code in written {
      if let members = tetragraphs[code] {
        reading.codes.formUnion(members)
      } else if code == home || countries.contains(code) {
        reading.codes.insert(code)
      } else {
        reading.unknown = reading.unknown ?? code
      }
    }
    if written.isEmpty || (needsHome && !written.contains(home)) {
      reading.unknown = reading.unknown ?? (written.isEmpty ? "no country" : "no USA")
    }
    reading.isTidy = inOrder(Array(Set(written))).joined(separator: ", ") == String(text)
    return reading
  }

  /// `USA, CAN, GBR`.
  static func text(_ codes: Set<String>) -> String { inOrder(Array(codes)).joined(separator: ", ") }

  private static func inOrder(_ codes: [String]) -> [String] {
    func rank(_ code: String) -> Int { code == home ? 0 : tetragraphs[code] == nil ? 1 : 2 }
    return codes.sorted { (rank($0), $0) < (rank($1), $1) }
  }
}
