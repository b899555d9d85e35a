// Marks as marking-definitions of STIX 2.1 (section 7.2): TLP 2.0 by its published objects, CUI by the draft extension,
// every other control as a statement with an id that is the same at every site. An object has all definitions of its
// portions' marks: each is a requirement of its own, as in a label, and unlike a banner nothing hides another.

import Markings

enum StixMarkings {
  /// As published with the extension (oasis-open, cti-stix-common-objects); nobody else may make them.
  static let trafficLights: [(light: TrafficLight, id: String)] = [
    (.clear, "94868c89-83c2-464b-929b-a1a8aa3c8487"), (.green, "bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
    (.amber, "55d920b0-5e8b-4f79-9ee9-91f868d9b421"), (.amberStrict, "939a9414-2ddd-4d32-a0cd-375ea402b003"),
    (.red, "e828b379-4e03-4974-9ac4-e53a884c97c1"),
  ]

  /// Every definition that a mark can ask for, in one order.
  /// - Parameters:
  ///   - categories: of the CUI registry that the policy knows: `LEI`, `SP-SSI`.
  ///   - limits: limited dissemination controls in banner form that name no countries: `NOCON`.
  static func all(categories: [String], limits: [String]) -> [StixMarking] {
    trafficLights.map { trafficLight($0.light, id: $0.id) }
      + statements.map { statement($0.name, $0.words) }
      + [cui("CUI", categories: [], disseminations: [])]
      + limits.sorted().map { cui("CUI//" + $0, categories: [], disseminations: [$0]) }
      + categories.sorted().map { cui("CUI//" + $0, categories: [$0], disseminations: []) }
  }

  /// The ids for what the marks say, sorted. A token that no table knows has none: such a portion is seen by nobody.
  static func ids(_ marks: [PortionMark]) -> [String] {
    var ids: Set<String> = []
    // Of several labels the highest is what counts (TLP 2.0), and an object has one.
    let light = marks.compactMap(\.trafficLight).max()
    if let light, let found = trafficLights.first(where: { $0.light == light }) { ids.insert(prefix + found.id) }
    for mark in marks.compactMap(\.mark) {
      let isCUI = mark.family == .cui
      ids.insert(StixIdentifiers.marking(isCUI ? "CUI" : unclassified))
      for control in mark.controls { ids.insert(StixIdentifiers.marking(control)) }
      for part in mark.categories.union(mark.disseminationControls) {
        ids.insert(StixIdentifiers.marking("CUI//" + part))
      }
      if mark.isNoforn { ids.insert(StixIdentifiers.marking(isCUI ? "CUI//NOFORN" : "NF")) }
      if let codes = mark.releasableTo, codes.count > 1 { ids.insert(StixIdentifiers.marking(releasable)) }
      if mark.displayOnly != nil { ids.insert(StixIdentifiers.marking(displayed)) }
    }
    return ids.sorted()
  }

  /// What a public name is marked with: a series' name is for everybody who may know of the bulletin.
  static func lowest(_ scheme: Scheme) -> PortionMark {
    scheme == .tlp ? PortionMark(trafficLight: .clear) : PortionMark(mark: .unclassified)
  }

  private static let prefix = "marking-definition--"
  private static let unclassified = "U"
  private static let releasable = "REL TO"
  private static let displayed = "DISPLAY ONLY"

  /// Lists of countries are as many as there are bulletins; the definition sends the reader to the banner.
  private static let statements: [(name: String, words: String)] =
    [(unclassified, "UNCLASSIFIED")] + Mark.controlNames.map { ($0.portion, $0.title) } + [
      (releasable, "RELEASABLE ONLY TO THE COUNTRIES THAT THE BANNER NAMES"),
      (displayed, "MAY ONLY BE DISPLAYED TO THE COUNTRIES THAT THE BANNER NAMES"),
    ]

  /// One time for what is the same everywhere: an id may not stand for two objects.
  private static let created = "2026-11-22T00:00:00.000Z"

  private static func trafficLight(_ light: TrafficLight, id: String) -> StixMarking {
    StixMarking(
      id: prefix + id, created: "2022-10-01T00:00:00.000Z", name: light.rawValue,
      content: .trafficLight(light.rawValue.dropFirst("TLP:".count).lowercased()))
  }

  private static func statement(_ name: String, _ words: String) -> StixMarking {
    StixMarking(id: StixIdentifiers.marking(name), created: created, name: name, content: .statement(words))
  }

  private static func cui(_ name: String, categories: [String], disseminations: [String]) -> StixMarking {
    StixMarking(
      id: StixIdentifiers.marking(name), created: created, name: name,
      content: .cui(categories: categories, disseminations: disseminations))
  }
}
