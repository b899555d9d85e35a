// A point in time without Foundation, so that labels can carry windows.

/// Whole seconds since 1970-01-01T00:00:00Z, without leap seconds (POSIX time).
package struct Instant: Hashable, Comparable, Sendable {
  package var seconds: Int64
  package init(seconds: Int64) { self.seconds = seconds }
  package static func < (a: Instant, b: Instant) -> Bool { a.seconds < b.seconds }
}

/// [notBefore, expires): nil means unbounded on that side.
package struct Window: Hashable, Sendable {
  package var notBefore: Instant?
  package var expires: Instant?
  package init(notBefore: Instant? = nil, expires: Instant? = nil) {
    self.notBefore = notBefore
    self.expires = expires
  }
  package static let always = Window()

  package func contains(_ t: Instant) -> Bool {
    if let notBefore, t < notBefore { return false }
    if let expires, t >= expires { return false }
    return true
  }

  package func intersection(_ other: Window) -> Window {
    Window(
      notBefore: [notBefore, other.notBefore].compactMap { $0 }.max(),
      expires: [expires, other.expires].compactMap { $0 }.min())
  }
}
