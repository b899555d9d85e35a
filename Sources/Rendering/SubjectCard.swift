// A person, vehicle or item to look out for, as the rows of a card. The first line is always that the reader
// verifies before acting; a charge is not a conviction.

import Bulletins
import Markings

struct SubjectCard {
  struct Line {
    var label: String
    var words: String
  }

  let warning: String
  let name: String
  /// `ARMED · FLEES`: what can hurt an officer comes right after the name.
  let caution: Line?
  let lines: [Line]
  /// Of its photo, which has no words of its own.
  let photoWords: String

  init(_ subject: Subject) {
    let hasWarrant = subject.fields.contains { $0.name == "warrant" }
    warning =
      "Verify before acting."
      + (hasWarrant ? " Confirm the warrant with the court or the warrant system; a charge is not a conviction." : "")
    var name = ""
    var lines: [Line] = []
    var caution: Line?
    var vehicle: [Subject.Field.Value] = []
    let isUnnamedVehicle =
      subject.kind == .vehicle && subject.fields.contains { $0.name == "make" || $0.name == "model" }
      && !subject.fields.contains { $0.name == "name" && !$0.values.isEmpty }
    for field in subject.fields {
      switch field.name {
      case "name": name = Self.list(field.values)
      case "kind", "mark", "photo": break
      case "aliases": lines.append(Line(label: "Alias", words: Self.list(field.values)))
      case "dob": lines.append(Line(label: "Born", words: Self.date(Self.list(field.values))))
      case "descriptors": lines += Self.description(field.values)
      case "caution":
        let codes = field.values.map { spaced(Self.text($0)).uppercased() }
        if !codes.isEmpty { caution = Line(label: "Caution", words: codes.joined(separator: " \u{B7} ")) }
      case "vehicle": lines.append(Line(label: "Vehicle", words: Self.vehicle(field.values)))
      case "warrant": lines.append(Line(label: "Warrant", words: Self.warrant(field.values)))
      // A vehicle without a name is called what it is: `Dark green 2016 Subaru Outback`.
      case let part where isUnnamedVehicle && ["color", "year", "make", "model"].contains(part):
        vehicle.append(.pair(field.name, Self.list(field.values)))
      default: lines.append(Line(label: Self.capitalized(field.name), words: Self.list(field.values)))
      }
    }
    if name.isEmpty { name = Self.vehicle(vehicle) }
    if name.isEmpty { name = subject.kind == .person ? "Name not known" : Self.capitalized(subject.kind.rawValue) }
    self.name = name
    self.caution = caution
    self.lines = lines
    photoWords = "Photo that belongs to this description: " + name
  }

  private static func text(_ value: Subject.Field.Value) -> String {
    switch value {
    case .text(let text): text
    case .pair(let key, let text): spaced(key) + " " + text
    }
  }

  private static func list(_ values: [Subject.Field.Value]) -> String {
    values.map(text).joined(separator: ", ")
  }

  static func capitalized(_ key: String) -> String {
    let words = spaced(key)
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  static func date(_ text: String) -> String { CivilDate(text)?.words ?? text }

  /// Height, weight, hair and eyes in one line; scars, clothing and whatever else in lines of their own.
  private static func description(_ values: [Subject.Field.Value]) -> [Line] {
    var build: [String] = []
    var rest: [Line] = []
    for value in values {
      switch value {
      case .text(let text): build.append(text)
      case .pair("height", let text), .pair("weight", let text), .pair("build", let text): build.append(text)
      case .pair("hair", let text): build.append(text + " hair")
      case .pair("eyes", let text): build.append(text + " eyes")
      case .pair(let key, let text): rest.append(Line(label: capitalized(key), words: text))
      }
    }
    return (build.isEmpty ? [] : [Line(label: "Build", words: build.joined(separator: ", "))]) + rest
  }

  /// `White 2019 Ford Transit, ladder rack`.
  private static func vehicle(_ values: [Subject.Field.Value]) -> String {
    var known: [String: String] = [:]
    var rest: [String] = []
    for value in values {
      switch value {
      case .pair("color", let text), .pair("year", let text), .pair("make", let text), .pair("model", let text):
        if case .pair(let key, _) = value { known[key] = text }
      case .pair("note", let text), .text(let text): rest.append(text)
      case .pair: rest.append(text(value))
      }
    }
    let first = ["color", "year", "make", "model"].compactMap { known[$0] }.joined(separator: " ")
    return ([capitalizedFirst(first)] + rest).filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private static func capitalizedFirst(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() }

  /// `Arrest, Brockton District Court, 13 Nov 2026, carrying a firearm without a license`.
  private static func warrant(_ values: [Subject.Field.Value]) -> String {
    var known: [String: String] = [:]
    var rest: [String] = []
    for value in values {
      switch value {
      case .pair("kind", let text): known["kind"] = capitalizedFirst(text)
      case .pair("court", let text): known["court"] = text
      case .pair("date", let text): known["date"] = date(text)
      case .pair("offense", let text): known["offense"] = text
      case .text(let text): rest.append(text)
      case .pair: rest.append(text(value))
      }
    }
    return (["kind", "court", "date", "offense"].compactMap { known[$0] } + rest).joined(separator: ", ")
  }
}
