// Properties of loading: a fact spoiled in any way never lets a reader meet more under the shipped policy, and no
// sequence of bytes brings a loader down.

import Bulletins
import Markings
import TestSupport
import Testing

@testable import Distribution

@Suite struct NeverWidensTests {
  private let seed: UInt64 = 20_261_122
  private let policy = CompiledPolicy(Shipped.policy, vocabulary: Shipped.vocabulary)
  private let time = DecisionTime(Shipped.noon, site: Shipped.site)

  private static let header = [
    "id", "name", "email", "organization", "role", "status", "clearance", "agreements", "vetting", "citizenship",
    "mailbox", "audience-attested", "sectors", "disciplines", "regions", "channels",
  ]
  private static let cells = [
    "a", "A", "a@x.example", "police", "sworn", "active", "les",
    "nda=2027-01-01;p23=2027-01-01;ssi=2027-01-01;pcii=2027-01-01;cjis=2027-01-01",
    "vetted-on=2026-01-01;vetted-by=b;until=2027-01-01", "USA", "person", "2027-01-01", "energy", "fire", "central",
    "email-tls",
  ]

  private func met(_ cells: [String]) -> Set<Atom> {
    let quoted = cells.map {
      "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
    let text = Self.header.joined(separator: ",") + "\n" + quoted.joined(separator: ",") + "\n"
    let read = StakeholderLoader.read(
      csv: ListFile(path: "stakeholders.csv", bytes: Array(text.utf8)), vocabulary: Shipped.vocabulary)
    guard let stakeholder = read.readers.first?.value, stakeholder.status == .active else { return [] }
    let police = Organization(id: "police", name: "P", level: .local, type: "law-enforcement", country: "USA")
    let reader = Reader(stakeholder, stakeholder.organization == "police" ? police : nil)
    return Set(Shipped.policy.atoms.keys.filter { policy.meets($0, reader, at: time) })
  }

  @Test func aSpoiledFact() {
    let whole = met(Self.cells)
    #expect(whole.isSuperset(of: [.government, .fouo, .les, .noforn, .ssi]))
    var dice = Dice(seed: seed)
    for round in 0..<1_500 {
      var cells = Self.cells
      for _ in 0..<Int.random(in: 1...2, using: &dice) {
        let column = Int.random(in: 0..<cells.count, using: &dice)
        cells[column] = spoiled(cells[column], &dice)
      }
      let now = met(cells)
      #expect(now.isSubset(of: whole), "seed \(seed), round \(round): \(cells)")
    }
  }

  /// From less: what a weaker reader's facts become when they are spoiled is never what a stronger one has.
  @Test func aSpoiledFactOfAWeakReader() {
    var weak = Self.cells
    weak[6] = "partner"
    weak[7] = "nda=2026-01-01"
    weak[9] = "GBR"
    weak[10] = "shared"
    weak[11] = ""
    let before = met(weak)
    var dice = Dice(seed: seed &+ 1)
    for round in 0..<1_500 {
      var cells = weak
      let column = [4, 5, 6, 7, 8, 9, 10, 11].randomElement(using: &dice) ?? 4
      // Only what is no word and no date at all: a mutation into another valid fact says something else.
      cells[column] = "~" + spoiled(cells[column], &dice)
      #expect(met(cells).isSubset(of: before), "seed \(seed), round \(round): \(cells)")
    }
  }

  private func spoiled(_ text: String, _ dice: inout Dice) -> String {
    var bytes = Array(text.utf8)
    let junk = Array(";=,-0129 aZ\"\r\n\t[]{}".utf8)
    for _ in 0..<Int.random(in: 1...4, using: &dice) {
      let at = Int.random(in: 0...bytes.count, using: &dice)
      switch Int.random(in: 0..<3, using: &dice) {
      case 0 where at < bytes.count: bytes.remove(at: at)
      case 1 where at < bytes.count: bytes[at] = junk.randomElement(using: &dice) ?? 0x20
      default: bytes.insert(junk.randomElement(using: &dice) ?? 0x20, at: at)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func anyBytes() {
    var dice = Dice(seed: seed)
    let names = [
      "organizations.yaml", "stakeholders.yaml", "stakeholders.csv", "endpoints.yaml", "release-policy.yaml",
      "release-policy.site.yaml", "lists/a.yaml", "decisions/a.yaml",
    ]
    let pieces = [
      "organizations:", "stakeholders:", "atoms:", "members:", "id: a", "- {", "}", "[", "]", "\n", "\n  ", " ",
      "all: ",
      "any: ", "nda=2027-01-01", "\"", "'", "&a ", "*a", "!x ", "\u{FEFF}", "\u{0}", "🙂", "2026-02-30", "atom: LES",
      ",",
    ]
    for round in 0..<400 {
      let files = names.map { name in
        let text = (0..<Int.random(in: 0...30, using: &dice)).map { _ in pieces.randomElement(using: &dice) ?? "" }
          .joined()
        var bytes = Array(text.utf8)
        if Bool.random(using: &dice), !bytes.isEmpty {
          bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
        }
        return ListFile(path: "distribution-lists/" + name, bytes: bytes)
      }
      let lists = SiteListsLoader.load(files, vocabulary: Shipped.vocabulary)
      #expect(lists.hasErrors, "seed \(seed), round \(round)")
    }
  }
}
