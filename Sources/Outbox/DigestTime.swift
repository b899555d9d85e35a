// Whether a bulletin can wait for its readers' digest.

package enum DigestTime {
  /// What must be left of a bulletin's lifetime when the digest goes; else it goes by itself, at once.
  package static let margin: Moment.Span = .hours(12)

  /// Only routine bulletins wait, and only where the wait leaves time to read them.
  package static func waits(_ lane: Lane, at digest: Moment, lifetimeEnd: Moment) -> Bool {
    lane == .routine && digest + margin <= lifetimeEnd
  }
}
