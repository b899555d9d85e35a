// Front matter to its type: every key of bulletin-format.md's table, with findings F01 (key missing), F02 (key unknown
// or repeated), F03 (wrong type, or a value that YAML would cut), F04 (date that does not exist) and F08 (gate without
// a reason). It always gives a FrontMatter; what could not be typed has the default, in a file that is invalid.
// Whether names exist (series, lists, readers ..) is the rules' business.

import Bulletins
import Markings
import SiteFiles

struct FrontMatterReader {
  struct Result {
    var frontMatter: FrontMatter
    var node: Node?
  }

  let source: SourceText
  /// The lines between the two `---`; nil when there is no front matter.
  let lines: Range<Int>?
  let settings: ReaderSettings
  /// By the scheme of the bulletin, once that is read.
  private(set) var marks: MarkMemo

  static let alwaysRequired = ["series", "title", "short-title", "authors", "info-cutoff"]

  /// Every key that front matter may have.
  static let knownKeys: [String] =
    alwaysRequired + [
      "scheme", "tlp", "coauthor-organizations", "not-before", "expires", "audience", "to", "lists", "topics", "hsec",
      "state-priorities", "production-plan", "sources", "private-release", "public-release", "foreign-release",
      "compilation", "contacts", "feedback", "supersedes", "corrects", "urgency",
    ] + Gate.Name.allCases.map(\.rawValue)

  init(source: SourceText, lines: Range<Int>?, settings: ReaderSettings) {
    self.source = source
    self.lines = lines
    self.settings = settings
    marks = MarkMemo(registry: settings.registry, scheme: settings.defaultScheme)
  }

  /// Node lines plus this are lines of the file.
  var offset: Int { (lines?.lowerBound ?? 1) - 1 }

  mutating func read(portions: inout PortionList, findings: inout FindingList) -> Result {
    let unmarked = MarkedText(mark: nil, text: "")
    guard let node = root(&findings) else {
      _ = portions.add(Portion(kind: .title, mark: nil, line: 1))
      _ = portions.add(Portion(kind: .shortTitle, mark: nil, line: 1))
      return Result(frontMatter: FrontMatter(series: "", title: unmarked, shortTitle: unmarked, scheme: marks.scheme))
    }
    var fields = MapFields(node)
    let scheme = fields.choice("scheme", of: Scheme.self) ?? settings.defaultScheme
    marks = MarkMemo(registry: settings.registry, scheme: scheme)
    var keys = FrontMatterFields(fields, self)
    reportMissing(node, &findings)
    reportEmpty(node, &findings)

    var front = FrontMatter(series: keys.fields.text("series") ?? "", title: unmarked, shortTitle: unmarked)
    front.scheme = scheme
    front.title = title("title", .title, &keys, &portions)
    front.shortTitle = title("short-title", .shortTitle, &keys, &portions)
    front.trafficLight = keys.trafficLight("tlp")
    front.authors = keys.fields.texts("authors") ?? []
    if keys.fields.entry("authors")?.value.list?.isEmpty == true { keys.report("authors", "`authors` names nobody") }
    front.coauthorOrganizations = keys.fields.texts("coauthor-organizations") ?? []
    front.infoCutoff = keys.moment("info-cutoff")
    front.notBefore = keys.moment("not-before")
    front.expires = keys.moment("expires") ?? defaultExpiry(front, node)
    front.audience = keys.clauses("audience")
    front.to = keys.fields.texts("to")
    front.lists = keys.fields.texts("lists")
    front.topics = keys.fields.texts("topics") ?? []
    front.hsec = keys.needs("hsec")
    front.statePriorities = keys.fields.texts("state-priorities") ?? []
    front.productionPlan = keys.fields.text("production-plan")
    front.sources = SourceEntries.read(&keys, &portions)
    for name in Gate.Name.allCases { front.gates[name] = keys.gate(name) }
    front.privateRelease = keys.fields.bool("private-release") ?? false
    front.publicRelease = keys.fields.bool("public-release") ?? false
    front.foreignRelease = keys.countries("foreign-release")
    front.compilation = compilation(&keys, &portions)
    front.contacts = keys.fields.texts("contacts") ?? []
    front.feedback = keys.fields.texts("feedback") ?? []
    front.supersedes = keys.serial("supersedes")
    front.corrects = keys.serial("corrects")
    front.urgency = keys.fields.choice("urgency", of: Urgency.self)
    front.lines = KeyLines.all(node, offset: offset)

    findings.add(keys.fields.finish(), lineOffset: offset)
    for (rule, position, message) in keys.others {
      findings.error(rule, line: position.line + offset, column: position.column, message)
    }
    return Result(frontMatter: front, node: node)
  }

  /// The root map, or nil with a finding.
  private func root(_ findings: inout FindingList) -> Node? {
    guard let lines else {
      findings.error(
        "F01", line: 1, "there is no front matter",
        explanation: "A bulletin begins with a line `---`, its keys, and a second line `---`.")
      return nil
    }
    let advice = QuoteAdvice(source, lines: lines, &findings)
    var problems: [FileProblem] = []
    var found: Node?
    do throws(FileProblem) {
      let bytes = Array(source.bytes[source.span(from: lines.lowerBound, to: lines.upperBound)])
      found = try YAMLReader.read(bytes, limit: 1 << 20, problems: &problems)
      if found?.map == nil {
        problems.append(
          FileProblem(.wrongType, at: found?.position ?? SourcePosition(line: 1), "the front matter holds no keys"))
      }
    } catch {
      // The advice to quote says it better, at the place where the author can mend it.
      let line = error.position.line + offset
      if !advice.lines.contains(line), !advice.lines.contains(line - 1) { problems.append(error) }
    }
    findings.add(problems, lineOffset: offset)
    return found?.map == nil ? nil : found
  }

  private func title(
    _ key: String, _ kind: Portion.Kind, _ keys: inout FrontMatterFields, _ portions: inout PortionList
  ) -> MarkedText {
    let marked = keys.marked(key)
    let position = keys.fields.entry(key)?.value.position ?? SourcePosition(line: 1 - offset)
    let index = portions.add(Portion(kind: kind, mark: marked?.text.mark, line: position.line + offset))
    if let reading = marked?.reading { note(reading, .leading, index, position, &portions) }
    return marked?.text ?? MarkedText(mark: nil, text: "")
  }

  func note(
    _ reading: MarkReading, _ role: MarkSite.Role, _ portion: Int?, _ position: SourcePosition,
    _ portions: inout PortionList
  ) {
    let line = position.line + offset
    let place = source.find(reading.written, from: line, through: line)
    let column = place.map { max($0.column, position.column) } ?? position.column
    portions.note(reading, role, portion: portion, line: line, column: column)
  }

  private func compilation(_ keys: inout FrontMatterFields, _ portions: inout PortionList) -> Compilation? {
    guard let value = keys.map("compilation") else { return nil }
    var inner = FrontMatterFields(MapFields(value, path: "compilation"), self)
    _ = inner.fields.required("label")
    let reading = inner.bareMark("label")
    let reason = inner.fields.requiredText("reason")
    if let reading, let position = inner.fields.entry("label")?.value.position {
      note(reading, .bare, nil, position, &portions)
    }
    keys.fields.report(inner.fields.finish())
    guard let mark = reading?.mark else { return nil }
    return Compilation(mark: mark, reason: reason ?? "")
  }

  private func defaultExpiry(_ front: FrontMatter, _ node: Node) -> CivilMoment? {
    guard node["expires"] == nil, let days = settings.templates[front.series]?.defaultExpiryDays else { return nil }
    switch front.infoCutoff {
    case .date(let date): return .date(CivilDate(daysSince1970: date.daysSince1970 + Int64(days)))
    case .time(let instant):
      let date = CivilTime(instant, in: settings.zone).date
      return .date(CivilDate(daysSince1970: date.daysSince1970 + Int64(days)))
    case nil: return nil
    }
  }

  private func reportMissing(_ node: Node, _ findings: inout FindingList) {
    let present = Set((node.map ?? []).map(\.key))
    let template = node["series"]?.text.flatMap { settings.templates[$0] }
    var required = Self.alwaysRequired
    if template?.defaultExpiryDays == nil { required.append("expires") }
    for key in template?.requiredFrontMatter ?? [] where !required.contains(key) { required.append(key) }
    for key in required where !present.contains(key) {
      let series = Self.alwaysRequired.contains(key) || key == "expires" ? "" : " in this series"
      findings.error("F01", line: 1, "the key `\(key)` is missing", explanation: "It is required\(series).")
    }
  }

  /// A key without a value would be read as if it were not there: `to:` would mean everybody.
  private func reportEmpty(_ node: Node, _ findings: inout FindingList) {
    switch node.content {
    case .scalar: break
    case .list(let items):
      for item in items {
        if item.isEmpty { empty("a list item", item.position, &findings) } else { reportEmpty(item, &findings) }
      }
    case .map(let entries):
      for entry in entries {
        if entry.value.isEmpty {
          empty("the key `\(entry.key)`", entry.keyPosition, &findings)
        } else {
          reportEmpty(entry.value, &findings)
        }
      }
    }
  }

  private func empty(_ what: String, _ position: SourcePosition, _ findings: inout FindingList) {
    findings.error(
      "F03", line: position.line + offset, column: position.column, "\(what) has no value",
      explanation: "Give it one or remove it.")
  }
}
