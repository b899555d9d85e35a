// Whom a refusal at RCPT concerns. Servers keep their checks of client, HELO name and sender until there (Postfix's
// smtpd_delay_reject, Exim's acl_smtp_rcpt), so a lost permission to relay looks like every reader's failure in turn
// (Documentation/decisions/0074).

enum RcptRefusal {
  /// - Parameter failure: a reply to RCPT whose enhanced code does not name the mailbox.
  /// - Returns: whether it speaks of relaying, our host, our login or our address.
  static func concernsUs(_ failure: Failure) -> Bool {
    // Addresses are nobody's words: a reader may sit at relay.example.gov.
    let text = failure.text.lowercased().split(whereSeparator: \.isWhitespace).filter { !$0.contains("@") }
      .joined(separator: " ")
    if aboutReader.contains(where: text.contains) { return false }
    if aboutUs.contains(where: text.contains) { return true }
    let parts = (failure.enhanced ?? "").split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return false }
    // RFC 3463: x.7.z is policy, x.1.7 and x.1.8 are the sender's address.
    return parts[1] == "7" || (parts[1] == "1" && ["7", "8"].contains(parts[2]))
  }

  private static let aboutReader = ["recipient address rejected", "recipient rejected", "user unknown", "unknown user"]
  private static let aboutUs = [
    "relay", "rcpthosts", "sender", "client host", "client address", "client ip", "your ip", "helo command",
    "ehlo command", "reverse dns", "reverse hostname", "not authenticated", "authentication required",
  ]
}
