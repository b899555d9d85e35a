// The vectors of the roll-up table, by number, and the rules that it leaves implicit.

import Markings
import Testing

@Suite struct RollUpTests {
  static let vectors: [(Int, Scheme, [String], String?)] = [
    (1, .legacy, ["(U)"], "UNCLASSIFIED"),
    (2, .legacy, ["(U)", "(U//FOUO)"], "UNCLASSIFIED//FOUO"),
    (3, .legacy, ["(U//FOUO)", "(U//LES)"], "UNCLASSIFIED//LES"),
    (4, .legacy, ["(U//FOUO)", "(U//LES-NF)"], "UNCLASSIFIED//LES NOFORN"),
    (5, .legacy, ["(U//LES)", "(U//LES-NF)"], "UNCLASSIFIED//LES NOFORN"),
    (6, .legacy, ["(U//FOUO)", "(U//NF)"], "UNCLASSIFIED//FOUO/NOFORN"),
    (7, .legacy, ["(U//FOUO)", "(U//SSI)"], "UNCLASSIFIED//SSI"),
    (8, .legacy, ["(U//LES)", "(U//SSI)"], "UNCLASSIFIED//LES/SSI"),
    (9, .legacy, ["(U//NF//SSI)"], "UNCLASSIFIED//NOFORN//SSI"),
    (10, .legacy, ["(S//REL TO USA, GBR)", "(U//LES-NF)"], "SECRET//NOFORN//LES"),
    (11, .legacy, ["(S//REL TO USA, JPN, GBR)", "(S//REL TO USA, GBR)"], "SECRET//REL TO USA, GBR"),
    (12, .legacy, ["(S//REL TO USA, JPN)", "(S//REL TO USA, GBR)"], "SECRET//NOFORN"),
    (13, .legacy, ["(S//NF)", "(U//FOUO)"], "SECRET//NOFORN"),
    (14, .legacy, ["(U//DSEN)", "(U//FOUO)"], "UNCLASSIFIED//DEA SENSITIVE"),
    (15, .legacy, ["(U)", "(U//XYZ)"], nil),
    (16, .legacy, [], nil),
    (17, .cui, ["(CUI)", "(CUI//SP-SSI//NOFORN)", "(U)"], "CUI//SP-SSI//NOFORN"),
    (18, .cui, ["(CUI//SP-CHRI)", "(CUI//LEI)"], "CUI//SP-CHRI/LEI"),
    (19, .tlp, ["(TLP:GREEN)", "(TLP:AMBER+STRICT)", "(TLP:AMBER)"], "TLP:AMBER+STRICT"),
    (20, .legacy, ["(U//FOUO) (TLP:AMBER)", "(U) (TLP:GREEN)"], "UNCLASSIFIED//FOUO"),
    (21, .legacy, ["(U//REL TO USA, CAN)", "(U)"], "UNCLASSIFIED"),
    (22, .legacy, ["(U//REL TO USA, CAN)", "(U//REL TO USA, GBR)"], "UNCLASSIFIED//NOFORN"),
    (23, .legacy, ["(U//NF)", "(U//LES)"], "UNCLASSIFIED//LES NOFORN"),
  ]

  @Test(arguments: vectors) func vector(_ number: Int, _ scheme: Scheme, _ texts: [String], _ banner: String?) {
    let marks = portions(texts, scheme)
    #expect(marks.count == texts.count)
    #expect(RollUp.banner(marks, scheme: scheme)?.text == banner, "vector \(number)")
    #expect(RollUp.banner(marks.reversed(), scheme: scheme)?.text == banner, "vector \(number), reversed")
  }

  @Test func refusedVectorsKeepTheirLevel() {
    for (number, _, texts, _) in Self.vectors where (10...13).contains(number) {
      #expect(portions(texts).map(\.level).max() == .secret)
    }
    #expect(read("(U//XYZ)").mark?.label(basis: .closed) == .top(.unknownToken))
  }

  @Test func trafficLightStandsApart() {
    let banner = RollUp.banner(portions(["(U//FOUO) (TLP:AMBER)", "(U) (TLP:GREEN)"]), scheme: .legacy)
    #expect(banner?.trafficLight == .amber)
    #expect(banner?.colour == .unclassified)
    let alone = RollUp.banner(portions(["(TLP:GREEN)"], .tlp), scheme: .tlp)
    #expect(alone == Banner(text: "TLP:GREEN", trafficLight: .green, colour: .trafficLight))
  }

  @Test(arguments: [
    (["(U//FOUO)", "(U//REL TO USA, CAN)"], "UNCLASSIFIED//FOUO"),
    (["(U//FOUO/REL TO USA, CAN)", "(U//REL TO USA, CAN)"], "UNCLASSIFIED//FOUO/REL TO USA, CAN"),
    (["(U//REL TO USA, CAN)", "(U//REL TO USA, GBR)", "(U)"], "UNCLASSIFIED//NOFORN"),
    (["(U//FOUO/DISPLAY ONLY CAN)"], "UNCLASSIFIED//FOUO/DISPLAY ONLY CAN"),
    (["(U//REL TO USA, CAN, GBR)", "(U//DISPLAY ONLY CAN)"], "UNCLASSIFIED//DISPLAY ONLY CAN"),
    (["(U//DISPLAY ONLY CAN)", "(U//REL TO USA, GBR)"], "UNCLASSIFIED//NOFORN"),
    (["(U//FOUO)", "(U//PCII)"], "UNCLASSIFIED//PCII"),
    (["(U//FOUO)", "(U//XD)", "(U//ND)"], "UNCLASSIFIED//NODIS"),
    (["(S//OC/NF)", "(S//OC-USGOV/NF)"], "SECRET//ORCON/NOFORN"),
    (["(S//REL TO USA, GBR)", "(S)"], "SECRET//NOFORN"),
    (["(S//REL TO USA, GBR)", "(U)"], "SECRET//REL TO USA, GBR"),
    (["(TS//RELIDO)", "(C//RELIDO)"], "TOP SECRET//RELIDO"),
    (["(C//RELIDO)", "(C//REL TO USA, GBR)"], "CONFIDENTIAL//NOFORN"),
    (["(U//SBU-NF)", "(U//SSI)"], "UNCLASSIFIED//SBU NOFORN/SSI"),
  ]) func rule(_ texts: [String], _ banner: String) {
    #expect(RollUp.banner(portions(texts), scheme: .legacy)?.text == banner)
  }

  @Test(arguments: [
    (["(CUI)", "(CUI//REL TO USA, CAN)"], "CUI"),
    (["(CUI//REL TO USA, CAN)", "(CUI//LEI//REL TO USA, CAN)"], "CUI//LEI//REL TO USA, CAN"),
    (["(CUI//REL TO USA, CAN)", "(CUI//REL TO USA, GBR)"], "CUI//NOFORN"),
    (
      ["(CUI//SP-SSI/INV)", "(CUI//SP-CHRI/LEI//NOCON)", "(CUI//FED ONLY)"],
      "CUI//SP-CHRI/SP-SSI/INV/LEI//FED ONLY/NOCON"
    ),
    (["(CUI)", "(U//LES)"], "CUI//LES"),
    (["(CUI)", "(S//NF)"], "SECRET//CUI//NOFORN"),
  ]) func cui(_ texts: [String], _ banner: String) {
    #expect(RollUp.banner(portions(texts, .cui), scheme: .cui)?.text == banner)
  }

  @Test func unmarkedHasNoBanner() {
    #expect(RollUp.banner([PortionMark()], scheme: .legacy) == nil)
  }

  @Test func noticesComeFromPortionsNotFromTheBanner() {
    #expect(NoticeKind.triggered(by: portions(["(U//FOUO)", "(U//LES)"])) == [.fouo, .les])
    #expect(NoticeKind.triggered(by: portions(["(U//LES-NF)"])) == [.lesNoforn])
    #expect(NoticeKind.triggered(by: portions(["(U)", "(U//NF)"])).isEmpty)
    #expect(NoticeKind.triggered(by: portions(["(U//SSI)", "(U//PCII)"])) == [.ssi, .pcii])
    #expect(NoticeKind.triggered(by: portions(["(CUI//SP-SSI)"], .cui)) == [.ssi, .cui])
  }
}
