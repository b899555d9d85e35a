// What the product ships, read for tests: vocabularies, marking registry, default policy. Found relative to this file.

package import Bulletins
package import Distribution
package import Foundation
package import Markings

package enum Shipped {
  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  package static func file(_ path: String) -> ListFile {
    ListFile(path: path, bytes: (try? Data(contentsOf: root.appending(path: path))).map { Array($0) } ?? [])
  }

  private static let loaded: LoadedVocabulary = VocabularyLoader.load(
    [
      "sectors", "disciplines", "organization-types", "agreements", "regions", "municipalities", "countries",
      "cui-categories", "ldc", "topics", "state-priorities", "hsec-standing-needs",
    ].map { file("templates/vocab/\($0).csv") })
  package static let vocabulary = loaded.vocabulary
  package static let registry = loaded.registry

  package static let policy =
    PolicyLoader.load(shipped: file("distribution-lists/release-policy.yaml"), vocabulary: vocabulary).merged

  package static let zone = TimeZone(identifier: "America/New_York") ?? .gmt
  package static let site = Site(
    id: "cfc", name: "Commonwealth Fusion Center", serialPrefix: "CFC", zone: zone,
    portal: "https://portal.cfc.example.gov/")

  /// 22 November 2026, 12:00 in the center's zone.
  package static let noon = Instant(seconds: 1_795_366_800)
}

extension CivilDate {
  /// For literals of tests; a text that is no date gives the first day of the year 1.
  package static func day(_ text: String) -> CivilDate { CivilDate(text) ?? first }
  private static var first: CivilDate {
    guard let date = CivilDate("0001-01-01") else { preconditionFailure("the first day exists") }
    return date
  }
}
