// What the preview's pages ask, answered from the newest look at the files.

import Bulletins
import Distribution
import Foundation
import Synchronization
import WebConsole
import Workflows

final class PreviewShow: Sendable {
  private let desk: PreviewDesk
  private let clock: OperatingClock
  private struct Shown {
    var look: PreviewLook
    /// What was asked of this look: a page asks for the words about a product and then for the product.
    var sights: [[String: String]: PreviewLook.Sight] = [:]
  }
  private let shown: Mutex<Shown>
  let bell = SaveBell()

  init(_ desk: PreviewDesk, _ clock: OperatingClock) {
    self.desk = desk
    self.clock = clock
    shown = Mutex(Shown(look: desk.look(version: 1, now: clock.now)))
    bell.ring(version: 1)
  }

  /// From one thread at a time.
  func lookAgain() {
    let version = newest.version + 1
    let next = desk.look(version: version, now: clock.now)
    shown.withLock { $0 = Shown(look: next) }
    bell.ring(version: version)
  }

  var source: PreviewSource {
    PreviewSource(
      state: { [self] in JSONLine.encode(State(newest)) },
      sight: { [self] query in JSONLine.encode(Seen(sight(query))) },
      product: { [self] query in
        let sight = sight(query)
        guard let html = sight.html, let text = sight.text else {
          return PreviewAnswer(.text, "No product: " + sight.decision + "\n" + sight.reasons.joined(separator: "\n"))
        }
        return query["view"] == "text" ? PreviewAnswer(.text, text) : PreviewAnswer(.html, html)
      })
  }

  private var newest: PreviewLook { shown.withLock { $0.look } }

  private func sight(_ query: [String: String]) -> PreviewLook.Sight {
    let eyes = query.filter { ["reader", "channel"].contains($0.key) }
    let (look, known) = shown.withLock { ($0.look, $0.sights[eyes]) }
    if let known { return known }
    let sight = look.sight(reader: eyes["reader"], channel: eyes["channel"].flatMap(ChannelClass.init(rawValue:)))
    shown.withLock { shown in
      // A few readers are looked at between two saves; whoever asks for all of them is not kept.
      if shown.look.version == look.version, shown.sights.count < 32 { shown.sights[eyes] = sight }
    }
    return sight
  }

  private struct State: Encodable {
    struct Found: Encodable {
      var severity: String
      var rule: String
      var place: String
      var message: String
      var explanation: String
      var fix: String?
    }
    struct Variant: Encodable {
      var banner: String
      var readers: Int
      var reader: String
      var channel: String
    }
    struct Person: Encodable {
      var id: String
      var name: String
    }
    /// A list to choose from; any other id can be typed.
    static let offered = 1_000
    var version: Int
    var file: String
    var findings: [Found]
    var aboutReaders: [Found]
    var variants: [Variant]
    var readers: [Person]
    var channels = ChannelClass.allCases.map(\.rawValue)

    init(_ look: PreviewLook) {
      version = look.version
      // Nobody needs the folders above it on every line.
      let name = String(look.file.split(separator: "/").last ?? "")
      file = name
      func found(_ finding: Finding) -> Found {
        Found(
          severity: finding.severity.rawValue, rule: finding.rule,
          place: "\(finding.place.file == look.file ? name : finding.place.file):\(finding.place.line)"
            + ":\(finding.place.column)",
          message: finding.message, explanation: finding.explanation, fix: finding.fix?.summary)
      }
      findings = look.findings.map(found)
      aboutReaders = look.aboutReaders.map(found)
      variants = look.variants.map {
        Variant(banner: $0.banner, readers: $0.readers, reader: $0.example.reader, channel: $0.example.channel.rawValue)
      }
      readers = look.readers.prefix(Self.offered).map { Person(id: $0.id, name: $0.stakeholder.name) }
    }
  }

  private struct Seen: Encodable {
    var decision: String
    var subject: String?
    var banner: String?
    var size: Int
    var reasons: [String]
    init(_ sight: PreviewLook.Sight) {
      decision = sight.decision
      subject = sight.subject
      banner = sight.banner
      size = sight.size
      reasons = sight.reasons
    }
  }
}
