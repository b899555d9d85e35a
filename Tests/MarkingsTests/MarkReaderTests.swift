// Lenient reading: what agencies write, what each oddity is called, and where a mark ends.

import Markings
import Testing

@Suite struct MarkReaderTests {
  @Test(arguments: [
    "(U)", "(U//FOUO)", "(U//LES)", "(U//LES-NF)", "(U//NF)", "(U//SSI)", "(U//DSEN)", "(U//FOUO/NF)",
    "(U//REL TO USA, CAN)", "(U//FOUO) (TLP:AMBER)", "(U) (TLP:GREEN)", "(S//NF)", "(U//NF//SSI)", "(U//FOUO//PCII)",
    "(U//REL TO USA, AUS, CAN)", "(U//DISPLAY ONLY CAN)", "(TS//OC/NF//LES/SSI)", "(U//SBU-NF)",
  ]) func canonicalLegacy(_ text: String) {
    let reading = read(text + " Words")
    #expect(reading.problems == [])
    #expect(reading.mark?.text == text)
    #expect(reading.written == text)
    #expect(reading.consumed == text.utf8.count + 1)
  }

  @Test(arguments: [
    "(U)", "(CUI)", "(CUI//SP-SSI)", "(CUI//SP-CHRI/LEI//NOFORN)", "(CUI//LEI//REL TO USA, CAN)", "(CUI//NOCON)",
    "(CUI) (TLP:RED)", "(CUI//PROPIN)", "(CUI//INF/LEI)", "(CUI//SP-INF)", "(CUI//DISPLAY ONLY USA, CAN/NOCON)",
  ]) func canonicalCUI(_ text: String) {
    let reading = read(text, .cui)
    #expect(reading.problems == [])
    #expect(reading.mark?.text == text)
  }

  @Test(arguments: TrafficLight.allCases) func canonicalTrafficLight(_ light: TrafficLight) {
    let reading = read("(\(light.rawValue)) Words", .tlp)
    #expect(reading.problems == [])
    #expect(reading.mark == PortionMark(trafficLight: light))
  }

  /// What was written, the rules that it breaks, and the fix.
  @Test(arguments: [
    ("(UNCLASSIFIED//LAW ENFORCEMENT SENSITIVE)", ["M04"], "(U//LES)"),
    ("(UNCLASSIFIED//FOR OFFICIAL USE ONLY)", ["M04"], "(U//FOUO)"),
    ("(LES)", ["M03"], "(U//LES)"),
    ("(FOUO)", ["M03"], "(U//FOUO)"),
    ("(U//FOUO//LES)", ["M05"], "(U//LES)"),
    ("(U//FOUO//SSI)", ["M05"], "(U//SSI)"),
    ("(U//FOUO/DSEN)", ["M05"], "(U//DSEN)"),
    ("(U//FOUO//LES-NF)", ["M05"], "(U//LES-NF)"),
    ("(U//FOUO//TLP:AMBER)", ["M03"], "(U//FOUO) (TLP:AMBER)"),
    ("(U) (TLP:WHITE)", ["M09"], "(U) (TLP:CLEAR)"),
    ("(U) (TLP:AMBER-STRICT)", ["M09"], "(U) (TLP:AMBER+STRICT)"),
    ("(U) (TLP AMBER)", ["M09"], "(U) (TLP:AMBER)"),
    ("(TLP:GREEN)", ["M09"], "(U) (TLP:GREEN)"),
    ("(U//REL TO USA,\u{A0}CAN)", ["M03"], "(U//REL TO USA, CAN)"),
    ("(U//NF/FOUO)", ["M03"], "(U//FOUO/NF)"),
    ("(U/FOUO)", ["M03"], "(U//FOUO)"),
    ("(U // FOUO)", ["M03"], "(U//FOUO)"),
    ("(u//fouo)", ["M03"], "(U//FOUO)"),
    ("(u)", ["M03"], "(U)"),
    ("(U//)", ["M03"], "(U)"),
    ("(U//NF//LES)", ["M03"], "(U//LES-NF)"),
    ("(S//LES-NF)", ["M03"], "(S//NF//LES)"),
    ("(U//LES NOFORN)", ["M04"], "(U//LES-NF)"),
    ("(U//NOFORN)", ["M04"], "(U//NF)"),
    ("(U//DEA SENSITIVE)", ["M04"], "(U//DSEN)"),
    ("(UNCLASSIFIED//FOUO)", ["M04"], "(U//FOUO)"),
    ("(U//FOUO/FOUO)", ["M03"], "(U//FOUO)"),
    ("(U//REL TO USA, GBR, CAN)", ["M03"], "(U//REL TO USA, CAN, GBR)"),
    ("(U//REL TO USA,CAN)", ["M03"], "(U//REL TO USA, CAN)"),
    ("(U//REL TO USA)", ["M03"], "(U//NF)"),
    ("(U//NF/REL TO USA, CAN)", ["M03"], "(U//NF)"),
    ("(U//FOUO) (U//LES)", ["M03"], "(U//LES)"),
    ("(U//FOUO)(TLP:AMBER)", ["M03"], "(U//FOUO) (TLP:AMBER)"),
    ("(TLP:AMBER) (U//FOUO)", ["M03"], "(U//FOUO) (TLP:AMBER)"),
    ("(U//REL TO USA, CAN) (U//REL TO USA, GBR)", ["M03"], "(U//NF)"),
    ("(U//REL TO USA, CAN) (U)", ["M03"], "(U)"),
  ]) func understood(_ text: String, _ expected: [String], _ fix: String) {
    let reading = read(text + " Words")
    #expect(Set(rules(reading)) == Set(expected))
    #expect(reading.problems.allSatisfy { $0.canonical == fix }, "\(reading.problems)")
    #expect(reading.mark?.text == fix || reading.mark?.mark == nil)
    #expect(reading.written == text)
  }

  @Test(arguments: [
    ("(CUI//NOCON//LEI)", ["M08"], "(CUI//LEI//NOCON)"),
    ("(CUI//LEI/NOCON)", ["M08"], "(CUI//LEI//NOCON)"),
    ("(CUI//LEI/SP-CHRI)", ["M03"], "(CUI//SP-CHRI/LEI)"),
    ("(CUI/LEI)", ["M03"], "(CUI//LEI)"),
    ("(CONTROLLED//LEI)", ["M04"], "(CUI//LEI)"),
    ("(CUI//NF)", ["M04"], "(CUI//NOFORN)"),
    ("(U//CUI)", ["M03"], "(CUI)"),
    ("(LEI)", ["M03"], "(CUI//LEI)"),
  ]) func understoodCUI(_ text: String, _ expected: [String], _ fix: String) {
    let reading = read(text, .cui)
    #expect(rules(reading) == expected)
    #expect(reading.problems.allSatisfy { $0.canonical == fix })
    #expect(reading.mark?.text == fix)
  }

  /// A token that no table knows: nobody reads the portion, and its level still counts.
  @Test(arguments: [
    ("(U//XYZ)", "M02", Level.unclassified), ("(U//LEO)", "M02", .unclassified), ("(S//XYZ)", "M02", .secret),
    ("(SECRET//XYZ)", "M02", .secret), ("(X//LES)", "M02", .unclassified), ("(U//L\u{C9}S)", "M02", .unclassified),
    ("(U//L\u{415}S)", "M02", .unclassified), ("(\u{421}//LES)", "M02", .unclassified),
    ("(U//REL TO CAN)", "M02", .unclassified), ("(U//REL TO USA, XXX)", "M02", .unclassified),
    ("(U//REL TO)", "M02", .unclassified), ("(U//REL TO FVEY)", "M02", .unclassified), ("(//)", "M02", .unclassified),
    ("(TS//NF", "M02", .topSecret), ("(U//TLP:ORANGE)", "M09", .unclassified), ("(TLP:ORANGE)", "M09", .unclassified),
    ("(LES ONLY)", "M02", .unclassified), ("(U FOUO)", "M02", .unclassified), ("(U NF)", "M02", .unclassified),
    ("(U//LES)(L\u{200B}ES)", "M02", .unclassified), ("(U) (\u{FF35}\u{FF0F}\u{FF0F}LES)", "M02", .unclassified),
  ]) func unknown(_ text: String, _ rule: String, _ level: Level) {
    let reading = read(text + " Words")
    #expect(reading.mark?.label(basis: .closed) == .top(.unknownToken, level: level))
    #expect(rules(reading).contains(rule))
    #expect(reading.problems.allSatisfy { $0.canonical == nil })
  }

  @Test(arguments: [
    ("(CUI//SP-LEI)", "M08"), ("(CUI//SSI)", "M08"), ("(CUI//LES)", "M02"), ("(CUI//XYZ)", "M02"), ("(S//CUI)", "M02"),
  ]) func unknownCUI(_ text: String, _ rule: String) {
    let reading = read(text, .cui)
    #expect(rules(reading) == [rule])
    #expect(reading.mark?.label(basis: .closed).obstacles == [.unknownToken])
  }

  @Test func schemes() {
    #expect(rules(read("(CUI)", .legacy)) == ["M07"])
    #expect(rules(read("(U//FOUO)", .cui)) == ["M07"])
    #expect(rules(read("(U//REL TO USA, CAN)", .cui)) == ["M07"])
    #expect(rules(read("(CUI) (U//LES)", .tlp)).contains("M07"))
    #expect(read("(CUI) (U//LES)", .tlp).mark?.label(basis: .closed).atoms == [.government, .cuiBasic, .les])
    for scheme in Scheme.allCases { #expect(rules(read("(U) (TLP:RED)", scheme)) == []) }
  }

  @Test func tetragraphsAreExpanded() {
    let reading = read("(U//REL TO USA, JPN, FVEY)")
    #expect(reading.problems == [])
    #expect(reading.mark?.mark?.releasableTo == ["AUS", "CAN", "GBR", "JPN", "NZL", "USA"])
    #expect(rules(read("(U//REL TO USA, FVEY, JPN)")) == ["M03"])
    #expect(read("(U//REL TO USA, ACGU) (U//REL TO USA, TEYE)").mark?.mark?.releasableTo == ["AUS", "GBR", "USA"])
  }

  /// Where the mark ends and the text begins.
  @Test(arguments: [
    ("(U) (See annex) text", "(U)"), ("(U) text (LES)", "(U)"), ("(U)", "(U)"), ("\u{A0}(U//LES) x", "(U//LES)"),
    ("(U) (c) 2026", "(U)"), ("(U) (ts) text", "(U)"), ("(U)\u{A0}(TLP:RED) x", "(U)\u{A0}(TLP:RED)"),
    ("(U) (Secret) x", "(U) (Secret)"), ("(U) (C) x", "(U) (C)"),
    ("(U) (http://example.org) x", "(U) (http://example.org)"),
    ("(U) (pr) text", "(U)"), ("(U) (controlled) burn", "(U)"), ("(U)\u{200B}(U//LES) x", "(U)\u{200B}(U//LES)"),
    ("(U) (A) text", "(U)"), ("(U) ((LES)) text", "(U) ((LES)"), ("(U) [LES] text", "(U)"), ("(U) (", "(U)"),
    ("(U) () text", "(U)"), ("(U) (Secret Service detail) x", "(U)"),
  ]) func extent(_ text: String, _ written: String) {
    #expect(read(text).written == written)
  }

  @Test(arguments: [
    "", " ", "text (U)", "(c) 2026", "(s)", "(ts)", "(see annex)", "(", "()", ")", "[U]", "U//LES", "(1)",
  ])
  func noMark(_ text: String) {
    #expect(read(text) == MarkReader.read("", registry: registry, scheme: .legacy))
    #expect(read(text).mark == nil)
  }

  @Test func bare() {
    func bare(_ text: String, _ scheme: Scheme = .legacy) -> MarkReading {
      MarkReader.readBare(text, registry: registry, scheme: scheme)
    }
    #expect(bare("U//LES").mark?.text == "(U//LES)")
    #expect(bare("U//LES").problems == [])
    #expect(bare(" (U//LES) ").problems == [])
    #expect(bare("U//FOUO//LES").problems.map(\.canonical) == ["U//LES"])
    #expect(bare("U//FOUO//TLP:AMBER").problems.map(\.canonical) == ["(U//FOUO) (TLP:AMBER)"])
    #expect(bare("").mark == nil)
    #expect(bare("see annex").mark?.label(basis: .closed) == .top(.unknownToken))
    #expect(bare("(U) and more").mark?.label(basis: .closed) == .top(.unknownToken))
    #expect(bare("(see) more").mark?.label(basis: .closed) == .top(.unknownToken))
    #expect(bare("c").mark?.level == .confidential)
    #expect(rules(bare("CUI")) == ["M07"])
    #expect(bare("CUI//LEI", .cui).mark?.mark?.categories == ["LEI"])
  }

  @Test func trafficLightValue() {
    #expect(MarkReader.readTrafficLight("GREEN") == .green)
    #expect(MarkReader.readTrafficLight("TLP:AMBER+STRICT") == .amberStrict)
    #expect(MarkReader.readTrafficLight("WHITE") == nil)
    #expect(MarkReader.readTrafficLight("TLP:WHITE") == nil)
    #expect(MarkReader.readTrafficLight("") == nil)
  }
}
