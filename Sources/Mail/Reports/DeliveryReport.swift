// What a mail to the return path says: a failure, a delay, a success, somebody's absence, or nothing of the kind. A
// value without judgement about the ledger: who may believe it is decided where it is recorded.

package struct DeliveryReport: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The address takes no mail, now or later.
    case hard
    /// Given up, for a reason that may pass: a full mailbox, a refusal of this message.
    case soft
    /// Not given up yet.
    case delayed
    /// Handed to a system that sends no reports.
    case relayed
    case success
    case autoReply = "auto-reply"
    /// A person's answer, a challenge, a read receipt, advertising: anything else.
    case notABounce = "not-a-bounce"

    /// The graver one speaks for a mail about several readers.
    var gravity: Int { Kind.allCases.count - (Kind.allCases.firstIndex(of: self) ?? 0) }
  }

  /// RFC 3464 section 2.3.3.
  package enum Action: String, Hashable, Sendable, CaseIterable {
    case failed, delayed, delivered, relayed, expanded
  }

  package struct ReportedReader: Hashable, Sendable {
    /// Where it went in the end; empty when the report names nobody.
    package var address: String
    /// What we wrote on the envelope, when the report tells (Original-Recipient).
    package var original: String?
    package var action: Action
    package var status: EnhancedCode?
    /// The three-digit reply among the words.
    package var code: Int?
    /// In the words of the server, at most 500 bytes, without control characters.
    package var diagnostic: String
    package var kind: Kind
  }

  /// What several groups about one address of ours say together. Those that name it as the final one count first, the
  /// gravest of them. Where it was forwarded or expanded, one copy that arrived is enough.
  /// - Returns: nil when none is about it.
  package static func about(_ readers: [ReportedReader], isOurs: (String) -> Bool) -> ReportedReader? {
    func gravest(_ readers: [ReportedReader]) -> ReportedReader? {
      readers.max { $0.kind.gravity < $1.kind.gravity }
    }
    let named = readers.filter { $0.address.isEmpty || isOurs($0.address) }
    if !named.isEmpty { return gravest(named) }
    let forwarded = readers.filter { $0.original.map(isOurs) ?? false }
    return forwarded.first { [.success, .relayed].contains($0.kind) } ?? gravest(forwarded)
  }

  /// Where a token was found; the order is that of trust.
  package enum Source: String, Hashable, Sendable, CaseIterable {
    case envelopeID = "envelope-id"
    /// The mail came to it.
    case recipient
    /// In what the report brings back of our message.
    case returned
  }

  package struct FoundToken: Hashable, Sendable {
    package var token: DeliveryToken
    package var source: Source
  }

  package var kind: Kind
  package var readers: [ReportedReader] = []
  /// Distinct; none is verified yet.
  package var tokens: [FoundToken] = []
  /// Which reading knew it: `rfc3464`, `qmail`, `exim` .., or why it is no bounce.
  package var form: String

  package init(
    _ kind: Kind, readers: [ReportedReader] = [], tokens: [FoundToken] = [], form: String
  ) {
    self.kind = kind
    self.readers = readers
    self.tokens = tokens
    self.form = form
  }
}
