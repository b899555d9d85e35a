// The first to see the requests of a connection, behind NIO's reader of HTTP/1.1 (RFC 9112) and before Hummingbird. It
// answers what is of feeds: from what is kept at once, else from a thread that may wait. Everything else goes on to
// Hummingbird's router. One request of a connection at a time, in order; what comes meanwhile waits, and no more is read.
// It bounds what a connection may send and how long it may take (Patience.swift).

import NIOCore
import NIOHTTP1
import NIOPosix

final class ConnectionGate: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let surroundings: Surroundings
  private let hasPlace: Bool
  private var turn = ConnectionTurn.free
  private var waiting = CircularBuffer<HTTPServerRequestPart>()
  private var isReadHeld = false
  private var heldEvents: [Any] = []
  private var unsent = 0
  private var bodyBytes = 0
  private var staysOpen = true
  private var saysSo = false
  private var isQuiescing = false
  private var isSecure = false
  private var hasSeenPart = false
  private var answered: AnsweredRequest?
  private var brought = BroughtByRead.nothing
  /// Bytes came that are no whole head yet; a new connection owes one.
  private var isHeadBegun = true
  private var needsFlush = false
  private var isInRead = false
  private var hasForwarded = false
  private var patience: Patience
  private var writer = ReplyWriter()
  private var peer = ""
  private var place: ChannelHandlerContext?
  /// Of NIO's writer of responses: what is written here passes it by.
  private var wire: ChannelHandlerContext?
  private var ticker: RepeatedTask?

  /// - Parameter hasPlace: false: its address has as many connections as it may have; this one is ended.
  init(_ surroundings: Surroundings, hasPlace: Bool) {
    self.surroundings = surroundings
    self.hasPlace = hasPlace
    patience = Patience(surroundings.settings.patience)
  }
  private var settings: WebServerSettings { surroundings.settings }

  // MARK: The connection

  func handlerAdded(context: ChannelHandlerContext) {
    wire = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    place = context
    peer = context.remoteAddress?.ipAddress ?? ""
    let bound = NIOLoopBound((gate: self, context: context), eventLoop: context.eventLoop)
    let tick = TimeAmount.milliseconds(settings.tick)
    ticker = context.eventLoop.scheduleRepeatedTask(initialDelay: tick, delay: tick) { _ in
      bound.value.gate.tick(bound.value.context)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    ticker?.cancel()
    ticker = nil
    wire = nil
    place = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    context.fireChannelActive()
    guard !hasPlace else { return }
    turn = .over
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    ticker?.cancel()
    ticker = nil
    turn = .over
    waiting.removeAll()
    answered = nil
    context.fireChannelInactive()
  }

  private func tick(_ context: ChannelHandlerContext) {
    let doing: Patience.Doing =
      switch turn {
      case .reading, .forwarded(receives: true, _): .receiving
      case .computing: .working
      case _ where unsent > 0: .sending
      case .forwarded: isUnsent(context) ? .sending : .working
      case .free: isHeadBegun ? .receiving : .nothing
      case .over: .receiving
      }
    guard let exceeded = patience.tick(doing) else { return }
    switch turn {
    case .free, .reading: exceeded == .receiving ? refuse(408, context) : context.close(promise: nil)
    default: context.close(promise: nil)
    }
  }

  private func isUnsent(_ context: ChannelHandlerContext) -> Bool {
    ((try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0) > 0
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent { isQuiescing = true }
    if event is ChannelShouldQuiesceEvent || event as? ChannelEvent == .inputClosed {
      heldEvents.append(event)
      releaseEvents(context)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }

  /// The end of a connection waits for what was asked before it.
  private func releaseEvents(_ context: ChannelHandlerContext) {
    guard !heldEvents.isEmpty, unsent == 0, waiting.isEmpty else { return }
    switch turn {
    case .reading, .computing: return
    case .free, .forwarded, .over: break
    }
    let events = heldEvents
    heldEvents = []
    // Behind our last answer there is nothing more for Hummingbird to see.
    if case .over = turn { return context.close(promise: nil) }
    for event in events { context.fireUserInboundEventTriggered(event) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError else { return context.fireErrorCaught(error) }
    if case .over = turn { return }
    // Behind an answer of somebody else nothing can be said any more.
    if case .forwarded = turn { return context.close(promise: nil) }
    refuse(error as? HTTPParserError == .headerOverflow ? 431 : 400, context)
  }

  // MARK: Coming in

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    hasSeenPart = true
    isInRead = true
    let part = unwrapInboundIn(data)
    switch (part, brought) {
    case (.head, .nothing): brought = .head
    case (.end, .head): brought = .request
    default: brought = .other
    }
    waiting.append(part)
    advance(context)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isInRead = false
    if !hasSeenPart, case .free = turn { isHeadBegun = true }
    hasSeenPart = false
    flush()
    guard hasForwarded else { return }
    hasForwarded = false
    context.fireChannelReadComplete()
  }

  func read(context: ChannelHandlerContext) {
    if waiting.isEmpty { context.read() } else { isReadHeld = true }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    advance(context)
    context.fireChannelWritabilityChanged()
  }

  /// Takes what waits, as far as its turn has come.
  private func advance(_ context: ChannelHandlerContext) {
    // Hummingbird takes what it was given when a read is complete; here none is under way.
    defer {
      if hasForwarded, !isInRead {
        hasForwarded = false
        context.fireChannelReadComplete()
      }
    }
    while let part = waiting.first {
      switch turn {
      case .computing, .forwarded(receives: false, _): return
      case .free where !context.channel.isWritable: return
      case .over: waiting.removeAll()
      case .free, .reading, .forwarded:
        waiting.removeFirst()
        take(part, context)
      }
    }
    releaseEvents(context)
    if isReadHeld {
      isReadHeld = false
      context.read()
    }
  }

  private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    switch part {
    case .head(let head): begin(head, context)
    case .body(let bytes):
      bodyBytes += bytes.readableBytes
      if bodyBytes > settings.bodyBytes {
        if case .forwarded = turn { return context.close(promise: nil) }
        return refuse(413, context)
      }
      if case .forwarded = turn { forward(part, context) }
    case .end:
      switch turn {
      case .reading(let asked): ask(asked, admitted: nil, context)
      case .forwarded(_, let answers):
        turn = answers ? .forwarded(receives: false, answers: true) : .free
        forward(part, context)
      default: break
      }
    }
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    isHeadBegun = false
    bodyBytes = 0
    answered = nil
    patience.restart()
    let (path, _) = FeedExchange.parts(of: head.uri)
    let family = surroundings.exchange == nil ? nil : FeedReply.Family(path)
    let fields = RequestFields(head, from: peer, isForFeeds: family != nil)
    staysOpen = fields.staysOpen
    saysSo = fields.saysSo
    if isQuiescing { staysOpen = false }
    if !fields.isOneHost { return refuse(400, context) }
    if fields.length > settings.bodyBytes { return refuse(413, context) }
    let caller = ForwardedCaller(
      peer: peer, forwardedFor: fields.forwardedFor, forwardedProto: fields.forwardedProto, trusts: settings.trusts)
    isSecure = caller.isSecure
    if caller.isExposed, !settings.allowsExposed {
      surroundings.tell?(.exposed(address: peer, byStranger: caller.isByStranger))
      return refuse(403, context)
    }
    if fields.awaitsContinue { wire?.writeAndFlush(NIOAny(IOData.byteBuffer(ReplyWriter.goOn)), promise: nil) }
    var request = fields.request
    request.address = caller.address
    guard let family else {
      turn = .forwarded(receives: true, answers: true)
      return forward(.head(head), context)
    }
    turn = .reading(
      AskedRequest(request, family, startedAt: surroundings.logsAccess ? settings.milliseconds() : 0))
  }

  private func forward(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    hasForwarded = true
    context.fireChannelRead(wrapInboundOut(part))
  }

  // MARK: Answers of ours

  private func ask(_ asked: AskedRequest, admitted: FeedAdmission?, _ context: ChannelHandlerContext) {
    guard let exchange = surroundings.exchange else { return refuse(404, context) }
    let now = settings.milliseconds() / 1_000
    let outcome = exchange.outcome(of: asked.request, asked.family, admitted: admitted, now: now, mayWait: false)
    settle(outcome, asked, now, exchange, context)
  }

  private func settle(
    _ outcome: FeedExchange.Outcome, _ asked: AskedRequest, _ now: Int64, _ exchange: FeedExchange,
    _ context: ChannelHandlerContext
  ) {
    switch outcome {
    case .reply(let reply): answer(reply, asked, now, context)
    case .wait(let admission):
      turn = .computing
      let bound = NIOLoopBound((gate: self, context: context), eventLoop: context.eventLoop)
      surroundings.threads.runIfActive(eventLoop: context.eventLoop) {
        exchange.outcome(of: asked.request, asked.family, admitted: admission, now: now, mayWait: true)
      }.whenComplete { result in
        let (gate, context) = bound.value
        guard case .computing = gate.turn else { return }
        guard case .success(.reply(let reply)) = result else { return gate.refuse(503, context) }
        gate.answer(reply, asked, now, context)
        gate.advance(context)
      }
    }
  }

  private func answer(_ reply: FeedReply, _ asked: AskedRequest, _ now: Int64, _ context: ChannelHandlerContext) {
    let body = asked.request.method == "HEAD" ? nil : reply.body
    if reply.again != nil, let row = reply.seat?.row {
      answered = AnsweredRequest(asked, reply, row, at: now)
    }
    send(reply, body: body, now, context)
    guard surroundings.logsAccess else { return }
    surroundings.tell?(
      .access(
        AccessRecord(
          address: asked.request.address, visitor: reply.seat?.row.caller, method: asked.request.method,
          path: String(FeedExchange.parts(of: asked.request.target).path), status: reply.status,
          bytes: body?.readableBytes ?? 0, milliseconds: settings.milliseconds() - asked.startedAt)))
  }

  /// Says no and ends the connection: what follows cannot be trusted to begin where it seems to.
  private func refuse(_ status: Int, _ context: ChannelHandlerContext) {
    staysOpen = false
    isHeadBegun = false
    let fields = [("Content-Length", "0"), ("Cache-Control", "no-store")] + FeedReply.safety
    send(FeedReply(status, fields), body: nil, settings.milliseconds() / 1_000, context)
    guard surroundings.logsAccess else { return }
    // What it asked for may not even be known.
    surroundings.tell?(
      .access(AccessRecord(address: peer, method: "-", path: "-", status: status, bytes: 0, milliseconds: 0)))
  }

  private func send(_ reply: FeedReply, body: ByteBuffer?, _ now: Int64, _ context: ChannelHandlerContext) {
    guard let wire else { return }
    settings.answers.note(reply.status)
    let head = writer.head(reply, now: now, staysOpen: staysOpen, saysSo: saysSo, isSecure: isSecure)
    let promise = context.eventLoop.makePromise(of: Void.self)
    unsent += 1
    patience.restart()
    turn = staysOpen ? .free : .over
    let bound = NIOLoopBound((gate: self, context: context), eventLoop: context.eventLoop)
    let (seat, closes) = (reply.seat, !staysOpen)
    promise.futureResult.whenComplete { _ in
      _ = seat
      bound.value.gate.sent(closes: closes, bound.value.context)
    }
    if let body, body.readableBytes > 0 {
      wire.write(NIOAny(IOData.byteBuffer(head)), promise: nil)
      wire.write(NIOAny(IOData.byteBuffer(body)), promise: promise)
    } else {
      wire.write(NIOAny(IOData.byteBuffer(head)), promise: promise)
    }
    needsFlush = true
    if !isInRead { flush() }
  }

  private func flush() {
    guard needsFlush else { return }
    needsFlush = false
    wire?.flush()
  }

  private func sent(closes: Bool, _ context: ChannelHandlerContext) {
    unsent -= 1
    // Our half first: closed at once, what the caller still sends would make the system throw our answer away.
    if closes { context.close(mode: .output, promise: nil) }
    releaseEvents(context)
  }

  // MARK: The same again

  /// What is read next comes by NIO's reader.
  func beginRead() { brought = .nothing }

  /// What was read since was one whole request without a body.
  var broughtOneRequest: Bool { brought == .request }

  /// The bytes of the request that came last have come again.
  /// - Returns: whether it is answered; else it has to be read as any other.
  func answersAgain() -> Bool {
    guard let answered, let place, let exchange = surroundings.exchange, case .free = turn, waiting.isEmpty,
      heldEvents.isEmpty, !isQuiescing, place.channel.isWritable
    else { return false }
    let milliseconds = settings.milliseconds()
    let now = milliseconds / 1_000
    guard now >= answered.at, let outcome = exchange.again(answered) else { return false }
    hasSeenPart = true
    isInRead = true
    var asked = answered.asked
    if surroundings.logsAccess { asked = AskedRequest(asked.request, asked.family, startedAt: milliseconds) }
    settle(outcome, asked, now, exchange, place)
    return true
  }

  // MARK: Answers of Hummingbird's

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .forwarded(let receives, _) = turn, case .end = unwrapOutboundIn(data) else {
      return context.write(data, promise: promise)
    }
    patience.restart()
    if staysOpen {
      context.write(data, promise: promise)
      turn = receives ? .forwarded(receives: true, answers: false) : .free
      advance(context)
    } else {
      turn = .over
      let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
      let written = promise ?? context.eventLoop.makePromise(of: Void.self)
      written.futureResult.whenComplete { _ in bound.value.close(mode: .output, promise: nil) }
      context.writeAndFlush(data, promise: written)
    }
  }
}
