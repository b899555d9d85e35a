// An answer as bytes (RFC 9112): the head in one buffer, the body as it is kept.

import NIOCore
import NIOHTTP1

struct ReplyWriter {
  /// The text of a second is made once.
  private var second: Int64 = -1
  private var date = ""

  /// - Parameters:
  ///   - isSecure: the caller came by TLS to a proxy of ours.
  mutating func head(_ reply: FeedReply, now: Int64, staysOpen: Bool, saysSo: Bool, isSecure: Bool) -> ByteBuffer {
    if now != second {
      second = now
      date = HTTPTime.text(now)
    }
    var buffer = ByteBuffer()
    buffer.reserveCapacity(1_024)
    buffer.writeStaticString("HTTP/1.1 ")
    let status = HTTPResponseStatus(statusCode: reply.status)
    buffer.writeString(String(status.code))
    buffer.writeStaticString(" ")
    buffer.writeString(status.reasonPhrase)
    buffer.writeStaticString("\r\nDate: ")
    buffer.writeString(date)
    buffer.writeStaticString("\r\n")
    for (name, value) in reply.fields {
      buffer.writeString(name)
      buffer.writeStaticString(": ")
      buffer.writeString(value)
      buffer.writeStaticString("\r\n")
    }
    if let sequence = reply.sequence {
      buffer.writeStaticString("Revere-Sequence: ")
      buffer.writeString(String(sequence))
      buffer.writeStaticString("\r\n")
    }
    if isSecure { buffer.writeStaticString("Strict-Transport-Security: max-age=31536000\r\n") }
    if !staysOpen {
      buffer.writeStaticString("Connection: close\r\n")
    } else if saysSo {
      buffer.writeStaticString("Connection: keep-alive\r\n")
    }
    buffer.writeStaticString("\r\n")
    return buffer
  }
}
