// Is a leading parenthesis a mark or text? It is a mark while it contains `//`, a level word, a known token, CUI or
// TLP (markings.md section 2). In doubt it is a mark: then a token is unknown, nobody reads the portion and the check
// says so, where the other mistake would show a restricted text to everybody.

enum MarkExtent {
  static func isMark(_ content: ArraySlice<UInt8>, registry: MarkingRegistry) -> Bool {
    let folded = folded(content)
    if zip(folded, folded.dropFirst()).contains(where: { $0 == UInt8(ascii: "/") && $1 == UInt8(ascii: "/") }) {
      return true
    }
    let pieces = MarkPieces(folded[...]).pieces
    let written = folded.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    let isBare = pieces.count < 2
    if pieces.contains(where: { isKnown($0.text, registry: registry) }) {
      // A bare c, s or ts, and bare tokens that are everyday words or initials, count only in capitals.
      guard isBare, let text = pieces.first?.text, needsCapitals(text, registry: registry) else { return true }
      return written.first?.split(separator: " ").joined(separator: " ") == text
    }
    return hasKnownWords(String(decoding: folded, as: UTF8.self), registry: registry)
  }

  private static func isKnown(_ text: String, registry: MarkingRegistry) -> Bool {
    Level.written(text) != nil || LegacyControl.forms[text] != nil || CUIForms.isPrefix(text)
      || text.hasPrefix("REL TO ") || text.hasPrefix("DISPLAY ONLY ") || TrafficLightForms.isTrafficLight(text)
      || registry.categories[text] != nil || registry.disseminationControls[text] != nil
  }

  private static func needsCapitals(_ text: String, registry: MarkingRegistry) -> Bool {
    if text == "U" || text == "CUI" { return false }
    if text.utf8.count < 3 || text == "CONTROLLED" { return true }
    return LegacyControl.forms[text] == nil
      && (registry.categories[text] != nil || registry.disseminationControls[text] != nil)
  }

  /// `(LES ONLY)`, `(U FOUO)`: words in capitals of which one can be nothing but a token, or all are tokens.
  private static func hasKnownWords(_ text: String, registry: MarkingRegistry) -> Bool {
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
    guard !words.isEmpty else { return false }
    return words.contains { word in
      word.utf8.count > 2
        && (Level.written(word) != nil || LegacyControl.forms[word] != nil || word == "CUI" || word == "TLP")
    } || words.allSatisfy { isKnown($0, registry: registry) }
  }

  /// For this question only: invisible characters are left out and letters that look like Latin capitals are taken
  /// for them. The token stays unknown.
  private static func folded(_ content: ArraySlice<UInt8>) -> [UInt8] {
    guard content.contains(where: { $0 >= 0x80 }) else { return Array(content) }
    var folded: [UInt8] = []
    for scalar in String(decoding: content, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0..<0x80: folded.append(UInt8(scalar.value))
      case 0xFF01...0xFF5E: folded.append(UInt8(scalar.value - 0xFF01 + 0x21))
      case 0xA0, 0x2000...0x200A, 0x202F, 0x3000: folded.append(0x20)
      default: if let letter = lookAlikes[scalar] { folded.append(letter) }
      }
    }
    return folded
  }

  private static let lookAlikes: [Unicode.Scalar: UInt8] = {
    let pairs: [(String, String)] = [
      ("ABCEHIJKMOPSTXY", "АВСЕНІЈКМОРЅТХУ"),  // Cyrillic
      ("ABEZHIKMNOPTYX", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"),  // Greek
      ("///", "\u{2044}\u{2215}\u{29F8}"),
    ]
    return Dictionary(
      pairs.flatMap { latin, other in zip(other.unicodeScalars, latin.utf8) }, uniquingKeysWith: { first, _ in first })
  }()
}
