// Notices to readers who may hold an earlier version of a bulletin: by which channel each of them is reached now, and
// what it may say. Used when a recall is ordered and again before every attempt, with the site as it is then.

import Bulletins
import Distribution
import Mail
import Markings
import Outbox
import Rendering
import Store

final class LifeNotices {
  /// One version that somebody may hold, with what decides about it now.
  private struct Version {
    var record: ReleaseRecord
    /// nil: its files cannot be read any more; then a notice says no title.
    var assembly: ProductAssembly?
    var planner: PushPlanner?
    var publicName: String
    var scheme: Scheme
    var urgency: Urgency
  }

  enum Outcome {
    case notice(ChannelClass, NoticeContent, version: Int)
    case withhold([Reason])
  }

  let copies: EarlierCopies
  private let workspace: Workspace
  private let layouts: Layouts
  let carriers: Carriers
  /// Stakeholder id to the endpoint that would be told and is disabled.
  let disabled: [String: WebhookEndpoint]
  private var versions: [Int: Version] = [:]
  private var rounds: [Int: DecisionRound] = [:]
  private var time = Instant(seconds: .min)

  /// Reads the files of every version that some reader holds as their newest.
  /// - Parameter disabled: as `EndpointDirectory.disabled`; none where rows are not made, only prepared.
  init(
    _ copies: EarlierCopies, in workspace: Workspace, layouts: Layouts, carriers: Carriers,
    disabled: [String: WebhookEndpoint] = [:], _ session: any StoreSession
  ) throws {
    self.copies = copies
    self.workspace = workspace
    self.layouts = layouts
    self.carriers = carriers
    self.disabled = disabled
    for place in Set(copies.readers.compactMap(copies.newest)).sorted() {
      versions[place] = try version(copies.releases[place], serial: copies.serial(of: place), session)
    }
  }

  private func version(_ record: ReleaseRecord, serial: String, _ session: any StoreSession) throws -> Version {
    let template = workspace.templates[record.series]
    var version = Version(
      record: record, assembly: nil, planner: nil, publicName: template?.publicName ?? "Bulletin",
      scheme: workspace.site.defaultScheme, urgency: template?.urgency ?? .routine)
    let stored = try StoredRevision(record, session)
    guard let released = try? stored.read(in: workspace) else { return version }
    let revision = released.revision
    // About the bulletin as its reader knows it, whatever version that was.
    let assembly = ProductAssembly(
      revision, pictures: [:], workspace: workspace, layouts: layouts, serial: serial,
      releasedAt: Instant(seconds: record.at.seconds))
    version.assembly = assembly
    version.planner = PushPlanner(
      assembly.decider, lists: workspace.lists.lists.map(\.list), carriers: carriers)
    version.scheme = revision.document.frontMatter.scheme
    version.publicName = revision.template.publicName
    version.urgency = released.urgency
    return version
  }

  /// Every channel by which a reader is told, each once: the ones by which the versions came, where they are left; the
  /// reader's best one otherwise; one row that says why not where there is none. A disabled endpoint that has a version is
  /// among them, and not instead of another: what it is told is held until a person enables it.
  func outcomes(
    _ why: NoticeWhy, for id: String, _ reader: Reader?, now: Instant
  ) -> [(channel: DeliveryChannel, outcome: Outcome)] {
    let channels = copies.channels(of: id)
    let first = channels.first ?? .none
    if let reasons = refusal(of: reader) { return [(first, .withhold(reasons))] }
    guard let reader else { return [] }
    var told: [(DeliveryChannel, Outcome)] = []
    for channel in channels {
      guard let channel = reachable(channel, reader), !told.contains(where: { $0.0.rawValue == channel.rawValue }),
        let delivery = DeliveryChannel(rawValue: channel.rawValue)
      else { continue }
      told.append((delivery, outcome(why, reader, channel, now: now)))
    }
    if told.isEmpty, let best = candidates(reader).first,
      let delivery = DeliveryChannel(rawValue: best.rawValue)
    {
      told.append((delivery, outcome(why, reader, best, now: now)))
    }
    if channels.contains(.webhook), isDisabled(reader) {
      told.append((.webhook, outcome(why, reader, .webhook, now: now)))
    }
    return told.isEmpty ? [(first, .withhold([Self.noChannel]))] : told
  }

  /// The reader has an endpoint that is left and is told nothing before a person enables it.
  private func isDisabled(_ reader: Reader) -> Bool {
    disabled[reader.id] != nil && reader.stakeholder.channels.contains(.webhook)
  }

  /// What one row says now; it was written for this channel.
  func outcome(_ why: NoticeWhy, for id: String, _ reader: Reader?, by channel: DeliveryChannel, now: Instant)
    -> Outcome
  {
    if let reasons = refusal(of: reader) { return .withhold(reasons) }
    guard let reader, let channel = reachable(channel, reader) else { return .withhold([Self.noChannel]) }
    return outcome(why, reader, channel, now: now)
  }

  private static let noChannel = Reason(.noChannel, words: "no entry by which this could be sent is left")

  private func refusal(of reader: Reader?) -> [Reason]? {
    guard let reader else { return [Reason(.status, words: "no longer a reader of the center")] }
    return reader.stakeholder.status == .active ? nil : [Reason(.status, words: "not active")]
  }

  /// The class by which what went by this channel can go now: the same, or for email a lower one. A notice is within
  /// the ceiling of whatever carries it.
  private func reachable(_ channel: DeliveryChannel, _ reader: Reader) -> ChannelClass? {
    guard let wanted = ChannelClass(rawValue: channel.rawValue) else { return nil }
    let candidates = candidates(reader)
    if candidates.contains(wanted) { return wanted }
    return wanted.emailRank == nil ? nil : candidates.first { $0.emailRank != nil }
  }

  private func candidates(_ reader: Reader) -> [ChannelClass] {
    carriers.candidates(reader).map(\.channel)
  }

  private func outcome(_ why: NoticeWhy, _ reader: Reader, _ channel: ChannelClass, now: Instant) -> Outcome {
    guard let place = copies.newest(of: reader.id), let version = versions[place] else {
      return .withhold([Self.noChannel])
    }
    // What ends is this bulletin; another whose place it took is only not current any more.
    let why = copies.isOwn(place) ? why : .withdrawn
    if time != now {
      time = now
      rounds = [:]
    }
    var content: NoticeContent?
    if let assembly = version.assembly, let planner = version.planner {
      let round = rounds[place] ?? assembly.decider.round(at: now)
      rounds[place] = round
      content = round.lifeNotice(why, to: reader, channel, lists: planner.listCeiling(reader, round))
    } else {
      content = .nameless(why, publicName: version.publicName, scheme: version.scheme)
    }
    guard let content else { return .withhold([Self.noChannel]) }
    return .notice(channel, content, version: place)
  }

  func key(_ content: NoticeContent, version: Int) -> String {
    let serial = copies.isOwn(version) ? "" : ":" + copies.serial(of: version)
    return StoredProduct.key(content, about: copies.releases[version].version) + serial
  }

  func urgency(version: Int) -> Urgency { versions[version]?.urgency ?? .routine }

  /// - Parameter ended: when it expired before its time.
  /// - Returns: nil when no reader holds that version.
  func rendered(_ content: NoticeContent, version: Int, ended: Instant?) throws(LayoutProblem) -> Rendered? {
    guard let known = versions[version] else { return nil }
    let at = Instant(seconds: known.record.at.seconds)
    let named = content.title.form == .shortTitle ? content.title.title : nil
    return try Renderer.render(
      NoticeProduct(
        id: "notice-\(content.why.rawValue)-\(content.title.form.rawValue)-\(known.record.version)",
        why: Layouts.Why(rawValue: content.why.rawValue) ?? .recalled, serial: copies.serial(of: version),
        shortTitle: named,
        banner: content.banner, scheme: known.scheme,
        notices: NoticeKind.triggered(by: [content.title.title.mark].compactMap { $0 }).sorted(), releasedAt: at,
        expires: ended.map { .time($0) }, site: workspace.site, seriesName: known.publicName, layouts: layouts))
  }

  /// `(U) Recalled: Officer safety advisory`; with the serial where there is only the series' public name.
  func subject(_ content: NoticeContent, version: Int) -> MarkedText {
    let word =
      switch content.why {
      case .recalled: "Recalled"
      case .expired: "Expired"
      case .withdrawn: "No longer current"
      case .cut: "Waiting"
      }
    let title = content.title
    let words = title.form == .shortTitle ? title.title.text : "\(title.title.text) \(copies.serial(of: version))"
    return MarkedText(mark: title.title.mark, text: "\(word): \(words)")
  }

  /// What a decision about this notice was made from.
  func digest(_ reader: Reader?, version: Int?, _ channel: ChannelClass) -> [UInt8] {
    guard let reader, let place = version, let round = rounds[place] else { return [UInt8](repeating: 0, count: 32) }
    return round.digest(
      reader, Endpoint(channel), listCeiling: versions[place]?.planner?.listCeiling(reader, round))
  }
}
