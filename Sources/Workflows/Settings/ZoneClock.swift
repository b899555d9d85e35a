// The clocks of the center's zone, for the outbox: days from 1970-01-01 as the calendar of the zone counts them.

import Bulletins
package import Foundation
import Markings
package import Outbox

package struct ZoneClock: LocalClock {
  package let zone: TimeZone
  package init(_ zone: TimeZone) { self.zone = zone }

  package func day(of moment: Moment) -> Int64 {
    CivilTime(Instant(seconds: moment.seconds), in: zone).date.daysSince1970
  }

  package func first(day: Int64, second: Int) -> Moment {
    Moment(seconds: CivilDate(daysSince1970: day).first(second: second, in: zone).seconds)
  }
}

extension SiteSettings {
  package var clock: ZoneClock { ZoneClock(site.zone) }

  /// When the quiet hours that a moment lies in end; nil when it lies in none.
  package func quietUntil(_ moment: Moment) -> Moment? { delivery.quietHours?.end(at: moment, clock) }
}
