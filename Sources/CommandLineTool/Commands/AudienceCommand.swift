// `revere audience FILE`: counts by variant, channel, organization type and region; who is withheld and why.

import ArgumentParser
import Bulletins
import Distribution
import Markings
import Store
import Workflows

struct AudienceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audience", abstract: "Who would get what of a bulletin, who would not, and why.",
    discussion: "Nothing is stored or sent. Output with reasons is for the center's own people.")

  @Argument(help: "The bulletin file.", completion: .file(extensions: ["md"]))
  var file: String

  @Option(
    help: ArgumentHelp("What this reader gets and what is hidden from them, by id or address.", valueName: "reader"))
  var explain: String?

  @Flag(help: "Every reader by every class of channel, whether or not a list would push to them; with --json.")
  var allChannels = false

  @Option(
    help: ArgumentHelp(
      "Who gains or loses by the site's policy, compared with this older or newer release-policy.yaml.",
      valueName: "policy"), completion: .file(extensions: ["yaml"]))
  var against: String?

  @Flag(help: "One JSON object a line (Documentation/audience-json.md).")
  var json = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if allChannels, !json { throw ValidationError("--all-channels goes with --json.") }
    if against != nil, allChannels { throw ValidationError("--against looks at all channels without --all-channels.") }
    if explain != nil, allChannels || json || against != nil { throw ValidationError("--explain stands alone.") }
  }

  func run() throws {
    let session = try Session(options)
    let workspace = try session.soundWorkspace()
    let assembly = try session.assembly(try session.bulletin(file, in: workspace), in: workspace)
    if let against {
      try compare(assembly.decider, workspace, session, with: against)
      return
    }
    var audience = PreviewAudience(
      assembly.decider, readers: workspace.lists.readers(), now: session.clock.now)
    if allChannels {
      audience.allChannels { Terminal.print(JSONLine.encode($0)) }
      return
    }
    let lists = workspace.lists.lists.map(\.list)
    var carriers = try session.carriers()
    carriers.webhooks = EndpointDirectory.serving(.release, workspace.lists)
    let rows = audience.pushRows(lists: lists, carriers: carriers)
    if let explain {
      let reader = try session.reader(explain, in: workspace)
      let row = rows.first { $0.reader.id == reader.id }
      AudienceExplanation(audience: audience, reader: reader, row: row).print()
      return
    }
    if json {
      for row in rows { Terminal.print(JSONLine.encode(audience.record(row))) }
      return
    }
    show(AudienceSummary(rows), &audience)
  }

  private func show(_ summary: AudienceSummary, _ audience: inout PreviewAudience) {
    Terminal.print("\(summary.total.readers) readers are on its lists.\n")
    for (key, group) in summary.variants.sorted(by: {
      ($1.value.readers, $0.key.visible.count) < ($0.value.readers, $1.key.visible.count)
    }) {
      let banner = audience.banner(of: key)
      let light = banner?.trafficLight.map { " \($0.rawValue)" } ?? ""
      let id = VariantBuilder.id(key, audience.decider.revision)
      Terminal.print(
        "\(group.readers) get \(banner?.text ?? "")\(light)  variant \(id.prefix(12))\(key.cut ? ", cut by the channel" : "")"
      )
      show(group)
    }
    for (why, group) in summary.notices.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      Terminal.print("\(group.readers) get a notice (\(why.rawValue))")
      show(group)
    }
    if !summary.withheld.isEmpty {
      Terminal.print("\(summary.withheld.values.map(\.readers).reduce(0, +)) are withheld:")
      for (reasons, group) in summary.withheld.sorted(by: { ($1.value.readers, $0.key) < ($0.value.readers, $1.key) }) {
        let more = group.readers > group.examples.count ? " .." : ""
        Terminal.print(
          "  \(group.readers)  \(ReasonsInShort.text(reasons))\n      \(group.examples.joined(separator: ", "))\(more)")
      }
      Terminal.print("\nWhy one of them: `revere audience FILE --explain READER`")
    }
  }

  private func show(_ group: AudienceSummary.Group) {
    func list(_ counts: [String: Int]) -> String {
      counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    Terminal.print(
      "    by \(list(Dictionary(uniqueKeysWithValues: group.byChannel.map { ($0.key.rawValue, $0.value) })))")
    Terminal.print("    to \(list(group.byOrganizationType))")
    Terminal.print("    in \(list(group.byRegion))")
  }
}

/// One reader: the decision for each of their channels, and what is hidden from them.
struct AudienceExplanation {
  let audience: PreviewAudience
  let reader: Reader
  let row: PushRow?

  func print() {
    let organization = reader.organization?.name ?? "no organization"
    Terminal.print("\(reader.stakeholder.name) (\(reader.id)), \(organization)")
    if let row {
      let lists = row.lists.isEmpty ? "by name" : "by \(row.lists.joined(separator: ", "))"
      Terminal.print("pushed \(lists), \(row.endpoint?.channel.rawValue ?? "no channel"): \(words(row.decision))")
      if let endpoint = row.endpoint { hidden(endpoint, row.listCeiling) }
    } else {
      Terminal.print("not pushed: on no list that takes part, or not active, or their subscriptions leave it out")
    }
    var seen: Set<ChannelClass> = []
    for channel in reader.stakeholder.channels where seen.insert(channel.served).inserted {
      let explanation = audience.explain(reader, Endpoint(channel.served), listCeiling: nil)
      Terminal.print("\n\(channel.rawValue): \(words(explanation.decision))")
      hidden(Endpoint(channel.served), nil)
    }
  }

  private func words(_ decision: Decision) -> String {
    switch decision {
    case .full(let key):
      "gets variant \(VariantBuilder.id(key, audience.decider.revision).prefix(12))\(key.cut ? ", cut by the channel" : "")"
    case .notice(let why): "gets a notice (\(why.rawValue))"
    case .withheld(let reasons): "withheld\n" + reasons.map { "    \($0.text)" }.joined(separator: "\n")
    }
  }

  private func hidden(_ endpoint: Endpoint, _ ceiling: Ceiling?) {
    let portions = audience.decider.revision.document.portions
    for hidden in audience.explain(reader, endpoint, listCeiling: ceiling).hidden {
      guard portions.indices.contains(hidden.portion) else { continue }
      let portion = portions[hidden.portion]
      let mark = portion.mark?.text ?? "(unmarked)"
      Terminal.print("  hidden: line \(portion.line) \(mark): \(hidden.reasons.map(\.text).joined(separator: "; "))")
    }
  }
}
