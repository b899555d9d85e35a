// Why rows and releases wait, by the settings of the site and the time of the question.

package import Outbox
package import Store

extension DeliveryRecord {
  /// nil when it may go now, or is not open.
  package func waiting(now: Moment, _ settings: SiteSettings) -> Waiting? {
    guard held == nil, let nextAttempt else { return nil }
    return Waiting(
      Waiting.Facts(state: state, lane: lane, isEmail: channel.isEmail, nextAttempt: nextAttempt, digest: digest),
      now: now, quietUntil: settings.quietUntil)
  }
}

extension ReleaseStatus {
  /// Its first message may not go yet.
  package func isScheduled(_ now: Moment) -> Bool { !isFinished && release.startsAt > now }

  /// When the quiet hours end that its rows wait in; nil when none does.
  package func quietUntil(_ now: Moment, _ settings: SiteSettings) -> Moment? {
    guard !isFinished, release.startsAt <= now, QuietHours.concern(release.lane) else { return nil }
    return settings.quietUntil(now)
  }
}
