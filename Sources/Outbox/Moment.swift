// Points in time of deliveries. Markings.Instant counts whole seconds for labels; leases, retries and the measures of
// the ledger want finer steps, and the outbox imports nothing.

/// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
package struct Moment: Hashable, Comparable, Sendable {
  package var milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }
  package init(seconds: Int64) { milliseconds = seconds * 1000 }

  /// Whole seconds, rounded down: what a label's window is tested with.
  package var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000 }

  package static func < (a: Moment, b: Moment) -> Bool { a.milliseconds < b.milliseconds }
  package static func + (moment: Moment, span: Span) -> Moment {
    Moment(milliseconds: moment.milliseconds + span.milliseconds)
  }
  package static func - (moment: Moment, span: Span) -> Moment {
    Moment(milliseconds: moment.milliseconds - span.milliseconds)
  }
  package static func - (a: Moment, b: Moment) -> Span { Span(milliseconds: a.milliseconds - b.milliseconds) }

  /// A length of time; may be negative.
  package struct Span: Hashable, Comparable, Sendable {
    package var milliseconds: Int64
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package static func seconds(_ count: Int64) -> Span { Span(milliseconds: count * 1000) }
    package static func minutes(_ count: Int64) -> Span { .seconds(count * 60) }
    package static func hours(_ count: Int64) -> Span { .minutes(count * 60) }
    package static let zero = Span(milliseconds: 0)
    package static func < (a: Span, b: Span) -> Bool { a.milliseconds < b.milliseconds }
  }
}
