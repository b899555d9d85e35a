// What the server asks about feeds; the command line wires it to the partners' gate, the desk and the record of pulls.
// The server knows HTTP and no bulletin: whom it may tell what is decided behind this protocol.

/// Called from any thread, also from those of connections. Whatever would touch a disk, compute a slow hash or make a
/// document answers nil where `mayWait` is false; the server then asks again from a thread that may wait.
package protocol FeedService: Sendable {
  /// - Parameters:
  ///   - authorization: the header's value as it came; nil: none.
  ///   - address: of the caller, without a port.
  func admit(_ authorization: String?, from address: String, mayWait: Bool) -> FeedAdmission?
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
  /// - Parameters:
  ///   - path: its segments, percent-decoded: `["feeds", "all.atom"]`.
  ///   - query: decoded, in order.
  ///   - accept: the header's value.
  /// - Throws: anything: the caller is told 500, and the log what it was.
  func find(_ question: FeedQuestion, mayWait: Bool) throws -> FeedFinding?
  /// Notes that this caller is given what the document holds: durable before it returns, if it is new to them.
  /// - Returns: the partner's sequence number for `Revere-Sequence`; nil inside: none is shown.
  func record(_ document: FeedDocument, mayWait: Bool) throws -> FeedPull?
}

package struct FeedPull: Sendable {
  package var sequence: Int64?
  package init(sequence: Int64?) { self.sequence = sequence }
}

package struct FeedQuestion: Sendable {
  package var path: [String]
  package var query: [(name: String, value: String)]
  package var accept: String?
  /// POST and the like, for an interface that has rules of its own for them; the server itself answers all but GET and
  /// HEAD with 405.
  package init(path: [String], query: [(name: String, value: String)] = [], accept: String? = nil) {
    self.path = path
    self.query = query
    self.accept = accept
  }
}

package enum FeedFinding: Sendable {
  case document(FeedDocument)
  /// There is no such thing, or none that the caller may know of: one answer for both.
  case absent
  /// A person stopped everything that goes out.
  case halted(seconds: Int)
}
