// revere.yaml as values (site-files.md). Secrets are never in here: only the files that hold them.

package import Bulletins
package import Outbox
package import Webhooks

package struct RelaySettings: Hashable, Sendable {
  package enum Security: String, Hashable, Sendable, CaseIterable {
    /// STARTTLS, verified; no TLS, no delivery.
    case required
    /// TLS from the first byte, verified.
    case implicit
    case none
  }
  package var name: String
  package var host: String
  package var port: Int
  package var security: Security
  /// Relative to the workspace; nil is the system's store.
  package var caFile: String?
  package var user: String?
  package var passwordFile: String?
  package var maxConnections: Int
  package var messagesPerConnection: Int
  /// Messages per second in all; nil is no limit.
  package var rate: Int?
  /// Messages per second to one recipient domain; nil is no limit.
  package var perDomainRate: Int?
  /// Seconds that any reply may take; nil leaves RFC 5321's times.
  package var replyTimeout: Int?
  /// `email-plain` lowers what the connection would earn; a higher claim than it earns is a settings error.
  package var loweredToPlain: Bool

  /// Verified TLS is email-tls, anything else email-plain (site-files.md).
  package var isVerified: Bool { security != .none }
  /// Messages that need email-tls may go by it.
  package var earnsTLS: Bool { isVerified && !loweredToPlain }
}

package struct MailSettings: Hashable, Sendable {
  /// `Commonwealth Fusion Center <bulletins@cfc.example.gov>`
  package var from: String
  /// Domain of the VERP return path.
  package var bounceDomain: String
  /// By preference.
  package var relays: [RelaySettings]
}

package struct DeliverySettings: Hashable, Sendable {
  /// Hours of the site's zone in which routine mail waits.
  package var quietHours: QuietHours?
  /// When digests go, in the site's zone.
  package var digestAt: DailyTime
  /// Seconds for which a release of a lane waits so that it can be stopped.
  package var hold: [Urgency: Int]
  /// Connections that only the immediate lane uses.
  package var reservedConnections: Int

  package init(
    quietHours: QuietHours? = nil, digestAt: DailyTime = .sevenInTheMorning, hold: [Urgency: Int] = [:],
    reservedConnections: Int = 2
  ) {
    self.quietHours = quietHours
    self.digestAt = digestAt
    self.hold = hold
    self.reservedConnections = reservedConnections
  }
}

package struct WebhookSiteSettings: Hashable, Sendable {
  /// Networks that endpoints may be called at though they are not of the public Internet: `10.1.0.0/16`.
  package var allowNetworks: [NetworkRange] = []
  /// Authorities to trust in place of the system's; relative to the workspace, or absolute.
  package var caFile: String?
  /// Requests under way at once.
  package var connections = 32
  /// `http://HOST:PORT` or `https://HOST:PORT` of the way out; nil: endpoints are dialled directly.
  package var proxy: String?
  package var proxyUser: String?
  package var proxyPasswordFile: String?
}

package struct SiteSettings: Hashable, Sendable {
  package var site: Site
  /// The picture of the masthead (PNG or JPEG), relative to the workspace; nil shows the letters of `serial-prefix`.
  package var sealFile: String?
  package var mail: MailSettings?
  package var delivery: DeliverySettings
  /// `sqlite:PATH`, relative to the workspace. `postgres://..` is refused when it is opened: its driver comes later
  /// (Documentation/decisions/0001).
  package var store: String
  /// Where the site's secret key lies (SiteSecret.swift); relative to the workspace, or absolute.
  package var keyFile = SiteSettings.defaultKeyFile
  package var webhooks = WebhookSiteSettings()
  /// Where reports come back to; nil: `revere bounces poll` has nothing to do.
  package var bounces: BounceSettings?
  package var serve = ServeSettings()

  package static let defaultStore = "sqlite:var/revere.db"
  package static let defaultKeyFile = "var/secret.key"
}
