// How a product may travel, by what protects it on the way (release-policy.md section 5). The class is all that a
// decision knows of a channel; its protocol is the affair of others.

package enum ChannelClass: String, Hashable, Sendable, CaseIterable {
  case emailPlain = "email-plain"
  case emailTLS = "email-tls"
  case emailSMIME = "email-smime"
  case webhook, feed, portal

  /// Place among the email classes, weakest first; nil for the others.
  package var emailRank: Int? {
    switch self {
    case .emailPlain: 0
    case .emailTLS: 1
    case .emailSMIME: 2
    case .webhook, .feed, .portal: nil
    }
  }

  /// The lower of two email classes; anything else stays as it is.
  package func lowered(to other: ChannelClass) -> ChannelClass {
    guard let mine = emailRank, let theirs = other.emailRank else { return self }
    return mine <= theirs ? self : other
  }

  /// What this version sends under the class: S/MIME is not built, such an entry is decided, cut and sent as
  /// `email-tls` (site-files.md).
  package var served: ChannelClass { self == .emailSMIME ? .emailTLS : self }
}

/// Where one decision is for.
package struct Endpoint: Hashable, Sendable {
  package var channel: ChannelClass
  /// The endpoint is approved for full bodies (webhooks only).
  package var fullBody: Bool
  package init(_ channel: ChannelClass, fullBody: Bool = false) {
    self.channel = channel
    self.fullBody = fullBody
  }
}
