// How levels are written: a letter in portion marks, words in banners.

extension Level {
  /// `U`, `C`, `S`, `TS`.
  package var portionForm: String {
    switch self {
    case .unclassified: "U"
    case .confidential: "C"
    case .secret: "S"
    case .topSecret: "TS"
    }
  }

  /// `UNCLASSIFIED` .. `TOP SECRET`.
  package var bannerForm: String {
    switch self {
    case .unclassified: "UNCLASSIFIED"
    case .confidential: "CONFIDENTIAL"
    case .secret: "SECRET"
    case .topSecret: "TOP SECRET"
    }
  }

  /// Reads either form, in capitals.
  static func written(_ text: String) -> (level: Level, isPortionForm: Bool)? {
    for level in allCases {
      if text == level.portionForm { return (level, true) }
      if text == level.bannerForm { return (level, false) }
    }
    return nil
  }
}
