// L08: facts that cannot all be true. Decisions take the side that meets less.

package import Bulletins

package enum L08Contradiction: ListRule {
  package static let id = "L08"

  package static func findings(in context: ListCheckContext) -> [Finding] {
    var findings: [Finding] = []
    for located in context.lists.organizations {
      if let finding = contradiction(located, home: context.site.country) { findings.append(finding) }
    }
    let time = context.time
    for located in context.lists.stakeholders where located.value.status == .active {
      findings += contradictions(located, time)
    }
    return findings
  }

  private static func contradiction(_ located: Located<Organization>, home: String) -> Finding? {
    let organization = located.value
    guard let level = organization.level, let country = organization.country else { return nil }
    let what = "`\(organization.id)` has level \(level.rawValue) and country \(country)"
    if organization.contradictsItself {
      return finding(.error, located.place, what, "it meets nothing by either fact; foreign means outside the country")
    }
    switch level {
    case .federal, .state, .local, .tribal:
      return country == home
        ? nil : finding(.warning, located.place, what, "a government body of another country has level foreign")
    case .foreign, .private: return nil
    }
  }

  private static func contradictions(_ located: Located<Stakeholder>, _ time: DecisionTime) -> [Finding] {
    let reader = located.value
    var findings: [Finding] = []
    if let vetting = reader.vetting {
      if let on = vetting.on, let until = vetting.until, until < on {
        findings.append(
          finding(
            .warning, located.place, "the vetting of `\(reader.id)` ends before it begins",
            "it counts as none; mend one of the dates")
        )
      } else if vetting.on == nil || vetting.until == nil {
        findings.append(
          finding(
            .warning, located.place, "the vetting of `\(reader.id)` lacks `vetted-on` or `until`", "it counts as none"))
      } else if !time.hasBegun(vetting.on) {
        findings.append(
          finding(
            .warning, located.place, "the vetting of `\(reader.id)` begins in the future", "it counts from that day"))
      }
    }
    if reader.clearance == .les, reader.mailbox == .system, reader.audienceAttested == nil {
      findings.append(
        finding(
          .warning, located.place, "the system `\(reader.id)` is recorded as LES without `audience-attested`",
          "until its owner states that each of its users meets LES, it does not"))
    }
    return findings
  }

  private static func finding(
    _ severity: Finding.Severity, _ place: Place, _ message: String, _ hint: String
  ) -> Finding {
    Finding(rule: id, severity: severity, place: place, message: message, explanation: hint)
  }
}
