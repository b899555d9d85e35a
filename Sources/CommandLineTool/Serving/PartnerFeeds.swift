// What the web server asks about feeds, answered by the gate of partners, the desk and the record of pulls.

import Feeds
import Foundation
import Markings
import Outbox
import Store
import Synchronization
import WebConsole
import Workflows

final class PartnerFeeds: FeedService {
  fileprivate let gate: PartnerGate
  fileprivate let desk: FeedDesk
  fileprivate let taxii: TaxiiDesk
  fileprivate let recorder: PullRecorder
  fileprivate let now: @Sendable () -> Moment
  fileprivate let report: @Sendable (FeedsUnavailable?) -> Void
  private let documents = Mutex(Documents())

  /// What the desk keeps, in the form in which it goes out.
  private struct Documents {
    var known: [ObjectIdentifier: FeedDocument] = [:]
    var bytes = 0
  }
  private static let mostBytes = 64 << 20

  /// - Parameter report: told why nothing can be served, and nil where something could be; called often.
  init(
    desk: FeedDesk, store: any UnitOfWork, secret: SiteSecret, now: @escaping @Sendable () -> Moment,
    report: @escaping @Sendable (FeedsUnavailable?) -> Void
  ) {
    self.desk = desk
    self.now = now
    self.report = report
    gate = PartnerGate(store: store)
    taxii = TaxiiDesk(desk, store: store, secret: secret)
    recorder = PullRecorder(store: store)
  }

  func admit(_ authorization: String?, from address: String, mayWait: Bool) throws -> FeedAdmission? {
    guard let admission = try gate.admit(authorization, from: address, now: now(), mayWait: mayWait) else { return nil }
    switch admission {
    case .caller(let pass): return .visitor(PartnerVisitor(feeds: self, pass: pass))
    case .refused: return .refused
    case .locked(let seconds), .tooMany(let seconds): return .tooMany(seconds: seconds)
    }
  }

  /// - Parameter answers: of the server that asks here.
  func figures(_ answers: AnswerCounts) -> FeedFigures {
    FeedFigures(requests: answers.byStatus, lockOuts: gate.lockOuts, unavailable: problem()?.why)
  }

  private func problem() -> FeedsUnavailable? {
    do {
      _ = try desk.feeds(now: now())
      report(nil)
    } catch let problem as FeedsUnavailable {
      report(problem)
      return problem
    } catch {
      // A ledger that cannot be read has a figure of its own.
    }
    return nil
  }

  /// Counts of pulls that are still in memory; each second.
  func flush() throws { try recorder.flush() }
  /// At the end.
  func close() throws { try recorder.close() }

  fileprivate func document(_ made: FeedRepresentation, feed: String) -> FeedDocument {
    documents.withLock { documents in
      if let known = documents.known[ObjectIdentifier(made)] { return known }
      let document = FeedDocument(
        mediaType: made.mediaType, bytes: made.bytes, compressed: made.compressed, etag: made.etag,
        changedAt: made.lastModified.seconds, isSensitive: made.isSensitive,
        source: PulledSource(feed: feed, contents: made.contents, kept: made))
      if documents.bytes > Self.mostBytes { documents = Documents() }
      documents.known[ObjectIdentifier(made)] = document
      documents.bytes += made.bytes.count + made.compressed.count
      return document
    }
  }
}

/// What of a document goes into the ledger.
private final class PulledSource: Sendable {
  let feed: String?
  let contents: [PulledVersion]
  /// Held, so that no other is taken for it.
  private let kept: FeedRepresentation?
  init(feed: String?, contents: [PulledVersion], kept: FeedRepresentation? = nil) {
    self.feed = feed
    self.contents = contents
    self.kept = kept
  }
}

private struct PartnerVisitor: FeedVisitor {
  let feeds: PartnerFeeds
  let pass: PartnerPass
  private var caller: FeedCaller { pass.caller }
  var name: String { caller.partner }

  func find(_ question: FeedQuestion, mayWait: Bool) throws -> FeedFinding? {
    do {
      if question.path.first == "taxii2" {
        return mayWait ? .document(try taxii(question)) : nil
      }
      guard let address = FeedAddress(path: question.path), caller.allows(address.feed) else { return .absent }
      let now = feeds.now()
      if let kept = feeds.desk.kept(address, for: caller.reader, now: now) {
        feeds.report(nil)
        return .document(
          feeds.document(kept, feed: address.feed), again: KeptFeed(visitor: self, address: address, kept: kept))
      }
      guard mayWait else { return nil }
      let made = try feeds.desk.representation(address, for: caller.reader, now: now)
      feeds.report(nil)
      return made.map { .document(feeds.document($0, feed: address.feed)) } ?? .absent
    } catch let problem as FeedsUnavailable {
      feeds.report(problem)
      return .halted(seconds: problem.retryAfter)
    }
  }

  private func taxii(_ question: FeedQuestion) throws -> FeedDocument {
    guard caller.allowsTaxii else {
      return Self.document(.outOfScope, PulledSource(feed: nil, contents: []), packs: false)
    }
    let request = TaxiiRequest(
      method: question.method, path: question.target, query: question.query, accept: question.accept)
    let served = try feeds.taxii.answer(request, for: caller.reader, allows: caller.allows, now: feeds.now())
    // The others say no before anything is looked up.
    if served.feed != nil { feeds.report(nil) }
    return Self.document(
      served.answer, PulledSource(feed: served.feed, contents: served.contents), packs: question.takesGzip)
  }

  /// Bytes that one packet holds need no packing.
  private static let worthPacking = 1_400

  private static func document(_ answer: TaxiiAnswer, _ source: PulledSource, packs: Bool) -> FeedDocument {
    let bytes = Array(answer.body)
    return FeedDocument(
      status: answer.status, mediaType: answer.header("Content-Type") ?? "", bytes: bytes,
      compressed: packs && answer.status == 200 && bytes.count >= worthPacking ? Gzip.compressed(bytes) : nil,
      isSensitive: answer.isSensitive, fields: answer.ownHeaders.map { ($0.name, $0.value) }, source: source)
  }

  func record(_ document: FeedDocument, mayWait: Bool) throws -> FeedPull? {
    guard let source = document.source as? PulledSource, let feed = source.feed else { return FeedPull(sequence: nil) }
    let number = try feeds.recorder.record(
      caller, feed: feed, contents: source.contents, now: feeds.now(), mayWait: mayWait)
    if number == nil, !mayWait { return nil }
    return FeedPull(sequence: number)
  }
}

/// A document of the desk that was found for a partner without waiting.
private final class KeptFeed: FeedRepeat {
  private let visitor: PartnerVisitor
  private let address: FeedAddress
  private let kept: FeedRepresentation

  init(visitor: PartnerVisitor, address: FeedAddress, kept: FeedRepresentation) {
    self.visitor = visitor
    self.address = address
    self.kept = kept
  }

  func again() throws -> FeedAgain {
    let (feeds, pass, now) = (visitor.feeds, visitor.pass, visitor.feeds.now())
    guard feeds.desk.kept(address, for: pass.caller.reader, now: now) === kept,
      let admission = feeds.gate.admit(pass, now: now)
    else { return .changed }
    switch admission {
    case .refused: return .changed
    case .locked(let seconds), .tooMany(let seconds): return .tooMany(seconds: seconds)
    case .caller:
      let number = try feeds.recorder.record(
        pass.caller, feed: address.feed, contents: kept.contents, now: now, mayWait: false)
      return number.map { .same(FeedPull(sequence: $0)) } ?? .admitted(.visitor(visitor))
    }
  }
}
