// Why somebody does not get something (release-policy.md section 6). The code and its argument are for machines and
// are compared as a set; the words are for the center's own people and never leave it.

package struct Reason: Hashable, Sendable, Comparable {
  package enum Code: String, Hashable, Sendable, CaseIterable {
    case spillage, invalid, status, window, compilation
    case listCeiling = "list-ceiling"
    case hollow, atom, clause, named, country, expired
    case channelCeiling = "channel-ceiling"
    case noChannel = "no-channel"
    case consent
    case unknownToken = "unknown-token"
    case unmarked
  }

  package var code: Code
  /// `LES` of an atom, `sectors` of a clause, `bottom-line` of a hollow section.
  package var argument: String?
  package var words: String

  package init(_ code: Code, _ argument: String? = nil, words: String = "") {
    self.code = code
    self.argument = argument
    self.words = words
  }

  /// `atom(LES)`.
  package var machine: String { argument.map { "\(code.rawValue)(\($0))" } ?? code.rawValue }
  /// `atom(LES): agreement nda expired 2026-10-31`.
  package var text: String { words.isEmpty ? machine : machine + ": " + words }

  package static func < (a: Reason, b: Reason) -> Bool { (a.machine, a.words) < (b.machine, b.words) }
}
