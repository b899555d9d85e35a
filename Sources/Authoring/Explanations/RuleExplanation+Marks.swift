// The explanations of M: portion marks and what they demand (Documentation/bulletins.md, Marks).

import Bulletins

extension RuleExplanation {
  static let marks: [RuleExplanation] = [
    RuleExplanation(
      "M01", "missing mark, or a mark inside a block",
      what:
        "A block, title or description without a portion mark; a mark at the start of a later line of a block, or of "
        + "a table's cell.",
      why:
        "What has no mark is readable by nobody. Lines without a blank line between them are one paragraph in Markdown, "
        + "and so one portion with both marks.", source: "markings.md, section 2",
      bad: "(U) Six towers were damaged.\n(U//FOUO) Two owners reported it.",
      good: "(U) Six towers were damaged.\n\n(U//FOUO) Two owners reported it."),
    RuleExplanation(
      "M02", "unknown token", what: "A word in a mark that is in no table of markings.",
      why: "Nobody can tell what it demands, so it is not guessed at: the portion is readable by nobody.",
      source: "CAPCO Register, section G", bad: "(U//XYZ) Text", good: "(U//FOUO) Text"),
    RuleExplanation(
      "M03", "wrong order, separator or spacing",
      what: "A mark that is understood and is not in its canonical form. The fix writes it in the register's order.",
      why: "Readers and machines compare marks letter by letter.", source: "CAPCO Register, sections A.6 and D",
      bad: "(U//NF/FOUO) Text", good: "(U//FOUO/NF) Text"),
    RuleExplanation(
      "M04", "banner form in a portion mark, or the reverse",
      what: "A portion mark that spells out what a banner spells out. The fix writes the portion form.",
      why: "The two forms are for two places; mixed, they are read as two different marks.",
      source: "CAPCO Register, section D", bad: "(UNCLASSIFIED//FOUO) Text", good: "(U//FOUO) Text"),
    RuleExplanation(
      "M05", "FOUO beside LES, SSI or DSEN in one mark", .warning,
      what: "FOUO in a mark with a stricter control. The fix leaves it out, where the policy demands it of the other.",
      why: "The stricter control demands what FOUO demands; banners leave FOUO out as well.",
      source: "CAPCO Register, section H", bad: "(U//FOUO//LES) Text[^s1]", good: "(U//LES) Text[^s1]"),
    RuleExplanation(
      "M06", "heading above a block under it; short title above the title",
      what:
        "A heading whose mark demands more than a block below it, or a short title that demands more than the title.",
      why: "Whoever may read the block would not see under which heading it stands.", source: "markings.md, section 2",
      bad: "## (U//FOUO) Threat\n\n(U) Wire was cut.", good: "## (U) Threat\n\n(U) Wire was cut."),
    RuleExplanation(
      "M07", "legacy and CUI marks in one bulletin", what: "Marks of both schemes in one bulletin.",
      why: "They have different banners and rules; a reader could not tell which holds for the whole.",
      source: "32 CFR 2002; markings.md, section 6", bad: "(CUI) Text", good: "(U//FOUO) Text"),
    RuleExplanation(
      "M08", "CUI category or control in the wrong group",
      what: "A dissemination control where categories stand, or the reverse; SP- on a category that is Basic only.",
      why: "The place says what the word means.", source: "NARA CUI Marking Handbook 1.1; CUI registry", .words,
      bad: "(CUI//NOFORN//LEI) Text", good: "(CUI//LEI//NOFORN) Text"),
    RuleExplanation(
      "M09", "TLP that is not 2.0, alone outside scheme tlp, or RED for nobody",
      what: "TLP:WHITE, which is TLP:CLEAR since 2022; a TLP mark alone where the scheme is not tlp; TLP:RED or "
        + "DL ONLY without `to:`.",
      why: "TLP says how far to pass on, not who may read: beside another scheme it does not stand alone. RED and DL "
        + "ONLY are for those who are named; without names nobody gets it.",
      source: "FIRST TLP 2.0", bad: "(TLP:GREEN) Text", good: "(U) (TLP:GREEN) Text"),
    RuleExplanation(
      "M10", "a triggered notice has no text",
      what:
        "A mark, gate or proposal demands a notice, and templates/notices/ has no text for it; or the text of a notice has no name, says "
        + "nothing, or cannot be filled in.",
      why: "A product without its notice must not leave the center.", source: "markings.md, section 6", .words,
      bad: "templates/notices/ssi.txt is missing and a portion is marked (U//SSI)",
      good: "templates/notices/ssi.txt says what 49 CFR 15 and 1520 ask for"),
    RuleExplanation(
      "M11", "CUI without designation indicator",
      what: "A bulletin of scheme cui, and revere.yaml does not say who controls its CUI.",
      why: "Each CUI document must name its controlling agency and a point of contact.",
      source: "32 CFR 2002.20(d); NARA CUI Marking Handbook 1.1", .words,
      bad: "site: { id: cfc }", good: "site: { id: cfc, cui: { controlled-by: \"CFC\", point-of-contact: watch } }"),
    RuleExplanation(
      "M12", "above U: spillage", what: "Anything marked above unclassified, anywhere in the file.",
      why: "No classified path exists here. Stop, and follow your center's spillage procedure.",
      source: "markings.md, section 6", bad: "(S//NF) Text", good: "(U) Text"),
    RuleExplanation(
      "M13", "SSI or PCII originated here",
      what: "SSI or PCII, and no source stands behind it whose originator may mark it (`may-originate`).",
      why: "A center carries them forward and does not originate them.", source: "49 CFR 1520; 6 CFR 29",
      bad: "(U//SSI) The measures of annex B.", good: "(U//FOUO) Measures are in place; ask the airport."),
    RuleExplanation(
      "M14", "FED ONLY or FEDCON inbound", what: "A control that excludes state and local readers.",
      why: "Nobody at a state center may read it; it must not have come in.", source: "CUI registry, LDCs", .words,
      bad: "(CUI//FEDCON) Text", good: "ask the originator for a version that may be shared"),
    RuleExplanation(
      "M15", "LES or SSI mixed with other material", .warning,
      what: "LES or SSI together with other material in one portion, and no source cited.",
      why: "Segregated, each part reaches those who may read it; a citation says whose mixture it is.",
      source: "markings.md, section 6", bad: "(U//LES/SSI) Text", good: "(U//LES) Text"),
    RuleExplanation(
      "M16", "nested item lower than its parent", .warning,
      what: "A nested list item that demands less than the item in which it stands.",
      why: "It is shown even when its parent is hidden, and then stands alone.", source: "markings.md, section 2",
      bad: "- (U//LES) Sellers pack the part in a box.[^s1]\n  - (U) It is small.",
      good: "- (U) The part is small.\n  - (U//LES) Sellers pack it in a box.[^s1]"),
  ]
}
