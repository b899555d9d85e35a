// The first to see the bytes of a connection, before NIO's reader of HTTP. A feed reader, or the proxy before us, asks for
// the same over and over in the same bytes: such a request needs not be read again to be known. It is held against the
// last one whole, in constant time, because credentials are in it; whether its answer still holds is looked at anew
// (FeedRepeat). Only a read that was one whole request without a body counts, so that the reader of HTTP never misses
// a part of one.

import NIOCore

final class RepeatedRequest: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// Longer ones are read each time.
  private static let mostBytes = 4_096
  private static let headEnd: [UInt8] = [13, 10, 13, 10]

  private let gate: ConnectionGate
  /// nil: what came last was something else.
  private var last: ByteBuffer?
  /// What is read next begins a request: what came last ended one.
  private var begins = true

  init(_ gate: ConnectionGate) { self.gate = gate }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    if let last, last.isSame(as: bytes), gate.answersAgain() { return }
    last = nil
    gate.beginRead()
    context.fireChannelRead(data)
    // Behind a head without a body nothing of another request can be left that ends as a head does: it would have been
    // read as one.
    let began = begins
    begins = gate.broughtOneRequest && bytes.readableBytesView.suffix(4).elementsEqual(Self.headEnd)
    guard began, begins, bytes.readableBytes <= Self.mostBytes else { return }
    // A copy: the buffer is the channel's to read into again.
    last = ByteBuffer(bytes: bytes.readableBytesView)
  }
}

extension ByteBuffer {
  /// In a time that tells only of their length.
  func isSame(as other: ByteBuffer) -> Bool {
    guard readableBytes == other.readableBytes else { return false }
    return withUnsafeReadableBytes { ours in
      other.withUnsafeReadableBytes { theirs in
        var difference: UInt8 = 0
        for index in 0..<ours.count { difference |= ours[index] ^ theirs[index] }
        return difference == 0
      }
    }
  }
}
