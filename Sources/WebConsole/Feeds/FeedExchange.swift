// One request to the feeds: who calls, may it, is there such a thing, has the caller it already, in which form. Asked on
// the thread of a connection first, where nothing may wait, and again on another thread if something has to.
// RFC 9110; the order of the conditions is that of section 13.2.2.

import Foundation
import NIOCore

final class FeedExchange: Sendable {
  enum Outcome: Sendable {
    case reply(FeedReply)
    /// Ask again where waiting is allowed, with what is known of the caller: an admission counts once.
    case wait(FeedAdmission?)
  }

  let service: any FeedService
  private let seats: CallerSeats
  /// Told what a service threw; the caller is not.
  private let failed: @Sendable (_ path: String, _ error: any Error) -> Void

  init(
    _ service: any FeedService, seatsPerCaller: Int,
    failed: @escaping @Sendable (_ path: String, _ error: any Error) -> Void
  ) {
    self.service = service
    self.failed = failed
    seats = CallerSeats(limit: seatsPerCaller)
  }

  /// - Parameters:
  ///   - admission: what an earlier asking found.
  ///   - now: seconds since 1970.
  func outcome(
    of request: FeedRequest, _ family: FeedReply.Family, admitted admission: FeedAdmission?, now: Int64, mayWait: Bool
  ) -> Outcome {
    if request.isAmbiguous { return .reply(.badRequest(family)) }
    let asked: FeedAdmission
    do {
      let found = try admission ?? service.admit(request.authorization, from: request.address, mayWait: mayWait)
      guard let found else { return .wait(nil) }
      asked = found
    } catch {
      failed(request.target, error)
      return .reply(.failed(family))
    }
    switch asked {
    case .refused: return .reply(.unauthorized(family))
    case .tooMany(let seconds): return .reply(.tooMany(family, seconds: seconds))
    case .visitor(let visitor):
      guard let seat = seats.row(of: visitor.name).take() else { return .reply(.tooMany(family, seconds: 1)) }
      do {
        guard let reply = try reply(to: request, family, visitor, now: now, mayWait: mayWait) else {
          return .wait(asked)
        }
        return .reply(reply.heldBy(seat))
      } catch {
        failed(request.target, error)
        return .reply(FeedReply.failed(family).heldBy(seat))
      }
    }
  }

  /// The same request of a connection once more, word for word.
  /// - Returns: nil: nothing was counted, and `outcome` knows.
  func again(_ last: AnsweredRequest) -> Outcome? {
    guard let again = last.reply.again, let seat = last.row.take() else { return nil }
    let family = last.asked.family
    do {
      switch try again.again() {
      case .same(let pull):
        var reply = last.reply.heldBy(seat)
        reply.sequence = pull.sequence
        return .reply(reply)
      case .tooMany(let seconds): return .reply(.tooMany(family, seconds: seconds))
      case .admitted(let admission): return .wait(admission)
      case .changed: return nil
      }
    } catch {
      failed(last.asked.request.target, error)
      return .reply(FeedReply.failed(family).heldBy(seat))
    }
  }

  private func reply(
    to request: FeedRequest, _ family: FeedReply.Family, _ visitor: any FeedVisitor, now: Int64, mayWait: Bool
  ) throws -> FeedReply? {
    let reads = request.method == "GET" || request.method == "HEAD"
    // TAXII has rules of its own for methods and types.
    guard reads || family == .taxii else { return .wrongMethod(family) }
    guard let question = Self.question(request) else { return .notFound(family) }
    // By the ending alone, so that it tells nothing of what exists.
    if family == .feeds, let types = Self.mediaTypes(of: question.path),
      !Negotiation.accepts(request.accept, anyOf: types)
    {
      return .notAcceptable(family)
    }
    guard let finding = try visitor.find(question, mayWait: mayWait) else { return nil }
    switch finding {
    case .absent: return .notFound(family)
    case .halted(let seconds): return .halted(family, seconds: seconds)
    case .document(let document, let again):
      var reply = try reply(to: request, family, visitor, with: document, now: now, mayWait: mayWait)
      // What depends on the time, or is recorded nowhere, is found anew each time.
      if document.unchangedSince ?? 0 <= now, reply?.sequence != nil { reply?.again = again }
      return reply
    }
  }

  private func reply(
    to request: FeedRequest, _ family: FeedReply.Family, _ visitor: any FeedVisitor, with document: FeedDocument,
    now: Int64, mayWait: Bool
  ) throws -> FeedReply? {
    guard document.status == 200 else {
      return FeedReply(document.status, document.plain.head, document.plain.body)
    }
    guard let coding = Negotiation.coding(request.acceptEncoding, hasGzip: document.compressed != nil) else {
      return .notAcceptable(family)
    }
    let form = coding == .gzip ? document.compressed ?? document.plain : document.plain
    // A time that has not come yet would be no validator (section 8.8.2.1).
    let unchangedSince = document.unchangedSince.flatMap { $0 <= now ? $0 : nil }
    switch Self.condition(request, form.etag, unchangedSince, of: document) {
    case .failed: return .preconditionFailed(family)
    case .unchanged:
      var reply = FeedReply(304, form.unchangedHead)
      // `*` shows no copy: nothing of it is known to have reached the caller.
      if request.ifNoneMatch.map(Negotiation.isAny) == true { return reply }
      guard let pull = try visitor.record(document, mayWait: mayWait) else { return nil }
      reply.sequence = pull.sequence
      return reply
    case .send:
      var reply = FeedReply(200, unchangedSince == nil ? form.head : form.datedHead, form.body)
      // Nothing of it reaches who asks for the head alone.
      guard request.method == "GET" else { return reply }
      guard let pull = try visitor.record(document, mayWait: mayWait) else { return nil }
      reply.sequence = pull.sequence
      return reply
    }
  }

  private enum Condition { case send, unchanged, failed }

  private static func condition(
    _ request: FeedRequest, _ etag: String?, _ unchangedSince: Int64?, of document: FeedDocument
  ) -> Condition {
    if let wanted = request.ifMatch {
      // Section 13.1.1: `*` holds of whatever there is.
      let holds = etag.map { Negotiation.matches(wanted, $0, strongly: true) } ?? Negotiation.isAny(wanted)
      guard holds else { return .failed }
    } else if document.unchangedSince != nil, let text = request.ifUnmodifiedSince, let since = HTTPTime.seconds(text) {
      // Section 13.1.4: not looked at where there is no time of change.
      guard let unchangedSince, unchangedSince <= since else { return .failed }
    }
    if let known = request.ifNoneMatch {
      // Section 13.1.2: `*` fails where there is anything.
      let fails = etag.map { Negotiation.matches(known, $0, strongly: false) } ?? Negotiation.isAny(known)
      return fails ? .unchanged : .send
    }
    if let text = request.ifModifiedSince, let unchangedSince {
      if text == document.lastModified { return .unchanged }
      if let since = HTTPTime.seconds(text), unchangedSince <= since { return .unchanged }
    }
    return .send
  }

  // MARK: The target

  /// RFC 9112 section 3.2: a path, or an absolute address whose host does not matter here. Segments are decoded one by
  /// one, so that an encoded slash or dots are the letters of a name and lead nowhere.
  /// - Returns: nil when the encoding is broken.
  static func question(_ request: FeedRequest) -> FeedQuestion? {
    let (path, query) = parts(of: request.target)
    var segments: [String] = []
    for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard segment.utf8.contains(0x25) else {
        segments.append(String(segment))
        continue
      }
      guard let decoded = String(segment).removingPercentEncoding else { return nil }
      segments.append(decoded)
    }
    return FeedQuestion(
      method: request.method, path: segments, target: String(path), query: query.map(String.init),
      accept: request.accept, acceptEncoding: request.acceptEncoding)
  }

  static func parts(of target: String) -> (path: Substring, query: Substring?) {
    var rest = Substring(target)
    if rest.utf8.first != 0x2F, let scheme = ["http://", "https://"].first(where: { rest.lowercased().hasPrefix($0) }) {
      rest = rest.dropFirst(scheme.count).drop { $0 != "/" && $0 != "?" }
    }
    guard let mark = rest.utf8.firstIndex(of: 0x3F) else { return (rest, nil) }
    return (rest[..<mark], rest[rest.index(after: mark)...])
  }

  /// By its ending; XML may also be asked for under its general names.
  private static func mediaTypes(of path: [String]) -> [String]? {
    let name = path.last ?? ""
    if name.hasSuffix(".atom") { return ["application/atom+xml", "application/xml", "text/xml"] }
    if name.hasSuffix(".rss") { return ["application/rss+xml", "application/xml", "text/xml"] }
    if name.hasSuffix(".json") { return ["application/feed+json", "application/json"] }
    if name.hasSuffix(".xml") { return ["application/cap+xml", "application/xml", "text/xml"] }
    return nil
  }
}
