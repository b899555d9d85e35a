// Figures as a person should read them in quiet hours: routine mail that waits for their end is not overdue.

package import Outbox
package import Store

extension LedgerFigures {
  /// Within quiet hours nothing of the routine lane is overdue; after them what became due within them, or so shortly
  /// before them that nobody could have called it late, counts from their end. Routine webhooks, which do not wait,
  /// are not told apart from mail.
  /// - Parameter quietUntil: the end of the quiet hours that a moment lies in.
  package func outsideQuietHours(now: Moment, quietUntil: (Moment) -> Moment?) -> LedgerFigures {
    var figures = self
    for (lane, due) in earliestDue where QuietHours.concern(lane) && due <= now {
      let patience = Moment.Span.seconds(HealthChecks.overdueLimits[lane]?.warning ?? 0)
      if let end = quietUntil(now) {
        figures.earliestDue[lane] = end
      } else if let end = quietUntil(due) ?? quietUntil(due + patience), end <= now {
        figures.earliestDue[lane] = end
      }
    }
    return figures
  }
}
