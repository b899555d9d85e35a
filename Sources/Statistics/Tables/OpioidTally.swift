// Counts of a period, gathered record by record. Three units are kept apart: an arrest is one person in one incident, an
// arrestee one person however often arrested, a charge one count of the charge sheet. What belongs to the incident (weight,
// firearm) is counted once for each incident.

import Bulletins

package struct OpioidTally {
  package struct Pair: Hashable, Sendable {
    package var row: String
    package var column: String
    package init(_ row: String, _ column: String) {
      self.row = row
      self.column = column
    }
  }
  struct Incident {
    var region: String
    var town: String
    var offense: String
    var suspected: String
    var tenths: Int
    var unit: String
    var firearm: Bool
    var isJoint: Bool
  }

  private let days: ClosedRange<Int>
  package private(set) var arrests = 0
  private var sentCharges = 0
  /// Flags that all records have, and those that one has.
  private var ofAll = UInt16.max
  private var ofAny: UInt16 = 0
  private var persons: Set<UInt64> = []
  private(set) var incidents: [UInt64: Incident] = [:]
  package private(set) var byRegionAndOffense: [Pair: Int] = [:]
  package private(set) var bySubstance: [String: Int] = [:]
  package private(set) var byMonthAndSubstance: [Pair: Int] = [:]
  package private(set) var byAge: [String: Int] = [:]
  package private(set) var byTown: [Pair: Int] = [:]
  package private(set) var byStatute: [String: Int] = [:]
  private(set) var byStatuteAndOffense: [Pair: Int] = [:]
  package private(set) var byLabStatus: [String: Int] = [:]
  package private(set) var confirmed: [String: Int] = [:]
  private(set) var overdoses = 0
  private(set) var naloxoneAtOverdose = 0
  private(set) var codeH = 0

  package init(_ period: Period) { days = period.days }

  /// nil unless the export of every arrest says how many there were.
  package var charges: Int? { allHave(.chargesSent) ? sentCharges : nil }
  func allHave(_ flag: PackedRecord.Flag) -> Bool { ofAll & flag.rawValue != 0 }
  func anyHas(_ flag: PackedRecord.Flag) -> Bool { ofAny & flag.rawValue != 0 }
  package var arrestees: Int { persons.count }
  package var incidentCount: Int { incidents.count }

  /// - Parameter record: counts only when its arrest lies in the period; doubles are the caller's to leave out.
  package mutating func add(_ record: PackedRecord, of block: RecordBlock) {
    guard days.contains(Int(record.arrested)) else { return }
    func text(_ slot: WordSlot) -> String { block.word(record[slot]) }
    arrests += 1
    ofAll &= record.flags
    ofAny |= record.flags
    if record.has(.chargesSent) { sentCharges += Int(record.charges) }
    persons.insert(record.person)
    let (region, offense, suspected) = (text(.region), text(.offense), text(.suspected))
    byRegionAndOffense[Pair(region, offense), default: 0] += 1
    bySubstance[suspected, default: 0] += 1
    let date = CivilDate(daysSince1970: Int64(record.arrested))
    let month = "\(date.year)-\(date.month < 10 ? "0" : "")\(date.month)"
    byMonthAndSubstance[Pair(month, suspected), default: 0] += 1
    byAge[text(.ageBand), default: 0] += 1
    byTown[Pair(region, text(.town)), default: 0] += 1
    byStatute[text(.statute), default: 0] += 1
    byStatuteAndOffense[Pair(text(.statute), offense), default: 0] += 1
    let status = text(.labStatus)
    byLabStatus[status, default: 0] += 1
    if status == "confirmed" { confirmed[text(.laboratory), default: 0] += 1 }
    if record.has(.overdose) {
      overdoses += 1
      if record.has(.naloxone) { naloxoneAtOverdose += 1 }
    }
    if text(.drugCodes).split(separator: ";").contains("H") { codeH += 1 }
    var incident =
      incidents[record.incident]
      ?? Incident(
        region: region, town: text(.town), offense: offense, suspected: suspected, tenths: Int(record.weight),
        unit: text(.unit), firearm: false, isJoint: false)
    incident.firearm = incident.firearm || record.has(.firearm)
    incident.isJoint = incident.isJoint || record.has(.multiJurisdiction)
    incidents[record.incident] = incident
  }
}
