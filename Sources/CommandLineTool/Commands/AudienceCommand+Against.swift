// `revere audience FILE --against POLICY`: what a change of the policy does to one bulletin's readers.

import Bulletins
import Distribution
import Foundation
import SiteFiles
import Workflows

extension AudienceCommand {
  func compare(_ decider: Decider, _ workspace: Workspace, _ session: Session, with path: String) throws {
    let other = try policy(path, workspace, session)
    var changes = AudienceChanges(
      decider, against: other, readers: workspace.lists.readers(), now: session.clock.now)
    if json {
      changes.each { Terminal.print(JSONLine.encode($0)) }
      return
    }
    var groups: [ChangeGroup.Key: ChangeGroup] = [:]
    var readers: [AudienceChange.Direction: Set<String>] = [:]
    changes.each { change in
      groups[ChangeGroup.Key(change), default: ChangeGroup()].add(change.reader)
      readers[change.change, default: []].insert(change.reader)
    }
    func count(_ change: AudienceChange.Direction) -> Int { readers[change]?.count ?? 0 }
    Terminal.print(
      "From policy \(other.name) \(other.version) (\(path)) to \(decider.policy.name) \(decider.policy.version): "
        + "\(count(.gains)) readers gain by a class of channel, \(count(.loses)) lose, \(count(.changes)) get "
        + "something else.")
    for channel in AudienceChanges.channels {
      let ofChannel = groups.filter { $0.key.channel == channel.rawValue }
      if ofChannel.isEmpty { continue }
      Terminal.print("\n\(channel.rawValue)")
      for (key, group) in ofChannel.sorted(by: { ($1.value.count, $0.key.text) < ($0.value.count, $1.key.text) }) {
        Terminal.print("  \(group.count) \(key.text)\n      \(group.names)")
      }
    }
  }

  /// The file stands in for the site's own of the two, and is merged with the other as ever.
  private func policy(_ path: String, _ workspace: Workspace, _ session: Session) throws -> ReleasePolicy {
    let url = session.url(ofBulletin: path)
    let bytes = try Session.words {
      try FolderOnDisk(root: url.deletingLastPathComponent().path).read(url.lastPathComponent, limit: 1 << 20)
    }
    let file = ListFile(path: path, bytes: bytes)
    func own(_ name: String) -> ListFile? {
      workspace.sources.first { $0.path == SiteListsLoader.folder + "/" + name }
    }
    let isSites = path.hasSuffix(".site.yaml")
    let loaded = PolicyLoader.load(
      shipped: isSites ? own("release-policy.yaml") ?? file : file,
      site: isSites ? file : own("release-policy.site.yaml"), vocabulary: workspace.vocabulary.vocabulary)
    let errors = loaded.findings.filter { $0.severity == .error }
    guard errors.isEmpty else {
      throw CommandFailure(
        .environment, "\(path) cannot be used as a policy", hint: "name a release-policy.yaml, as it was or as planned",
        findings: errors)
    }
    return loaded.merged
  }
}

/// Readers for whom the same changes.
private struct ChangeGroup {
  struct Key: Hashable {
    var channel: String
    var text: String

    init(_ change: AudienceChange) {
      let verb =
        switch change.change {
        case .gains: "gain"
        case .loses: "lose"
        case .changes: "get something else"
        }
      let why = ReasonsInShort.text(change.reasons.joined(separator: ", "))
      channel = change.channel
      text = "\(verb): \(Self.words(change.before)) -> \(Self.words(change.after))" + (why.isEmpty ? "" : "  [\(why)]")
    }

    private static func words(_ record: AudienceRecord) -> String {
      switch record.decision {
      case "withheld": "nothing"
      case "notice": "a notice"
      default:
        [record.banner, record.tlp, record.cut ? "cut by the channel" : nil, record.thin ? "thin" : nil]
          .compactMap { $0 }.joined(separator: ", ")
      }
    }
  }

  private(set) var count = 0
  private var examples: [String] = []

  mutating func add(_ reader: String) {
    count += 1
    if examples.count < 5 { examples.append(reader) }
  }

  /// A few; `--json` has all.
  var names: String { examples.joined(separator: ", ") + (count > examples.count ? " .." : "") }
}
