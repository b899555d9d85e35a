// What must hold before a release: who orders it, what the check says, what is decided with it.

import Authoring
import Bulletins
import Distribution
import Markings
import Store

enum ReleaseGates {
  static func check(
    _ file: BulletinFile, in workspace: Workspace, order: ReleaseOrder, around: CheckSurroundings, now: Instant
  ) throws {
    try checkPersons(by: order.by, second: order.second, in: workspace)
    guard isName(file.stem) else {
      throw ReleaseRefusal(
        .badName, "`\(file.stem)` cannot name a bulletin for good",
        hint: "call the file by letters, digits, dots, hyphens and underscores, 80 at most")
    }
    // A hollow variant of what goes at once the release itself refuses, for the time at which it starts.
    let front = file.read.document.frontMatter
    let isImmediate = (front.urgency ?? workspace.templates[front.series]?.urgency) == .immediate
    let findings = CheckBulletin.findings(file, in: workspace, now: now, around: around)
      .filter { !isImmediate || $0.rule != "D05" }
    if file.read.document.faults.contains(.spillage) {
      throw ReleaseRefusal(
        .spillage, "something in the file is marked above unclassified: no classified path exists here",
        hint: "follow your center's spillage procedure", findings: findings.filter { $0.rule == "M12" })
    }
    // C10 says the same of a bulletin that nobody orders out yet.
    let window = front.expires?.end(in: workspace.site.zone)
    if let window, now >= window {
      throw ReleaseRefusal(.expired, "the bulletin is past its expiry", hint: "give it a new `expires`")
    }
    let standing = findings.filter { $0.severity == .error || !order.acceptedRules.contains($0.rule) }
    if !standing.isEmpty {
      let rules = Set(standing.filter { $0.severity == .warning }.map(\.rule)).sorted()
      throw ReleaseRefusal(
        .findings, "the check has findings",
        hint: standing.contains { $0.severity == .error }
          ? "errors must be mended; see `revere check`"
          : "mend them, or accept them with \(rules.map { "--accept \($0)" }.joined(separator: " "))",
        findings: standing)
    }
    try checkDecisions(file, in: workspace, order)
  }

  /// The first must be a release authority; the second, where one is named, another reader of the center's.
  static func checkPersons(by: String, second: String?, in workspace: Workspace) throws {
    let authorities = workspace.site.releaseAuthorities
    guard authorities.contains(by) else {
      throw ReleaseRefusal(
        .notAnAuthority, "`\(by)` is no release authority of this site",
        hint: authorities.isEmpty
          ? "name them under `site: release-authority` in revere.yaml"
          : "the release authorities are: \(authorities.joined(separator: ", "))")
    }
    let readers = workspace.lists.readers()
    guard let authority = readers.first(where: { $0.id == by }), authority.stakeholder.status == .active else {
      throw ReleaseRefusal(
        .notAnAuthority, "`\(by)` is no active reader: whoever left or is suspended releases nothing",
        hint: "mend their `status`, or `site: release-authority` in revere.yaml")
    }
    guard let second else { return }
    guard second != by else {
      throw ReleaseRefusal(.second, "the second person must be another one than `\(by)`")
    }
    let person = readers.first { $0.id == second }
    guard let person, person.stakeholder.status == .active else {
      throw ReleaseRefusal(
        .second, "`\(second)` is \(person == nil ? "no reader of the center" : "not active")",
        hint: "name the second person by their reader id")
    }
    guard person.stakeholder.organization == authority.stakeholder.organization, person.stakeholder.mailbox == .person
    else {
      throw ReleaseRefusal(
        .second, "`\(second)` is no person of the organization of `\(by)`",
        hint: "the second person is one of the center's own, with `mailbox: person`")
    }
  }

  /// A decision counts for one state of the file. What still proposes to widen as the version before it did, or waits for
  /// the consent that one had, and has no decision of its own, would take itself away from readers who hold that version.
  static func refuseLostDecisions(
    _ revision: Revision, of bulletin: String, _ order: ReleaseOrder, in workspace: Workspace,
    _ session: any StoreSession, now: Instant
  ) throws {
    guard order.kind.bringsRevision, order.kind != .release,
      let last = try session.releases(bulletin: bulletin).last(where: { $0.kind.bringsRevision })
    else { return }
    let front = revision.document.frontMatter
    let decided = revision.decisions
    let authorities = workspace.site.releaseAuthorities
    let earlier = RecordedDecisions.effective(
      try session.recordedDecisions(revisionHash: last.revisionHash), authorities: authorities, now: now
    ).joined(
      DecisionRecord.effective(
        workspace.lists.decisions, bulletin: bulletin, revision: last.revisionHash, authorities: authorities, now: now
      ).decisions)
    var lost: [String] = []
    if front.privateRelease, earlier.privateRelease, !decided.privateRelease { lost.append("--private-release") }
    if front.publicRelease, earlier.publicRelease, !decided.publicRelease { lost.append("--public-release") }
    for country in Set(front.foreignRelease).intersection(earlier.foreignRelease).subtracting(decided.foreignRelease)
      .sorted()
    {
      lost.append("--foreign-release \(country)")
    }
    let waiting = Set(front.sources.filter { $0.consent == .required }.map(\.id))
    for source in earlier.consents.subtracting(decided.consents).intersection(waiting).sorted() {
      lost.append("--consent \(source)")
    }
    guard !lost.isEmpty else { return }
    throw ReleaseRefusal(
      .undecided, "\(last.serial) was released with \(lost.joined(separator: ", ")), and this version is not",
      hint: "its readers would lose what that opened: decide it again with \(lost.joined(separator: " ")) "
        + "--reason \"..\", or take out of the file what asks for it")
  }

  /// The stem is the bulletin's identity in the store, in decisions and for other bulletins that name it.
  private static func isName(_ stem: String) -> Bool {
    (1...80).contains(stem.utf8.count)
      && stem.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
          || $0 == 0x2E || $0 == 0x5F
      }
  }

  private static func checkDecisions(_ file: BulletinFile, in workspace: Workspace, _ order: ReleaseOrder) throws {
    let front = file.read.document.frontMatter
    let decided = order.decisions
    func refuse(_ message: String, _ hint: String) -> ReleaseRefusal {
      ReleaseRefusal(.unknownDecision, message, hint: hint)
    }
    let waiting = front.sources.filter { $0.consent == .required }.map(\.id)
    for consent in decided.consents.sorted() where !waiting.contains(consent) {
      throw refuse(
        "--consent \(consent): no source of that id asks for consent",
        waiting.isEmpty ? "no source of this bulletin does" : "these do: \(waiting.joined(separator: ", "))")
    }
    for country in decided.foreignRelease.sorted()
    where !workspace.vocabulary.vocabulary.countries.contains(country) {
      throw refuse("--foreign-release \(country): no such country", "use ISO 3166 codes of three letters, such as CAN")
    }
    let template = workspace.templates[front.series]
    let sections = Set(
      ((template?.requiredSections ?? []) + (template?.requiredIfPresent ?? [])).map(sectionSlug) + ["title"])
    for section in decided.acceptHollow.sorted() where !sections.contains(section) {
      throw refuse(
        "--accept-hollow \(section): no required section has this name", "write the heading with hyphens, bottom-line")
    }
    if decided != .none, order.reason.allSatisfy(\.isWhitespace) {
      throw ReleaseRefusal(.noReason, "a decision that widens needs a reason", hint: "give it with --reason \"..\"")
    }
  }
}
