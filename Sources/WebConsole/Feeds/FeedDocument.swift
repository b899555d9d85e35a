// What an address gives, ready to be sent as often as somebody asks: the bytes, plain and gzipped, and the header
// fields that go with them (RFC 9110 section 8), made once. Shared between connections, never copied.

import NIOCore

package final class FeedDocument: Sendable {
  /// 200, or the status of an interface's own error.
  let status: Int
  let etag: String?
  /// The first second in which nothing of it changed any more, since 1970: a validator of RFC 9110 section 8.8.2 that
  /// is exact though times of HTTP have seconds only.
  let unchangedSince: Int64?
  let lastModified: String
  let plain: Form
  let compressed: Form?
  /// Of the bytes that the service made it of; what it hands back to `record`.
  package let source: (any AnyObject & Sendable)?

  /// A content coding of it and its fields.
  struct Form: Sendable {
    var body: ByteBuffer
    var etag: String?
    /// Of a 200: type, coding, validators, caching.
    var head: ByteBuffer
    /// The same with `Last-Modified`.
    var datedHead: ByteBuffer
    /// Of a 304 (RFC 9110 section 15.4.5): what a cache updates, and nothing else.
    var unchangedHead: ByteBuffer
  }

  /// - Parameters:
  ///   - bytes: the identity form.
  ///   - compressed: the same in gzip; nil: it is only served as it is.
  ///   - etag: quoted, strong, of the identity form; nil: it has no validators.
  ///   - changedAt: the second of its last change, since 1970.
  ///   - isSensitive: nothing on the way may store it.
  ///   - fields: more of them, of an interface's own.
  ///   - source: see there.
  package init(
    status: Int = 200, mediaType: String, bytes: [UInt8], compressed: [UInt8]? = nil, etag: String? = nil,
    changedAt: Int64? = nil, isSensitive: Bool, fields: [(name: String, value: String)] = [],
    source: (any AnyObject & Sendable)? = nil
  ) {
    self.status = status
    self.etag = etag
    self.source = source
    unchangedSince = etag == nil ? nil : changedAt.map { $0 + 1 }
    let lastModified = unchangedSince.map(HTTPTime.text) ?? ""
    self.lastModified = lastModified
    let caching = isSensitive ? "private, no-store" : "private, no-cache"
    func form(_ bytes: [UInt8], coding: String?, etag: String?) -> Form {
      var kept = [("Cache-Control", caching), ("Vary", FeedReply.vary)]
      if let etag { kept.append(("ETag", etag)) }
      var all: [(String, String)] = [("Content-Type", mediaType)] + kept
      if let coding { all.append(("Content-Encoding", coding)) }
      all.append(("Content-Length", String(bytes.count)))
      all += fields + FeedReply.safety
      return Form(
        body: ByteBuffer(bytes: bytes), etag: etag, head: FeedReply.head(status, all),
        datedHead: FeedReply.head(status, all + [("Last-Modified", lastModified)]),
        unchangedHead: FeedReply.head(304, kept))
    }
    plain = form(bytes, coding: nil, etag: etag)
    self.compressed = compressed.map { form($0, coding: "gzip", etag: etag.map(Self.gzipped)) }
  }

  /// Another coding is another representation, so that its strong tag is another one (RFC 9110 section 8.8.3).
  static func gzipped(_ etag: String) -> String { String(etag.dropLast()) + "-gzip\"" }
}
