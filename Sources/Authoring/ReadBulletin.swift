// What reading a bulletin gives: the document for decisions, the findings made on the way, and for the check's rules
// what the document does not keep: marks as they were written, source lines, directives, the front matter's nodes.

package import Bulletins
package import Foundation
package import Markings
package import SiteFiles

/// What reading needs to know of the site; nothing is opened or loaded from here.
package struct ReaderSettings: Sendable {
  package var registry: MarkingRegistry
  package var defaultScheme: Scheme
  /// Of the center; a time without an offset is in it.
  package var zone: TimeZone
  /// By name of the series: required keys and the default expiry.
  package var templates: [String: SeriesTemplate]
  /// The bytes of a CSV file beside the bulletin; nil when there is none of that name.
  package var chartData: @Sendable (String) -> [UInt8]?

  package init(
    registry: MarkingRegistry, defaultScheme: Scheme = .legacy, zone: TimeZone,
    templates: [String: SeriesTemplate] = [:], chartData: @escaping @Sendable (String) -> [UInt8]? = { _ in nil }
  ) {
    self.registry = registry
    self.defaultScheme = defaultScheme
    self.zone = zone
    self.templates = templates
    self.chartData = chartData
  }
}

/// A mark as it was written, and where.
package struct MarkSite: Sendable {
  package enum Role: Hashable, Sendable {
    /// At the start of a block, a title, a description or a caption, where marks belong.
    case leading
    /// At the start of a later source line of a block: an error.
    case laterLine
    /// At the start of a table's cell: an error.
    case cell
    /// A bare mark: `mark:` of a source or subject, `label` of `compilation`.
    case bare
  }
  package var role: Role
  /// nil for `compilation`.
  package var portion: Int?
  package var line: Int
  /// In scalars.
  package var column: Int
  package var reading: MarkReading
}

/// A directive with its extent; `endLine` is that of its `:::`, nil when it was never closed.
package struct DirectiveSpan: Hashable, Sendable {
  package var directive: Directive
  package var endLine: Int?
}

/// `[^x]` that names neither a source nor a footnote: the portion has it among its citations, as a source that nobody
/// knows.
package struct UnresolvedReference: Hashable, Sendable {
  package var label: String
  package var line: Int
  package var column: Int
}

/// A file beside the bulletin that it names.
package struct NamedFile: Hashable, Sendable {
  package enum Use: Hashable, Sendable { case figure, photo, chart }
  package var name: String
  package var use: Use
  package var line: Int
}

package struct ReadBulletin: Sendable {
  package var document: Document
  /// In order of place: F01 to F04, F08, S03, S04 and S05 (content that is refused). The rules add the rest.
  package var findings: [Finding]
  package var source: SourceText
  /// The root map of the front matter; nil when there is none that can be read.
  package var frontMatter: Node?
  /// Node lines plus this are lines of the file.
  package var frontMatterOffset: Int
  /// The first line of the body.
  package var bodyLine: Int
  package var marks: [MarkSite]
  package var directives: [DirectiveSpan]
  package var unresolved: [UnresolvedReference]
  package var namedFiles: [NamedFile]

  /// Names of the files beside the bulletin, each once, in order of name.
  package var files: [String] { Set(namedFiles.map(\.name)).sorted() }
}
