// Pictures as an outlet: over random bulletins x readers x channels, a product carries the pictures of its own portions
// and no other. A chart's PNG says nothing that can be searched for, so it is known by its twin, the SVG of the same
// drawing, whose words are; a figure's bytes are a canary.

import Bulletins
import Distribution
import Foundation
import Markings
import Pictures
import Rendering
import TestSupport
import Testing
import Workflows

@Suite struct ChartLeakTests {
  private static let bulletins: UInt64 = OutletLeakTests.bulletins > 1_000 ? 600 : 24

  /// What stands for the pixels of a figure.
  static func pictures(_ bulletin: RandomBulletin) -> [String: Picture] {
    Dictionary(
      uniqueKeysWithValues: bulletin.canaries.map { canary in
        (
          canary + ".png",
          Picture(bytes: Array("\(canary)pixels".utf8), mediaType: .png, width: 10, height: 10)
        )
      })
  }

  @Test func picturesAreThoseOfTheirReader() throws {
    let workspace = try SampleWorkspace().workspace
    let layouts = try #require(workspace.layouts)
    var (charts, figures) = (0, 0)
    for seed in OutletLeakTests.firstSeed..<OutletLeakTests.firstSeed + Self.bulletins {
      let readers = ReaderGenerator.readers(40, seed: seed)
      let trial = LeakTrial(seed: seed, readers: readers)
      let oracle = Oracle(trial.bulletin, now: Shipped.noon, today: .day("2026-11-22"))
      let assembly = ProductAssembly(
        trial.revision, pictures: Self.pictures(trial.bulletin), workspace: workspace, layouts: layouts)
      /// By the bytes of a PNG: the words of its drawing.
      var drawn: [[UInt8]: [UInt8]] = [:]
      for reader in readers {
        for channel in ChannelClass.allCases {
          let made = try RenderPreview.one(
            assembly, reader: reader, endpoint: Endpoint(channel), mail: workspace.settings.mail, now: Shipped.noon)
          guard let rendered = made.preview?.rendered else { continue }
          let note = "seed \(seed), \(reader.id) by \(channel)"
          let twins = Dictionary(uniqueKeysWithValues: rendered.images.filter(\.isForPages).map { ($0.contentID, $0) })
          var found = ""
          for image in rendered.mailImages {
            guard let twin = twins[image.contentID] else {
              found += String(decoding: image.bytes, as: UTF8.self) + " "
              figures += 1
              continue
            }
            charts += 1
            #expect(image.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]), "\(note)")
            #expect(drawn[image.bytes] == nil || drawn[image.bytes] == twin.bytes, "\(note): two charts, one picture")
            drawn[image.bytes] = twin.bytes
            found += String(decoding: twin.bytes, as: UTF8.self) + " "
          }
          // Each is named by the page, and nothing else comes along.
          #expect(rendered.mailImages.allSatisfy { rendered.html.contains("cid:" + $0.contentID) }, "\(note)")
          #expect(Set(rendered.mailImages.map(\.contentID)).isSuperset(of: twins.keys), "\(note)")
          let leaked = trial.bulletin.canaries.filter {
            found.contains($0) && !(oracle.meets(reader, $0) && oracle.allows(channel, $0))
          }
          #expect(leaked.isEmpty, "\(note): \(leaked)\n\(trial.bulletin.markdown)")
          if !leaked.isEmpty { return }
          // What the page shows of a chart or a figure is what its picture says.
          let shown = trial.bulletin.canaries.filter { found.contains($0) }
          #expect(shown.allSatisfy { rendered.html.contains($0) }, "\(note)")
        }
      }
    }
    #expect(charts > 30 && figures > 30)
    print("leak test of pictures: \(charts) charts, \(figures) figures")
  }
}
