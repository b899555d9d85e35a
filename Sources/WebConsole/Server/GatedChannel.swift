// A connection as Hummingbird sets it up, with our gate between NIO's reader of requests and Hummingbird's own types,
// and before both what knows a request by its bytes.

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

struct GatedChannel: ServerChildChannel {
  typealias Value = HTTP1Channel.Value
  private let base: HTTP1Channel
  private let surroundings: ConnectionGate.Surroundings

  init(_ surroundings: ConnectionGate.Surroundings, responder: @escaping HTTPChannelHandler.Responder) {
    self.surroundings = surroundings
    let settings = surroundings.settings
    base = HTTP1Channel(
      responder: responder,
      configuration: HTTP1Channel.Configuration(
        httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
          maxHeaderFieldSize: settings.headerBytes, maxHeaderListSize: settings.headerBytes,
          maxHeaderFieldCount: settings.headerCount)))
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let surroundings = surroundings
    return base.setup(channel: channel, logger: logger).flatMapThrowing { value in
      let pipeline = channel.pipeline.syncOperations
      let reader = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      let hasPlace = surroundings.places.take(channel.remoteAddress?.ipAddress ?? "", until: channel.closeFuture)
      let gate = ConnectionGate(surroundings, hasPlace: hasPlace)
      try pipeline.addHandler(gate, position: .after(reader))
      try pipeline.addHandler(RepeatedRequest(gate), position: .before(reader))
      return value
    }
  }

  func handle(value: Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
