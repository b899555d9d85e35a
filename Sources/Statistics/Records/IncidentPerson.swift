// The one schema of the site: one row is one arrested person in one incident. The columns and their values are those of
// Documentation/statistics.md; whatever a records system sends is brought to this or is reported. No name, no address,
// no day of birth: keys are hashed by the sender.

package import Bulletins

/// The columns of the schema that a mapping file fills, by their names there.
package enum RecordField: String, CaseIterable, Hashable, Sendable {
  case incident = "incident-id"
  case person = "person-id"
  case reportDate = "report-date"
  case arrestDate = "arrest-date"
  case ori
  case agency
  case town
  case statute
  case offense
  case substanceClass = "class"
  case attempt
  case arrestees
  case ageBand = "age-band"
  case sex
  case drugCodes = "drug-codes"
  case suspected = "suspected-substance"
  case laboratory = "lab-substance"
  case labStatus = "lab-status"
  case weight
  case firearm = "firearm-seized"
  case overdose = "overdose-linked"
  case naloxone = "naloxone-used"
  case multiJurisdiction = "multi-jurisdiction"
  case charges

  /// Without these a row says nothing that could be counted.
  static let required: Set<RecordField> = [
    .incident, .person, .reportDate, .arrestDate, .town, .statute, .offense, .suspected, .labStatus,
  ]

  /// The closed sets of words; nil for open ones.
  var words: Set<String>? {
    switch self {
    case .offense: ["possession", "distribution", "trafficking"]
    case .substanceClass: ["", "A", "B", "C", "D", "E"]
    case .ageBand: Set(AgeBand.all.map(\.name)).union([""])
    case .sex: ["", "M", "F"]
    case .labStatus: ["pending", "confirmed", "negative", "not-submitted"]
    case .attempt, .firearm, .overdose, .naloxone, .multiJurisdiction: ["Y", "N"]
    default: nil
    }
  }

  /// What a record says of a field that its export has, whatever the cell says.
  var sent: PackedRecord.Flag? {
    switch self {
    case .weight: .weightSent
    case .firearm: .firearmSent
    case .overdose: .overdoseSent
    case .naloxone: .naloxoneSent
    case .multiJurisdiction: .multiJurisdictionSent
    case .ageBand: .agesSent
    case .attempt: .attemptSent
    default: nil
    }
  }
}

package struct AgeBand: Hashable, Sendable {
  package var name: String
  package var years: ClosedRange<Int>

  package static let all = [
    AgeBand(name: "18-24", years: 18...24), AgeBand(name: "25-34", years: 25...34),
    AgeBand(name: "35-44", years: 35...44), AgeBand(name: "45-54", years: 45...54),
    AgeBand(name: "55-64", years: 55...64), AgeBand(name: "65+", years: 65...130),
  ]
  package static func of(_ age: Int) -> AgeBand? { all.first { $0.years.contains(age) } }
}

/// A record in words, for searches and for the eye; counting uses the packed form.
package struct IncidentPerson: Hashable, Sendable {
  package var incident: UInt64
  package var person: UInt64
  package var reported: CivilDate
  package var arrested: CivilDate
  package var ori = ""
  package var agency = ""
  package var town = ""
  package var region = ""
  package var statute = ""
  package var offense = ""
  package var substanceClass = ""
  /// nil where the export has no such field; so with every yes or no here.
  package var attempt: Bool?
  /// Persons arrested in the incident.
  package var arrestees = 1
  package var ageBand = ""
  package var sex = ""
  package var drugCodes = ""
  package var suspected = ""
  package var laboratory = ""
  package var labStatus = ""
  /// Tenths of a gram, or of a dosage unit; of the whole incident, mixture included.
  package var weight = 0
  /// GM, DU, or nothing where no weight was sent.
  package var unit = ""
  package var firearm: Bool?
  package var overdose: Bool?
  package var naloxone: Bool?
  package var multiJurisdiction: Bool?
  /// nil where the export does not say.
  package var charges: Int?
  package var source = ""
  /// Line in the file of the source; the header is line 1.
  package var line = 0

  package static let columns = [
    "incident-id", "person-id", "report-date", "arrest-date", "ori", "agency", "town", "region", "statute", "offense",
    "class", "attempt", "arrestees", "age-band", "sex", "drug-codes", "suspected-substance", "lab-substance",
    "lab-status", "weight", "unit", "firearm-seized", "overdose-linked", "naloxone-used", "multi-jurisdiction",
    "source-export", "source-row",
  ]

  /// In the order of `columns`.
  package var cells: [String] {
    func flag(_ value: Bool?) -> String { value.map { $0 ? "Y" : "N" } ?? "" }
    return [
      Self.key(incident), Self.key(person), reported.description, arrested.description, ori, agency, town, region,
      statute, offense, substanceClass, flag(attempt), String(arrestees), ageBand, sex, drugCodes, suspected,
      laboratory, labStatus, Self.amount(weight, unit), unit, flag(firearm), flag(overdose), flag(naloxone),
      flag(multiJurisdiction), source, String(line),
    ]
  }

  /// Sixteen hexadecimal digits.
  package static func key(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Grams with one decimal, dosage units without where they are whole.
  private static func amount(_ tenths: Int, _ unit: String) -> String {
    if unit.isEmpty { return "" }
    return unit == "DU" && tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
  }
}
