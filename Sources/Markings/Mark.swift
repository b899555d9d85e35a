// A portion mark as a value: what an author wrote, read into the terms of its scheme. It is what
// banners and products print; for decisions it is turned into a Label.
// Grammar: markings.md section 2 (CAPCO Register 2016 sections A.6, D, G, H; CUI Marking Handbook; TLP 2.0).

/// A legacy mark or a CUI mark.
package struct Mark: Hashable, Sendable {
  package enum Family: Hashable, Sendable { case legacy, cui }

  package var family: Family
  /// Always `.unclassified` for CUI.
  package var level: Level
  /// Legacy dissemination and non-IC controls in their portion form, `FOUO`, `NF`, `LES`, `SSI` ..;
  /// `LES-NF` is held as the two entries `LES` and `NF`. REL TO and DISPLAY ONLY are not in here.
  package var controls: Set<String>
  /// CUI registry markings as written, `LEI`, `SP-SSI`.
  package var categories: Set<String>
  /// CUI limited dissemination controls other than REL TO and DISPLAY ONLY, in banner form: `NOFORN`, `FED ONLY`.
  package var disseminationControls: Set<String>
  /// Country codes of REL TO, USA included, tetragraphs expanded; nil when there is none.
  package var releasableTo: Set<String>?
  /// Country codes of DISPLAY ONLY; carried and printed, grants nothing.
  package var displayOnly: Set<String>?
  /// Tokens that no table knows: the portion is readable by nobody.
  package var unknown: [String]

  package init(
    family: Family = .legacy, level: Level = .unclassified, controls: Set<String> = [],
    categories: Set<String> = [], disseminationControls: Set<String> = [],
    releasableTo: Set<String>? = nil, displayOnly: Set<String>? = nil, unknown: [String] = []
  ) {
    self.family = family
    self.level = level
    self.controls = controls
    self.categories = categories
    self.disseminationControls = disseminationControls
    self.releasableTo = releasableTo
    self.displayOnly = displayOnly
    self.unknown = unknown
  }

  /// (U)
  package static let unclassified = Mark()
}

/// Everything that the leading parentheses of one block say: at most one legacy or CUI mark and one TLP mark
/// when canonical; several are joined.
package struct PortionMark: Hashable, Sendable {
  /// One reference: every portion carries a mark, and a mark has many parts.
  private final class Shared: Sendable {
    let mark: Mark
    /// Tells most marks apart without a look at their sets.
    let digest: Int
    init(_ mark: Mark) {
      self.mark = mark
      digest = mark.hashValue
    }
  }
  private var shared: Shared?

  /// nil when the portion has a TLP label alone.
  package var mark: Mark? {
    get { shared?.mark }
    set { shared = newValue.map(Shared.init) }
  }
  package var trafficLight: TrafficLight?

  package init(mark: Mark? = nil, trafficLight: TrafficLight? = nil) {
    shared = mark.map(Shared.init)
    self.trafficLight = trafficLight
  }

  package static func == (a: PortionMark, b: PortionMark) -> Bool {
    guard a.trafficLight == b.trafficLight else { return false }
    if a.shared === b.shared { return true }
    guard let one = a.shared, let other = b.shared, one.digest == other.digest else { return false }
    return one.mark == other.mark
  }
  package func hash(into hasher: inout Hasher) {
    hasher.combine(shared?.digest)
    hasher.combine(trafficLight)
  }
}
