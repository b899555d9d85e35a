// What the server asks about feeds; the command line wires it to the partners' gate, the desk and the record of pulls.
// The server knows HTTP and no bulletin: whom it may tell what is decided behind this protocol.

/// Called from any thread, also from those of connections. Whatever would touch a disk, compute a slow hash or make a
/// document answers nil where `mayWait` is false; the server then asks again from a thread that may wait.
package protocol FeedService: Sendable {
  /// - Parameters:
  ///   - authorization: the header's value as it came; nil: none.
  ///   - address: of the caller, without a port.
  /// - Throws: anything: nobody is admitted, and the caller is told 500.
  func admit(_ authorization: String?, from address: String, mayWait: Bool) throws -> FeedAdmission?
}

package enum FeedAdmission: Sendable {
  case visitor(any FeedVisitor)
  case refused
  /// Too many attempts or requests: not before so many seconds.
  case tooMany(seconds: Int)
}

/// A partner system with a valid credential.
package protocol FeedVisitor: Sendable {
  /// The partner's id: for limits and the log.
  var name: String { get }
  /// - Throws: anything: the caller is told 500, and the log what it was.
  func find(_ question: FeedQuestion, mayWait: Bool) throws -> FeedFinding?
  /// Notes that this caller is given what the document holds: durable before it returns, if it is new to them.
  /// - Returns: the partner's sequence number for `Revere-Sequence`; nil inside: none is shown.
  func record(_ document: FeedDocument, mayWait: Bool) throws -> FeedPull?
}

/// A document that was found for a caller, who may ask for it again in the same words.
package protocol FeedRepeat: Sendable {
  /// What `admit`, `find` and `record` would come to now; it never waits.
  /// - Throws: as they do.
  func again() throws -> FeedAgain
}

package enum FeedAgain: Sendable {
  /// The same document: the request was counted and the pull recorded.
  case same(FeedPull)
  case tooMany(seconds: Int)
  /// The request was counted, but what follows may have to wait: go on with this.
  case admitted(FeedAdmission)
  /// Nothing was counted: ask as if for the first time.
  case changed
}

package struct FeedPull: Sendable {
  package var sequence: Int64?
  package init(sequence: Int64?) { self.sequence = sequence }
}

package struct FeedQuestion: Sendable {
  /// In capitals. Of TAXII any; of feeds GET or HEAD, the server itself answers all others.
  package var method: String
  /// Segments, percent-decoded: `["feeds", "all.atom"]`.
  package var path: [String]
  /// The path as it came.
  package var target: String
  /// As it came, without the `?`.
  package var query: String?
  /// The header's value, several joined by commas.
  package var accept: String?
  package var acceptEncoding: String?
  /// A document's gzip form is sent where it has one.
  package var takesGzip: Bool { Negotiation.coding(acceptEncoding, hasGzip: true) == .gzip }
}

package enum FeedFinding: Sendable {
  /// - Parameter again: nil: each time it has to be found anew.
  case document(FeedDocument, again: (any FeedRepeat)? = nil)
  /// There is no such thing, or none that the caller may know of: one answer for both.
  case absent
  /// A person stopped everything that goes out.
  case halted(seconds: Int)
}
