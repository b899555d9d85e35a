// The shapes that front matter values have, each read with the place of what is wrong: dates, marked texts, ids,
// gates, clauses.

import Bulletins
import Markings
import SiteFiles

struct FrontMatterFields {
  var fields: MapFields
  let reader: FrontMatterReader
  /// What has a rule of its own: dates that do not exist (F04), gates without a reason (F08).
  var others: [(rule: String, position: SourcePosition, message: String)] = []

  init(_ fields: MapFields, _ reader: FrontMatterReader) {
    self.fields = fields
    self.reader = reader
  }

  mutating func report(_ key: String, _ message: String, hint: String = "") {
    let position = fields.entry(key)?.value.position ?? fields.node.position
    fields.report(FileProblem(.badValue, at: position, message, hint: hint))
  }

  /// The value when it is a map; anything else is reported once, and none of its keys as missing.
  mutating func map(_ key: String) -> Node? {
    guard let value = fields.value(key) else { return nil }
    if value.map != nil { return value }
    fields.report(MapFields(value, path: key).problems)
    return nil
  }

  mutating func moment(_ key: String) -> CivilMoment? {
    guard let text = fields.text(key), let position = fields.entry(key)?.value.position else { return nil }
    switch Moment.read(text, zone: reader.settings.zone) {
    case .moment(let moment): return moment
    case .impossible: others.append(("F04", position, "\(text) does not exist"))
    case .malformed:
      report(key, "`\(key)` must be a date or a time", hint: "write 2026-11-20 or 2026-11-20T16:00:00-05:00")
    }
    return nil
  }

  mutating func date(_ key: String) -> CivilDate? {
    guard let text = fields.text(key), let position = fields.entry(key)?.value.position else { return nil }
    if let date = CivilDate(text) { return date }
    if Moment.looksLikeDate(text) {
      others.append(("F04", position, "\(text) does not exist"))
    } else {
      report(key, "`\(key)` must be a date", hint: "write 2026-11-20")
    }
    return nil
  }

  /// One line of text with its leading marks.
  mutating func marked(_ key: String) -> (text: MarkedText, reading: MarkReading)? {
    guard let text = fields.text(key) else { return nil }
    if text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
      report(key, "`\(key)` must be one line of plain text")
    }
    let reading = reader.marks.read(text)
    let rest = reading.mark == nil ? text : String(Substring(text.utf8.dropFirst(reading.consumed)))
    return (MarkedText(mark: reading.mark, text: rest), reading)
  }

  mutating func bareMark(_ key: String) -> MarkReading? {
    guard let text = fields.text(key) else { return nil }
    let reading = reader.marks.readBare(text)
    if reading.mark == nil { report(key, "`\(text)` is no mark", hint: "write it as U//FOUO") }
    return reading
  }

  /// One clause a key; an empty list is a clause that nobody meets.
  mutating func clauses(_ key: String) -> [Clause] {
    guard let value = map(key) else { return [] }
    var inner = MapFields(value, path: key)
    var clauses: [Clause] = []
    for axis in Clause.Axis.allCases {
      if let values = inner.texts(axis.rawValue) { clauses.append(Clause(axis, Set(values))) }
    }
    if value.map?.isEmpty == true { report(key, "`\(key)` says nothing", hint: "remove it, or name a group") }
    fields.report(inner.finish())
    return clauses
  }

  mutating func gate(_ name: Gate.Name) -> Gate? {
    let key = name.rawValue
    guard let value = map(key) else { return nil }
    var inner = MapFields(value, path: key)
    let stated = inner.required("value").flatMap { _ in inner.bool("value") }
    let reason = inner.text("reason")
    fields.report(inner.finish())
    guard let stated else { return nil }
    if stated, reason?.allSatisfy(\.isWhitespace) ?? true {
      others.append(
        ("F08", fields.entry(key)?.keyPosition ?? value.position, "the gate `\(key)` is true and gives no reason"))
    }
    return Gate(value: stated, reason: reason)
  }

  mutating func needs(_ key: String) -> [Int] {
    (fields.locatedTexts(key) ?? []).compactMap { text, position in
      if let number = Int(text), (1...10).contains(number) { return number }
      fields.report(FileProblem(.badValue, at: position, "`\(key)` must be numbers of standing needs, 1 to 10"))
      return nil
    }
  }

  mutating func countries(_ key: String) -> [String] {
    (fields.locatedTexts(key) ?? []).compactMap { text, position in
      if text.utf8.count == 3, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) { return text }
      fields.report(
        FileProblem(.badValue, at: position, "`\(text)` is no country code", hint: "write ISO 3166 codes such as CAN"))
      return nil
    }
  }

  /// `CFC-OS-2026-0042`, or `-U1` / `-C1` after it for one version.
  mutating func serial(_ key: String) -> String? {
    guard let text = fields.text(key) else { return nil }
    var parts = text.split(separator: "-", omittingEmptySubsequences: false)
    func isNumber(_ part: Substring) -> Bool { !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    func isCode(_ part: Substring) -> Bool {
      !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }
    // From its end: a site's prefix may hold hyphens.
    if let last = parts.last, ["U", "C"].contains(last.prefix(1)), isNumber(last.dropFirst()) { parts.removeLast() }
    let (numbers, codes) = (parts.suffix(2), parts.dropLast(2))
    let isSerial =
      codes.count >= 2 && codes.allSatisfy(isCode) && numbers.allSatisfy(isNumber) && numbers.first?.utf8.count == 4
    if !isSerial {
      report(key, "`\(text)` is no serial", hint: "write CFC-OS-2026-0042, or CFC-OS-2026-0042-U1 for one version")
    }
    return text
  }

  /// TLP with or without its prefix; WHITE is the old name of CLEAR (rule M09).
  mutating func trafficLight(_ key: String) -> TrafficLight? {
    guard let text = fields.text(key) else { return nil }
    if let light = MarkReader.readTrafficLight(text) { return light }
    if ["WHITE", "TLP:WHITE"].contains(text.uppercased()) { return .clear }
    report(key, "`\(key)` must be CLEAR, GREEN, AMBER, AMBER+STRICT or RED")
    return nil
  }
}
