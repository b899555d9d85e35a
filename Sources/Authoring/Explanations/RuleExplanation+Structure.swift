// The explanations of F and S: front matter, sections and directives.

import Bulletins

extension RuleExplanation {
  static let frontMatter: [RuleExplanation] = [
    RuleExplanation(
      "F01", "key missing", what: "A key that the format or the series' template demands is not there.",
      why: "Release, products or readers rely on it.", source: "bulletin-format.md, Front matter", .words,
      bad: "series: officer-safety\n(no `authors`)", good: "series: officer-safety\nauthors: [a.okafor]"),
    RuleExplanation(
      "F02", "key unknown or repeated", what: "A key that the format does not know, or one that stands there twice.",
      why: "A key with a typing error would silently do nothing; of two, nobody knows which counts.",
      source: "bulletin-format.md, Front matter", .frontMatter,
      bad: "expiry: 2026-12-20", good: "expires: 2026-12-20"),
    RuleExplanation(
      "F03", "wrong type, or a value that YAML would cut",
      what:
        "A value of the wrong kind; ` #` or `: ` in a title or description without quotes. The fix puts the quotes.",
      why: "YAML takes ` #` for a comment and drops the rest of the title.", source: "YAML 1.2, 6.6 and 7.3.3",
      .frontMatter,
      bad: "title: (U//FOUO) Thefts on route #24", good: "title: \"(U//FOUO) Thefts on route #24\""),
    RuleExplanation(
      "F04", "a date that does not exist", what: "A day that no calendar has.",
      why: "It would never begin or never end.",
      source: "RFC 3339", .frontMatter, bad: "info-cutoff: 2026-11-31", good: "info-cutoff: 2026-11-20"),
    RuleExplanation(
      "F05", "a window that never opens",
      what: "The bulletin expires before its information cut-off, or begins after its expiry.",
      why: "Nobody would ever be sent it.", source: "release-policy.md, section 1", .frontMatter,
      bad: "expires: 2026-11-01", good: "expires: 2026-12-20"),
    RuleExplanation(
      "F06", "unknown series", what: "No folder of templates/ has the name of the series.",
      why: "Without its template there is no serial, no list and no required section.", source: "bulletin-format.md",
      .frontMatter, bad: "series: officers-safety", good: "series: officer-safety"),
    RuleExplanation(
      "F07", "unknown name",
      what:
        "A list, reader, organization, contact, source, topic, need or group that does not exist; a file that is not "
        + "beside the bulletin.",
      why: "It would push to nobody, cite nothing, or be a condition that nobody meets.", source: "site-files.md",
      .frontMatter, bad: "contacts: [wacth]", good: "contacts: [watch]"),
    RuleExplanation(
      "F08", "a gate that is true without a reason",
      what: "A release gate with `value: true` and no `reason`, or one of a single word.",
      why: "The reviewer of privacy and civil rights decides by the reason.", source: "bulletin-format.md",
      .frontMatter,
      bad: "pii: { value: true }", good: "pii: { value: true, reason: \"A wanted man is described\" }"),
    RuleExplanation(
      "F09", "a place that cannot be taken",
      what:
        "`supersedes` or `corrects` names this bulletin itself, one whose place is taken, or a version that another "
        + "followed; or both keys are there, or the key comes only with an update. Found at release, which asks the ledger.",
      why: "What is replaced is withdrawn from its readers at once, so it must be clear which bulletin is meant.",
      source: "decisions/0034", .words,
      bad: "supersedes: CFC-OS-2026-0003\ncorrects: CFC-OS-2026-0003", good: "supersedes: CFC-OS-2026-0003"),
  ]

  static let structure: [RuleExplanation] = [
    RuleExplanation(
      "S01", "required section missing or empty",
      what: "A section that the template requires is missing (line 1) or has nothing under its heading.",
      why: "Readers of the series rely on it.", source: "templates/SERIES/template.yaml", .words,
      bad: "## (U) Bottom line\n\n## (U) Threat", good: "## (U) Bottom line\n\n(U) Two stops this month ..."),
    RuleExplanation(
      "S02", "bottom line longer than three sentences", what: "More than three sentences under \"Bottom line\".",
      why: "It is what busy readers read, and what is read aloud: what, so what, now what.",
      source: "bulletin-format.md, Templates",
      bad: "## (U) Bottom line\n\n(U) One came. Two ran. Three hid. Four went home.",
      good: "## (U) Bottom line\n\n(U) One came and two ran. Three hid."),
    RuleExplanation(
      "S03", "tear line with nothing before it, or not below its block",
      what:
        "A tear line stands in for the one block or group right before it. None there is an error; one that demands "
        + "more than its block is a warning.",
      why: "Its readers are those who may not see that block.", source: "release-policy.md, section 4",
      bad: "## (U) Threat\n\n::: tearline\n(U) Text.\n:::",
      good: "## (U) Threat\n\n(U//LES) Text of a report.[^s1]\n\n::: tearline\n(U) Text.\n:::"),
    RuleExplanation(
      "S04", "directive unknown, misplaced or unclosed",
      what:
        "A `:::` line with a word or key that is not known, inside a list, quote or table, nested too deep, or never "
        + "closed.", why: "What it encloses could reach the wrong readers, or nobody.",
      source: "bulletin-format.md, Blocks",
      bad: "::: only sector=energy\n(U) Text.\n:::", good: "::: only sectors=energy\n(U) Text.\n:::"),
    RuleExplanation(
      "S05", "content that is refused",
      what:
        "Raw HTML, a link to another scheme than http, https, mailto or tel, a picture that is none, a citation in a "
        + "caption.", why: "Nothing of it is passed through to a product.", source: "bulletin-format.md",
      bad: "(U) A <b>bold</b> word.", good: "(U) A **bold** word."),
    RuleExplanation(
      "S06", "words of the starting text", .warning,
      what:
        "A line that is still as the template has it: a title, a sentence, an item, what a source is, a row of a table. "
        + "Rows of zeros are found once, where all of their table is left: in one row nothing may be true. What "
        + "`fixed-text` of template.yaml names may stay.",
      why: "It says what belongs there, or states what nobody has found out yet.", source: "templates.md", .words,
      bad: "(U) What happened, where and since when.", good: "(U) Two pumping stations in Lee were entered on Monday."),
  ]
}
