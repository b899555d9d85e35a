// The explanations of C and A: what a bulletin says, and whether everybody can read it.

import Bulletins

extension RuleExplanation {
  static let content: [RuleExplanation] = [
    RuleExplanation(
      "C01", "personal numbers without the pii gate", .warning,
      what:
        "A social security number, date of birth, telephone number, license plate or driving license number, and the "
        + "pii gate is not open. Telephone numbers of the site file are hotlines and are left out.",
      why: "Personal data needs a purpose that somebody can review; most bulletins lose nothing without it.",
      source: "bulletin-format.md; G.L. c. 93H; the center's privacy policy",
      bad: "(U) The buyer, SSN 219-09-9999, was asked and denies it.", good: "(U) The buyer was asked and denies it."),
    RuleExplanation(
      "C02", "a named US person without the us-persons gate", .warning,
      what: "A name tagged `[name]{usper}`, or the name of a `subject`, and the us-persons gate is not open.",
      why: "Who is named, why, and under which rules must be decided by a person, and the product must say so.",
      source: "Executive Order 12333; the center's privacy policy",
      bad: "(U) The dealer [Alder Quince]{usper} bought wire.", good: "(U) A scrap dealer bought wire."),
    RuleExplanation(
      "C03", "lawful expression without the first-amendment gate", .warning,
      what: "Words of protest, assembly, belief or opinion, and the first-amendment gate is not open.",
      why:
        "What people lawfully say or believe may not be collected on its own; where it must be named, somebody says why.",
      source: "First Amendment; 28 CFR 23.20(b)",
      bad: "(U) We ask whether the protest on 12 November has to do with it.",
      good: "(U) We ask whether the thefts of 12 November have to do with it."),
    RuleExplanation(
      "C04", "a juvenile without the gate", .warning,
      what: "A person under eighteen, by a word or an age, and the juvenile gate is not open.",
      why: "Records of juveniles have rules of their own, and readers must handle them so.",
      source: "G.L. c. 119 s. 60A",
      bad: "(U) A 15-year-old boy was with them.", good: "(U) Another person was with them."),
    RuleExplanation(
      "C05", "criminal history numbers or NCIC output", .warning,
      what: "An FBI or state identification number, or a line of NCIC output. No gate opens this.",
      why: "Criminal history leaves its systems only to those who ask there, and each use is logged there.",
      source: "28 CFR 20.33; CJIS Security Policy 4.2",
      bad: "(U) One buyer has a record: FBI/000000XX0.", good: "(U) One buyer is known to police."),
    RuleExplanation(
      "C06", "a count of 1 to 4 in a statistics table", .warning,
      what:
        "A count of 1 to 4 in a column of counts; years, ranks, shares and rates are none. Looked at in series whose "
        + "template asks for \"Method and limits\", and under the heading \"Statistics\" of others. It proposes which "
        + "further cells to hide, so that no total gives it back. Also a total, or a row in bold, that gives hidden "
        + "counts back, and a share or a change printed beside one.",
      why: "A small count with a place and a period tells who it was.",
      source: "practice of statistical agencies; decision 41",
      bad: "## (U) Statistics\n\n(U) Table 1\n\n| Region | Thefts |\n|---|---:|\n| Central | 47 |\n| Northeast | 3 |",
      good: "## (U) Statistics\n\n(U) Table 1\n\n| Region | Thefts |\n|---|---:|\n| Central | 47 |\n| Northeast | <5 |"),
    RuleExplanation(
      "C07", "a personal name in a statistics series", .warning,
      what:
        "A tagged name or a `subject` with a name in a series of statistics: an error where its template requires a "
        + "section \"Method and limits\". What looks like a name after a title, a rank or a role is a warning. No gate "
        + "opens this.",
      why: "Statistics say how many, never who.", source: "bulletin-format.md",
      bad: "(U) One yard belongs to [Alder Quince]{usper}.\n\n## (U) Method and limits\n\n(U) Reports by date.",
      good: "(U) One yard stands out.\n\n## (U) Method and limits\n\n(U) Reports by date."),
    RuleExplanation(
      "C08", "words of likelihood and confidence", .warning,
      what: "Likelihood and confidence in one sentence; in key judgments also a word that is not on the scale, a word "
        + "beside the band of another, and a judgment without its confidence.",
      why:
        "Readers take different things from \"possible\"; the scale gives each word one band, and confidence says how "
        + "good the ground is.", source: "ICD 203, D.6.e(2)",
      bad: "## (U) Key judgments\n\n(U) We judge with high confidence that more thefts are likely (55-80%).",
      good: "## (U) Key judgments\n\n(U) More thefts are likely (55-80%). Confidence is moderate: two reports agree."),
    RuleExplanation(
      "C09", "no source", .warning, what: "The bulletin has no source at all.",
      why:
        "Citing is the only way in which a portion has a source; without one nobody can weigh it or ask for consent.",
      source: "ICD 206; bulletin-format.md", .frontMatter,
      bad: "sources: []", good: "sources:\n  - { id: s1, describe: \"(U//FOUO) Police report\" }"),
    RuleExplanation(
      "C10", "expired", .warning, what: "The bulletin is past its expiry at the time of the check.",
      why: "Release refuses it: nobody would be sent it.", source: "release-policy.md", .frontMatter,
      bad: "expires: 2026-11-20", good: "expires: 2026-12-20"),
  ]

  static let accessibility: [RuleExplanation] = [
    RuleExplanation(
      "A01", "image without alt text", .warning,
      what: "A figure or chart without alternative text, or with the name of a file in its place; a chart whose text "
        + "says a number that is not in its data.",
      why: "Whoever hears the bulletin, or reads it without pictures, learns nothing of it.", source: "WCAG 2.2, 1.1.1",
      bad: "![](wire.png \"(U) Figure 1. A cut wire.\")",
      good: "![A cut wire beside a fence post](wire.png \"(U) Figure 1. A cut wire.\")"),
    RuleExplanation(
      "A02", "table without header row", .warning, what: "A table whose header row is empty.",
      why: "A screen reader says the header with every cell.", source: "WCAG 2.2, 1.3.1",
      bad: "(U) Table 1\n\n| | |\n|---|---|\n| Gardner | four |",
      good: "(U) Table 1\n\n| Town | Towers |\n|---|---|\n| Gardner | four |"),
    RuleExplanation(
      "A03", "heading level skipped", .warning,
      what: "A heading more than one level below the heading before it; the title is level 1.",
      why: "Readers who move by headings look for the level in between.", source: "WCAG 2.2, 1.3.1",
      bad: "## (U) Threat\n\n#### (U) Method", good: "## (U) Threat\n\n### (U) Method"),
    RuleExplanation(
      "A04", "link text that says nothing", .warning,
      what: "A link that says \"here\", \"this link\" or the like. A bare address is fine.",
      why: "Links are listed and read aloud without the words around them.", source: "WCAG 2.2, 2.4.4",
      bad: "(U) The form is [here](https://portal.example.gov/report).",
      good: "(U) Use [the report form](https://portal.example.gov/report)."),
  ]

  static let distribution: [RuleExplanation] = [
    RuleExplanation(
      "D01", "subject line above the header ceiling",
      what: "The short title is marked above what headers may carry (`header-ceiling`).",
      why: "Headers are not protected on their way; subjects would say the public name of the series instead.",
      source: "release-policy.md, section 5", .words,
      bad: "short-title: \"(U//DSEN) Thefts of ground wire\"", good: "short-title: \"(U) Thefts of ground wire\""),
    RuleExplanation(
      "D02", "readers left out because facts expired", .warning,
      what:
        "Readers of its lists who get nothing, or less, because an agreement, a vetting or a statement ended; found by "
        + "deciding again as if every date still held.",
      why: "Nobody notices what they are not sent. Whoever keeps the list can renew the fact before the release.",
      source: "release-policy.md, section 1", .words,
      bad: "agreements: { nda: 2026-11-21 }", good: "agreements: { nda: 2027-11-21 }"),
    RuleExplanation(
      "D03", "shared mailbox left with nothing", .warning,
      what: "A shared mailbox, or a system without a valid statement, on a list whose ceiling has LES, that would get "
        + "nothing of this bulletin although one person with its facts would. That it is on such a list at all is L06.",
      why: "LES is never sent where several people read, so a whole desk would learn nothing.",
      source: "release-policy.md; decision 44", .words,
      bad: "## (U) Bottom line\n\n(U//LES) Two stops ...",
      good: "## (U) Bottom line\n\n(U//LES) Two stops ...\n\n::: tearline\n(U//FOUO) Officers should ...\n:::"),
    RuleExplanation(
      "D04", "the audience of a list changed", .warning,
      what: "The members of a list changed by more than its `alert-on-change` since something was last released by it: "
        + "those who joined and those who left, against those it had.",
      why: "A file exported wrongly adds or loses readers by the dozen and is no error of its own.",
      source: "site-files.md; decision 44", .words,
      bad: "list `all` has 8 readers, 1 new and 3 gone since CFC-OS-2026-0042, which had 10",
      good: "a change that somebody looked at with `revere audience`, and accepted with --accept D04"),
    RuleExplanation(
      "D05", "a variant that would be hollow", .warning,
      what:
        "Readers who meet the title, and for whom a required section would be empty: they get nothing. An error for "
        + "urgency immediate, unless the section was accepted; else a warning, and only where they may see the first "
        + "section.",
      why: "An empty shell helps nobody, and in a hurry nobody may be left out unnoticed.",
      source: "release-policy.md, section 4; decision 44", .words,
      bad: "## (U) Timeline\n\n(U//LES) The first theft ...",
      good: "## (U) Timeline\n\n(U//LES) The first theft ...\n\n::: tearline\n(U) All thefts fell in November.\n:::"),
    RuleExplanation(
      "D06", "sent to nobody", .warning,
      what: "Its lists, or `to:`, bring no reader, or none of those they bring may have any of it.",
      why: "A release uses up a serial and looks like any other; a list that was renamed must not pass unnoticed.",
      source: "site-files.md, lists", .words,
      bad: "lists: []", good: "lists: [officer-safety-statewide]"),
  ]
}
