// What a series' template.yaml says (bulletin-format.md, Templates), as a value.

package struct SeriesTemplate: Hashable, Sendable {
  package enum OnUncertain: String, Hashable, Sendable, CaseIterable { case resend, hold }

  /// A default expiry that no span of days says. `revere new` fills it in; in the file `expires` is written out.
  package enum ExpirySuggestion: Hashable, Sendable {
    /// The last day of the calendar quarter of the information cut-off.
    case endOfQuarter
    case afterEvent(days: Int)

    /// - Parameter event: the last day of the event; without it nothing follows from `afterEvent`.
    package func date(cutoff: CivilDate, event: CivilDate?) -> CivilDate? {
      switch self {
      case .endOfQuarter:
        let month = (cutoff.month - 1) / 3 * 3 + 3
        return CivilDate(year: cutoff.year, month: month, day: CivilDate.days(in: month, of: cutoff.year))
      case .afterEvent(let days):
        return event.map { CivilDate(daysSince1970: $0.daysSince1970 + Int64(days)) }
      }
    }
  }

  /// The folder's name: `officer-safety`.
  package var series: String
  package var name: String
  /// `OS` in `CFC-OS-2026-0042`.
  package var code: String
  /// What a subject line may say when even the short title may not be shown.
  package var publicName: String
  /// Days after the information cut-off; nil when the series has its own rule, then `expires` is required.
  package var defaultExpiryDays: Int?
  package var expirySuggestion: ExpirySuggestion?
  package var urgency: Urgency
  package var onUncertain: OnUncertain
  /// Readers are asked to confirm that they read it, where the site has a portal.
  package var asksForAcknowledgement = false
  package var defaultLists: [String]
  package var requiredSections: [String]
  package var requiredIfPresent: [String]
  package var optionalSections: [String]
  /// Heading to the words shown to the analyst.
  package var guidance: [String: String]
  package var requiredFrontMatter: [String]
  /// Gates whose value true forces a privacy and civil-rights review.
  package var gates: [Gate.Name]
  /// Rule id to its severity here: `A01: error`, or `off`.
  package var lint: [String: String]
  /// What `revere new` starts from.
  package var startingText: String
  /// Words by which lines of the starting text are known that may stay as they are (S06).
  package var fixedText: [String] = []

  package init(
    series: String, name: String, code: String, publicName: String, defaultExpiryDays: Int? = nil,
    urgency: Urgency = .routine, onUncertain: OnUncertain = .hold, defaultLists: [String] = [],
    requiredSections: [String] = [], requiredIfPresent: [String] = [], optionalSections: [String] = [],
    guidance: [String: String] = [:], requiredFrontMatter: [String] = [], gates: [Gate.Name] = [],
    lint: [String: String] = [:], startingText: String = ""
  ) {
    self.series = series
    self.name = name
    self.code = code
    self.publicName = publicName
    self.defaultExpiryDays = defaultExpiryDays
    self.urgency = urgency
    self.onUncertain = onUncertain
    self.defaultLists = defaultLists
    self.requiredSections = requiredSections
    self.requiredIfPresent = requiredIfPresent
    self.optionalSections = optionalSections
    self.guidance = guidance
    self.requiredFrontMatter = requiredFrontMatter
    self.gates = gates
    self.lint = lint
    self.startingText = startingText
  }
}
