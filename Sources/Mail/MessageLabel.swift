// The SIO-Label field (RFC 7444): the banner as a display marking with its colours, for programs along the way.
// A machine-readable label is not sent: no policy of such labels is agreed with our readers.

import Markings

extension HeaderFields {
  mutating func add(label banner: Banner) {
    var marking = banner.text
    if let light = banner.trafficLight, banner.text != light.rawValue { marking += " " + light.rawValue }
    let (background, foreground) = banner.colour.hexadecimals
    var words: [HeaderWord] = []
    for (name, value) in [("marking", marking), ("fgcolor", foreground), ("bgcolor", background)] {
      if let last = words.last { words[words.count - 1] = last + ";" }
      words += HeaderParameter.words(name, value)
    }
    add("SIO-Label", words)
  }
}

extension Banner.Colour {
  /// Background and text (markings.md section 5).
  var hexadecimals: (String, String) {
    switch self {
    case .unclassified: ("#007A33", "#FFFFFF")
    case .cui: ("#502B85", "#FFFFFF")
    case .confidential: ("#0033A0", "#FFFFFF")
    case .secret: ("#C8102E", "#FFFFFF")
    case .topSecret: ("#FF671F", "#000000")
    case .trafficLight: ("#000000", "#FFFFFF")
    }
  }
}
