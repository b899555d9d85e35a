// A record in 70 bytes: words are numbers of a list that stands in front of the block. Little-endian wherever it was
// written. A block that does not fit its own counts is refused as a whole.

import Bulletins

/// Which slot of a packed record has the number of which word.
package enum WordSlot: Int, CaseIterable, Sendable {
  case ori, agency, town, region, statute, offense, substanceClass, ageBand, sex, drugCodes, suspected, laboratory
  case labStatus, unit
}

package struct PackedRecord: Sendable {
  package var incident: UInt64 = 0
  package var person: UInt64 = 0
  /// Days since 1970.
  package var reported: Int32 = 0
  package var arrested: Int32 = 0
  /// Tenths of a gram or dosage unit.
  package var weight: UInt32 = 0
  package var line: UInt32 = 0
  package var words = SIMD16<UInt16>()
  package var arrestees: UInt16 = 1
  package var charges: UInt16 = 1
  package var flags: UInt16 = 0

  package static let size = 70

  package enum Flag: UInt16, CaseIterable, Sendable {
    case attempt = 1
    case firearm = 2
    case overdose = 4
    case naloxone = 8
    case multiJurisdiction = 16
    /// The export says how many charges there were.
    case chargesSent = 32
    // The export has the field at all; without it, no weight is not none and no firearm not No.
    case weightSent = 64
    case firearmSent = 128
    case overdoseSent = 256
    case naloxoneSent = 512
    case multiJurisdictionSent = 1024
    case agesSent = 2048
    case attemptSent = 4096
  }

  package init() {}

  package subscript(slot: WordSlot) -> UInt16 {
    get { words[slot.rawValue] }
    set { words[slot.rawValue] = newValue }
  }
  package func has(_ flag: Flag) -> Bool { flags & flag.rawValue != 0 }
  package mutating func set(_ flag: Flag, _ value: Bool) { if value { flags |= flag.rawValue } }
  /// Yes or No; nil where the export has no such field.
  func answer(_ flag: Flag, ifSent sent: Flag) -> Bool? { has(sent) ? has(flag) : nil }

  package var key: RecordKey { RecordKey(incident: incident, person: person) }
}

/// One person in one incident; no two records that count have the same.
package struct RecordKey: Hashable, Sendable {
  package var incident: UInt64
  package var person: UInt64
  package init(incident: UInt64, person: UInt64) {
    self.incident = incident
    self.person = person
  }
}

/// The words that an import uses, by number; number 0 is the empty word.
package struct WordList: Sendable {
  package private(set) var words = [""]
  private var numbers: [String: UInt16] = ["": 0]
  package init() {}

  /// nil when there are more different words than a number can name: no schema of this kind has so many.
  package mutating func number(_ word: String) -> UInt16? {
    if let known = numbers[word] { return known }
    guard words.count < Int(UInt16.max), word.utf8.count <= Int(UInt16.max) else { return nil }
    let number = UInt16(words.count)
    words.append(word)
    numbers[word] = number
    return number
  }
}

/// Some thousands of records as they are stored, with their words.
package struct RecordBlock: Sendable {
  /// Records in a full block: about one megabyte.
  package static let capacity = 16_384

  package let words: [String]
  private let bytes: [UInt8]
  private let rowsAt: Int
  package let count: Int
  private static let magic: [UInt8] = Array("RVD1".utf8)

  /// nil when these bytes are no block.
  package init?(_ bytes: [UInt8]) {
    func number<Value: FixedWidthInteger>(_ offset: Int, _ type: Value.Type) -> Int? {
      guard offset + MemoryLayout<Value>.size <= bytes.count else { return nil }
      return bytes.withUnsafeBytes {
        Int(Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)))
      }
    }
    guard bytes.starts(with: Self.magic), let count = number(4, UInt32.self), let wordCount = number(8, UInt32.self),
      wordCount <= Int(UInt16.max)
    else { return nil }
    var offset = 12
    var words: [String] = []
    for _ in 0..<wordCount {
      guard let length = number(offset, UInt16.self), offset + 2 + length <= bytes.count else { return nil }
      words.append(String(decoding: bytes[(offset + 2)..<(offset + 2 + length)], as: UTF8.self))
      offset += 2 + length
    }
    guard count * PackedRecord.size == bytes.count - offset, words.first == "" else { return nil }
    self.words = words
    self.bytes = bytes
    self.count = count
    rowsAt = offset
  }

  /// A word whose number the list does not have is the empty word.
  package func word(_ number: UInt16) -> String { Int(number) < words.count ? words[Int(number)] : "" }

  package func visit(_ body: (PackedRecord) throws -> Void) rethrows {
    try bytes.withUnsafeBytes { buffer in
      for index in 0..<count { try body(PackedRecord(buffer, at: rowsAt + index * PackedRecord.size)) }
    }
  }

  /// - Parameter source: as the import names it.
  package func inWords(_ packed: PackedRecord, source: String) -> IncidentPerson {
    var record = IncidentPerson(
      incident: packed.incident, person: packed.person, reported: CivilDate(daysSince1970: Int64(packed.reported)),
      arrested: CivilDate(daysSince1970: Int64(packed.arrested)))
    func text(_ slot: WordSlot) -> String { word(packed[slot]) }
    record.ori = text(.ori)
    record.agency = text(.agency)
    record.town = text(.town)
    record.region = text(.region)
    record.statute = text(.statute)
    record.offense = text(.offense)
    record.substanceClass = text(.substanceClass)
    record.attempt = packed.answer(.attempt, ifSent: .attemptSent)
    record.arrestees = Int(packed.arrestees)
    record.ageBand = text(.ageBand)
    record.sex = text(.sex)
    record.drugCodes = text(.drugCodes)
    record.suspected = text(.suspected)
    record.laboratory = text(.laboratory)
    record.labStatus = text(.labStatus)
    record.weight = Int(packed.weight)
    record.unit = text(.unit)
    record.firearm = packed.answer(.firearm, ifSent: .firearmSent)
    record.overdose = packed.answer(.overdose, ifSent: .overdoseSent)
    record.naloxone = packed.answer(.naloxone, ifSent: .naloxoneSent)
    record.multiJurisdiction = packed.answer(.multiJurisdiction, ifSent: .multiJurisdictionSent)
    record.charges = packed.has(.chargesSent) ? Int(packed.charges) : nil
    record.source = source
    record.line = Int(packed.line)
    return record
  }

  /// The bytes of a block: the words so far, and the rows that `RecordRows` gathered.
  static func encode(words: [String], rows: [UInt8], count: Int) -> [UInt8] {
    var bytes = magic
    bytes.reserveCapacity(rows.count + 16 + words.reduce(0) { $0 + $1.utf8.count + 2 })
    withUnsafeBytes(of: UInt32(count).littleEndian) { bytes += $0 }
    withUnsafeBytes(of: UInt32(words.count).littleEndian) { bytes += $0 }
    for word in words {
      withUnsafeBytes(of: UInt16(word.utf8.count).littleEndian) { bytes += $0 }
      bytes += word.utf8
    }
    return bytes + rows
  }
}

extension PackedRecord {
  fileprivate init(_ buffer: UnsafeRawBufferPointer, at offset: Int) {
    func load<Value: FixedWidthInteger>(_ at: Int, _ type: Value.Type) -> Value {
      Value(littleEndian: buffer.loadUnaligned(fromByteOffset: offset + at, as: type))
    }
    incident = load(0, UInt64.self)
    person = load(8, UInt64.self)
    reported = load(16, Int32.self)
    arrested = load(20, Int32.self)
    weight = load(24, UInt32.self)
    line = load(28, UInt32.self)
    for slot in 0..<16 { words[slot] = load(32 + slot * 2, UInt16.self) }
    arrestees = load(64, UInt16.self)
    charges = load(66, UInt16.self)
    flags = load(68, UInt16.self)
  }

  /// Appends the 70 bytes.
  func encode(into bytes: inout [UInt8]) {
    withUnsafeTemporaryAllocation(byteCount: Self.size, alignment: 8) { buffer in
      buffer.storeBytes(of: incident.littleEndian, toByteOffset: 0, as: UInt64.self)
      buffer.storeBytes(of: person.littleEndian, toByteOffset: 8, as: UInt64.self)
      buffer.storeBytes(of: reported.littleEndian, toByteOffset: 16, as: Int32.self)
      buffer.storeBytes(of: arrested.littleEndian, toByteOffset: 20, as: Int32.self)
      buffer.storeBytes(of: weight.littleEndian, toByteOffset: 24, as: UInt32.self)
      buffer.storeBytes(of: line.littleEndian, toByteOffset: 28, as: UInt32.self)
      for slot in 0..<16 {
        buffer.storeBytes(of: words[slot].littleEndian, toByteOffset: 32 + slot * 2, as: UInt16.self)
      }
      buffer.storeBytes(of: arrestees.littleEndian, toByteOffset: 64, as: UInt16.self)
      buffer.storeBytes(of: charges.littleEndian, toByteOffset: 66, as: UInt16.self)
      buffer.storeBytes(of: flags.littleEndian, toByteOffset: 68, as: UInt16.self)
      bytes.append(contentsOf: buffer)
    }
  }
}
