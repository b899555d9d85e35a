// An answer's head as bytes (RFC 9112): what is ready, and behind it what differs from request to request.

import NIOCore

struct ReplyWriter {
  /// RFC 9110 section 15.2.1: what was asked is not refused by its head.
  static let goOn = ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")

  /// Used again once the system has taken what is in it.
  private var buffer = ByteBuffer()
  /// The text of a second is made once.
  private var second: Int64 = -1
  private var date = ByteBuffer()

  /// - Parameters:
  ///   - isSecure: the caller came by TLS to a proxy of ours.
  mutating func head(_ reply: FeedReply, now: Int64, staysOpen: Bool, saysSo: Bool, isSecure: Bool) -> ByteBuffer {
    if now != second {
      second = now
      date = ByteBuffer(string: "Date: \(HTTPTime.text(now))\r\n")
    }
    buffer.clear(minimumCapacity: 1_024)
    buffer.writeImmutableBuffer(reply.head)
    buffer.writeImmutableBuffer(date)
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
