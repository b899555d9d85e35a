// The front matter of a bulletin, typed (bulletin-format.md). Where a key was absent the default is in the type.

package import Markings

/// A text with its own portion mark: title, short title, description of a source.
package struct MarkedText: Hashable, Sendable {
  /// nil is unmarked.
  package var mark: PortionMark?
  /// Without the mark.
  package var text: String
  package init(mark: PortionMark?, text: String) {
    self.mark = mark
    self.text = text
  }
}

package struct SourceEntry: Hashable, Sendable {
  package enum Consent: String, Hashable, Sendable, CaseIterable {
    case required
    case notRequired = "not-required"
  }
  package var id: String
  package var describe: MarkedText
  package var mark: PortionMark?
  /// An organization's id; nil is the center.
  package var originator: String?
  package var consent: Consent?
  package var p23: Bool
  /// Admiralty scale, A-F.
  package var reliability: String?
  /// Admiralty scale, 1-6.
  package var credibility: String?
  package var date: CivilDate?
  package var line: Int

  package init(
    id: String, describe: MarkedText, mark: PortionMark? = nil, originator: String? = nil, consent: Consent? = nil,
    p23: Bool = false, reliability: String? = nil, credibility: String? = nil, date: CivilDate? = nil, line: Int = 0
  ) {
    self.id = id
    self.describe = describe
    self.mark = mark
    self.originator = originator
    self.consent = consent
    self.p23 = p23
    self.reliability = reliability
    self.credibility = credibility
    self.date = date
    self.line = line
  }
}

/// A release gate: a statement about content that forces a review when true.
package struct Gate: Hashable, Sendable {
  package enum Name: String, Hashable, Sendable, CaseIterable {
    case pii
    case usPersons = "us-persons"
    case p23, sar, juvenile
    case firstAmendment = "first-amendment"
  }
  package var value: Bool
  package var reason: String?
  package init(value: Bool, reason: String? = nil) {
    self.value = value
    self.reason = reason
  }

  /// Two words or more: `no`, `n` and `none` are answers, and one word tells a reviewer nothing.
  package static func isReason(_ text: String) -> Bool {
    text.split(whereSeparator: \.isWhitespace).filter { $0.contains(where: \.isLetter) }.count > 1
  }
}

package enum Urgency: String, Hashable, Sendable, CaseIterable {
  case routine, priority, immediate
}

/// The label that the whole has although no part does.
package struct Compilation: Hashable, Sendable {
  package var mark: PortionMark
  package var reason: String
  package init(mark: PortionMark, reason: String) {
    self.mark = mark
    self.reason = reason
  }
}

package struct FrontMatter: Hashable, Sendable {
  package var series: String
  package var title: MarkedText
  package var shortTitle: MarkedText
  package var scheme: Scheme
  package var trafficLight: TrafficLight?
  package var authors: [String]
  package var coauthorOrganizations: [String]
  package var infoCutoff: CivilMoment?
  package var notBefore: CivilMoment?
  package var expires: CivilMoment?
  /// One clause a key; an empty list is a clause that nobody meets.
  package var audience: [Clause]
  /// nil: no `to:`; empty: nobody.
  package var to: [String]?
  /// nil: the template's default lists.
  package var lists: [String]?
  package var topics: [String]
  package var hsec: [Int]
  package var statePriorities: [String]
  package var productionPlan: String?
  package var sources: [SourceEntry]
  package var gates: [Gate.Name: Gate]
  /// Proposals: only recorded decisions make them effective.
  package var privateRelease: Bool
  package var publicRelease: Bool
  package var foreignRelease: [String]
  package var compilation: Compilation?
  package var contacts: [String]
  package var feedback: [String]
  package var supersedes: String?
  package var corrects: String?
  /// nil: the series' default.
  package var urgency: Urgency?
  /// 1-based line of each key that was present, nested ones by path: `sources.s1.mark`.
  package var lines: [String: Int]

  package init(
    series: String, title: MarkedText, shortTitle: MarkedText, scheme: Scheme = .legacy,
    trafficLight: TrafficLight? = nil, authors: [String] = [], coauthorOrganizations: [String] = [],
    infoCutoff: CivilMoment? = nil, notBefore: CivilMoment? = nil, expires: CivilMoment? = nil,
    audience: [Clause] = [], to: [String]? = nil, lists: [String]? = nil, topics: [String] = [], hsec: [Int] = [],
    statePriorities: [String] = [], productionPlan: String? = nil, sources: [SourceEntry] = [],
    gates: [Gate.Name: Gate] = [:], privateRelease: Bool = false, publicRelease: Bool = false,
    foreignRelease: [String] = [], compilation: Compilation? = nil, contacts: [String] = [],
    feedback: [String] = [], supersedes: String? = nil, corrects: String? = nil, urgency: Urgency? = nil,
    lines: [String: Int] = [:]
  ) {
    self.series = series
    self.title = title
    self.shortTitle = shortTitle
    self.scheme = scheme
    self.trafficLight = trafficLight
    self.authors = authors
    self.coauthorOrganizations = coauthorOrganizations
    self.infoCutoff = infoCutoff
    self.notBefore = notBefore
    self.expires = expires
    self.audience = audience
    self.to = to
    self.lists = lists
    self.topics = topics
    self.hsec = hsec
    self.statePriorities = statePriorities
    self.productionPlan = productionPlan
    self.sources = sources
    self.gates = gates
    self.privateRelease = privateRelease
    self.publicRelease = publicRelease
    self.foreignRelease = foreignRelease
    self.compilation = compilation
    self.contacts = contacts
    self.feedback = feedback
    self.supersedes = supersedes
    self.corrects = corrects
    self.urgency = urgency
    self.lines = lines
  }
}
