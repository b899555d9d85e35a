// From marks to labels: base atom, countries, what recorded decisions open and what they never open.

import Markings
import Testing

@Suite struct PortionLabelTests {
  private func label(_ text: String, _ basis: ReleaseBasis = .closed, _ scheme: Scheme = .legacy) -> Label {
    read(text, scheme).mark?.label(basis: basis) ?? .top(.unmarked)
  }

  @Test func uIsNotPublic() {
    #expect(label("(U)") == Label(atoms: [.government], countries: .only(["USA"])))
  }

  @Test(arguments: [
    ("(U//FOUO)", [Atom.fouo]), ("(U//LES-NF)", [.les, .noforn]), ("(U//FOUO//LES)", [.fouo, .les]),
    ("(U//DSEN)", [.deaSensitive]), ("(U//OC)", [Atom("ORCON")]), ("(U//XD)", [Atom("EXDIS")]),
    ("(U//SBU-NF)", [Atom("SBU"), .noforn]), ("(U//FOUO) (TLP:AMBER)", [.fouo, Atom("TLP:AMBER")]),
    ("(U//REL TO USA)", [.noforn]), ("(U//REL TO USA, CAN) (U//REL TO USA, GBR)", [.noforn]),
  ]) func atoms(_ text: String, _ atoms: [Atom]) {
    #expect(label(text).atoms == Set(atoms).union([.government]))
    #expect(label(text, ReleaseBasis(base: .partner)).atoms == Set(atoms).union([.partner]))
    #expect(label(text, ReleaseBasis(base: .open)).atoms == Set(atoms))
  }

  @Test func cuiAtoms() {
    #expect(
      label("(CUI//SP-SSI/LEI//NOCON/NOFORN)", .closed, .cui).atoms
        == [.government, .cuiBasic, Atom("CUI//SP-SSI"), Atom("CUI//LEI"), Atom("NOCON"), .noforn])
  }

  @Test func countries() {
    let canada = ReleaseBasis(foreign: ["CAN"])
    #expect(label("(U//REL TO USA, CAN, GBR)", canada).countries == .only(["CAN", "USA"]))
    #expect(label("(U//REL TO USA, CAN)").countries == .only(["USA"]))
    #expect(label("(U)", canada).countries == .only(["USA"]))
    #expect(label("(U//REL TO USA, CAN) (U)", canada).countries == .only(["USA"]))
    #expect(label("(U//DISPLAY ONLY CAN)", canada).countries == .only(["USA"]))
  }

  @Test func publicReleaseOpensOnlyWhatHasNoForeignReleaseMark() {
    let open = ReleaseBasis(base: .open, openToAllCountries: true)
    #expect(label("(U)", open) == .bottom)
    #expect(label("(U//REL TO USA, CAN)", open).countries == .only(["USA"]))
    #expect(label("(U//NF)", open).countries == .only(["USA"]))
    #expect(label("(U//DISPLAY ONLY CAN)", open).countries == .only(["USA"]))
  }

  @Test func top() {
    #expect(PortionMark().label(basis: .closed) == .top(.unmarked))
    #expect(label("(TS//XYZ)") == .top(.unknownToken, level: .topSecret))
  }

  @Test func effective() {
    let mark = read("(U//FOUO/REL TO USA, CAN, GBR)").mark
    #expect(mark?.effective(granted: ["CAN"]).text == "(U//FOUO/REL TO USA, CAN)")
    #expect(mark?.effective(granted: []).text == "(U//FOUO)")
    #expect(mark?.effective(granted: ["CAN", "GBR", "JPN"]).text == mark?.text)
    #expect(read("(U//NF)").mark?.effective(granted: []).text == "(U//NF)")
  }

  /// The label of marks joined demands at least what the labels joined demand, and the join of marks is a semilattice.
  @Test func joinOfMarks() {
    let marks = portions([
      "(U)", "(U//FOUO)", "(U//LES-NF)", "(U//REL TO USA, CAN)", "(U//REL TO USA, GBR)", "(U//REL TO USA, CAN, GBR)",
      "(CUI//LEI//NOCON)", "(TLP:RED)", "(U) (TLP:GREEN)", "(S//DISPLAY ONLY CAN)", "(U//XYZ)",
    ])
    let basis = ReleaseBasis(foreign: ["CAN", "GBR"])
    for a in marks {
      #expect(a.joined(a) == a)
      for b in marks {
        #expect(a.joined(b).text == b.joined(a).text)
        // A TLP mark alone is part of the mark beside it, not a second one.
        if a.mark != nil, b.mark != nil {
          let joined = a.joined(b).label(basis: basis)
          #expect(a.label(basis: basis).joined(b.label(basis: basis)).isAtMost(joined, under: AtomOrder()))
        }
        for c in marks { #expect(a.joined(b).joined(c) == a.joined(b.joined(c))) }
      }
    }
  }
}
