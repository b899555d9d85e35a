// What a policy file says of itself, beside its name: the number by which records name it, and since when it holds.

package import Bulletins

/// Whole numbers joined by dots or hyphens, compared one by one: 2 < 2.1 < 10, and a date is one too.
package struct PolicyVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let description: String
  private let numbers: [Int]

  /// nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "-" }
    let numbers = parts.compactMap { part in
      part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
    }
    guard numbers.count == parts.count else { return nil }
    self.numbers = numbers
    description = text
  }

  package static func < (a: PolicyVersion, b: PolicyVersion) -> Bool { a.numbers.lexicographicallyPrecedes(b.numbers) }
}

/// The head of release-policy.yaml or release-policy.site.yaml.
package struct PolicyHead: Hashable, Sendable {
  /// nil when it is missing or malformed.
  package var version: PolicyVersion?
  package var versionPlace: Place
  /// First day; nil when it is not said or malformed.
  package var effective: CivilDate?
  package var effectivePlace: Place
}
