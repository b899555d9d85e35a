// Hard or soft: the only file that decides it. Hard takes an address out of use, so it is said only where a server
// speaks of the mailbox or its domain (RFC 3463: x.1.1 to x.1.3, x.1.6, x.1.10, x.2.1, x.4.4) or in words that mean
// that. A full mailbox, a refusal of this message, of our address or of our host, and whatever is unknown are soft: a
// bare 550 too, which servers say for anything.

enum ReportSeverity {
  /// - Parameters:
  ///   - code: the three-digit reply, when one was found.
  ///   - text: the server's words, lower case.
  static func of(status: EnhancedCode?, code: Int?, text: [UInt8]) -> DeliveryReport.Kind {
    if passing.isIn(text) { return .soft }
    if let status {
      if status.kind == 4 { return .soft }
      switch (status.subject, status.detail) {
      case (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1), (4, 4), (4, 310): return .hard
      case (1, 7), (1, 8), (1, 9), (2, 2), (2, 3), (3, 4), (6, _): return .soft
      case (7, _): return refusal.isIn(text) || ourSide.isIn(text) ? .soft : gone.isIn(text) ? .hard : .soft
      default: break
      }
    } else if let code, code / 100 == 4 {
      return .soft
    }
    if ourSide.isIn(text) { return .soft }
    if gone.isIn(text) { return .hard }
    if refusal.isIn(text) { return .soft }
    if let status, status.subject == 1 { return .hard }
    switch code {
    case 551, 553, 556, 521: return .hard
    default: return .soft
    }
  }

  /// A reason that passes, whatever the code says.
  private static let passing = WordSet(
    "mailbox full", "mailbox is full", "sender address rejected", "sender rejected", "sender verif", "over quota",
    "overquota", "over its quota", "quota exceeded",
    "exceeded storage", "exceeds allowed", "quota has been", "size limit", "too large", "too big", "insufficient",
    "disk full", "out of storage", "try again later", "temporarily", "temporary", "timed out", "time out",
    "connection refused", "greylist", "graylist", "rate limit", "at a rate", "too quickly", "too many messages",
    "too many connections", "too many hops",
    "hop count", "mail loop", "loops back", "postfach voll", "boite pleine", "mailbox has exceeded")

  /// What is not there, or not good, is on our side: the sender's domain, the name or address of our host, a file.
  private static let ourSide = WordSet(
    "sender domain", "sender's domain", "sender address", "address of sender", "domain of sender", "sender host",
    "sender does", "sender not", "sender unknown", "unknown sender", "invalid sender", "envelope sender",
    "sender policy", " helo", " ehlo", "reverse dns", "reverse host", "reverse lookup", "ptr record", " ptr ",
    "client host", "client ip", "your ip", "your host", "your client", "spf record", "attachment")

  /// The mailbox or its domain is not there.
  private static let gone = WordSet(
    "user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox", "no such address",
    "no such person", "no such domain", "user not found", "does not exist", "doesn't exist", "not exist",
    "mailbox not found", "mailbox unavailable",
    "recipient not found", "recipient unknown", "unknown recipient", "address not found", "addressee unknown",
    "address unknown", "unknown address", "invalid recipient", "invalid mailbox", "no mailbox", "not a valid mailbox",
    "recipnotfound", "recipientnotfound", "recipient name is not recognized", "address rejected", "account is disabled",
    "account has been disabled", "account disabled", "mailbox disabled", "mailbox is disabled", "is inactive",
    "inactive mailbox", "account that you tried to reach", "account has been closed", "unrouteable address",
    "unroutable address", "unknown local part", "unknown or illegal alias", "not listed in domino directory",
    "not listed in public name", "host unknown", "host not found", "domain not found", "couldn't find any host",
    "could not find a valid mx", "name service error", "nxdomain", "not our customer", "no account",
    "no longer available", "no longer in use", "no longer on server", "does not accept mail", "null mx",
    "user doesn't have", "undeliverable address", "e-mail account does not", "could not be found", "couldn't be found",
    "wasn't found", "mailbox not available", "mailbox is unavailable", "invalid user", "invalid address",
    "no such local user", "user is unknown", "unknown mailbox", "mailbox unknown", "no such account",
    "unknown account", "account suspended", "account has expired", "account expired", "bad destination mailbox",
    "unbekannt", "inconnu")

  /// This message, our address or our host is refused.
  private static let refusal = WordSet(
    "spam", "blocked", "blacklist", "block list", "blocklist", "black list", "listed by", "listed at", "listed in",
    "policy", "reputation", "content", "virus", "malware", "unsolicited", "dmarc", "spf", "dkim", "sender",
    "not authorized", "not permitted", "relay", "authentication", "banned", "rejected for", "suspicious")
}
