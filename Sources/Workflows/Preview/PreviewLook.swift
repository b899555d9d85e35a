// One state of a bulletin, to be looked at: findings, the variants that somebody would get, and any product of it.

package import Bulletins
package import Distribution
import Markings
import Rendering

package struct PreviewLook: Sendable {
  /// A variant that somebody would get. Its id changes with every save; the reader who stands for it does not.
  package struct Seen: Sendable {
    package var banner: String
    /// Of the bulletin's lists, as `revere audience` counts them; 0: it is there for others who ask for it.
    package var readers: Int
    /// The first who gets it, and by what.
    package var example: (reader: String, channel: ChannelClass)
  }

  /// A product, or why there is none.
  package struct Sight: Sendable {
    /// `full`, `notice`, `withheld`, or `unknown` where nobody is meant by the question.
    package var decision: String
    package var subject: String?
    package var banner: String?
    /// Pages complete in themselves; nil when withheld.
    package var html: String?
    package var text: String?
    package var reasons: [String] = []
    /// Bytes of HTML without pictures, as a mail program counts them.
    package var size = 0
  }

  package let version: Int
  package let file: String
  package let findings: [Finding]
  /// What the check says about readers as they stand: nothing in the text mends it, and a release wants it accepted.
  package let aboutReaders: [Finding]
  /// Most readers first.
  package let variants: [Seen]
  package let readers: [Reader]
  private let assembly: ProductAssembly?
  private let now: Instant

  package init(version: Int, file: String, findings: [Finding]) {
    self.version = version
    self.file = file
    self.findings = findings
    aboutReaders = []
    variants = []
    readers = []
    assembly = nil
    now = Instant(seconds: 0)
  }

  init(
    version: Int, file: String, findings: [Finding], aboutReaders: [Finding], assembly: ProductAssembly,
    readers: [Reader], lists: [DistributionList], carriers: Carriers, now: Instant
  ) {
    self.version = version
    self.file = file
    self.findings = findings
    self.aboutReaders = aboutReaders
    self.assembly = assembly
    self.readers = readers
    self.now = now
    let round = assembly.decider.round(at: now)
    var seen: [VariantKey: Seen] = [:]
    for reader in readers {
      for channel in reader.stakeholder.channels {
        guard case .full(let key) = round.decide(reader, Endpoint(channel.served), words: false) else { continue }
        if seen[key] == nil {
          seen[key] = Seen(
            banner: assembly.decider.variant(key)?.banner.text ?? "", readers: 0, example: (reader.id, channel))
        }
      }
    }
    PushPlanner(assembly.decider, lists: lists, carriers: carriers).forEachRow(readers, now: now, words: false) { row in
      if case .full(let key) = row.decision { seen[key]?.readers += 1 }
    }
    variants = seen.values.sorted { ($1.readers, $0.example.reader) < ($0.readers, $1.example.reader) }
  }

  /// What one reader sees by one class of channel.
  /// - Parameters:
  ///   - id: nil is the first reader of the first variant.
  ///   - channel: nil is the reader's best.
  package func sight(reader id: String?, channel: ChannelClass?) -> Sight {
    guard let assembly else { return Sight(decision: "unknown", reasons: ["the files have errors"]) }
    guard let id = id ?? variants.first?.example.reader else {
      return Sight(decision: "unknown", reasons: ["nobody would get anything of this bulletin"])
    }
    guard let reader = readers.first(where: { $0.id == id }),
      let channel = channel ?? reader.stakeholder.channels.first
    else { return Sight(decision: "unknown", reasons: ["no such reader, or a reader without a channel"]) }
    do {
      let (decision, preview) = try RenderPreview.one(
        assembly, reader: reader, endpoint: Endpoint(channel.served), mail: nil, now: now)
      guard let preview else { return Sight(decision: "withheld", reasons: decision.reasons.map(\.text)) }
      var words = "notice"
      if case .full = decision { words = "full" }
      let rendered = preview.rendered
      return Sight(
        decision: words, subject: rendered.subject, banner: rendered.banner.text, html: rendered.page(),
        text: rendered.plainText(), size: rendered.html.utf8.count)
    } catch let problem as LayoutProblem {
      return Sight(decision: "unknown", reasons: ["`\(problem.name)`: \(problem.message); \(problem.hint)"])
    } catch {
      return Sight(decision: "unknown", reasons: ["it cannot be rendered"])
    }
  }
}
