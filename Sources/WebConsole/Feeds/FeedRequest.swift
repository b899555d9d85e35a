// Of a request what the feeds look at, each header field once, made alike from what NIO and what Hummingbird read.

struct FeedRequest: Sendable {
  var method: String
  /// As it came (RFC 9112 section 3.2): a path with a query, or an absolute address.
  var target: String
  /// The caller's address, behind a trusted proxy the one that the proxy told.
  var address: String
  var authorization: String?
  var accept: String?
  var acceptEncoding: String?
  var ifMatch: String?
  var ifNoneMatch: String?
  var ifModifiedSince: String?
  var ifUnmodifiedSince: String?
  /// A field that may stand only once came twice, and not with the same words.
  var isAmbiguous = false

  init(method: String, target: String, address: String) {
    self.method = method
    self.target = target
    self.address = address
  }

  /// Takes a field into account. Those that are lists may come in several lines (RFC 9110 section 5.3).
  mutating func take(_ name: String, _ value: String) {
    // Told apart by length first: most fields of a request are none of ours.
    switch name.utf8.count {
    case 6 where name.isSame(as: "accept"): append(value, to: \.accept)
    case 8 where name.isSame(as: "if-match"): append(value, to: \.ifMatch)
    case 13 where name.isSame(as: "authorization"): set(value, to: \.authorization)
    case 13 where name.isSame(as: "if-none-match"): append(value, to: \.ifNoneMatch)
    case 15 where name.isSame(as: "accept-encoding"): append(value, to: \.acceptEncoding)
    case 17 where name.isSame(as: "if-modified-since"): set(value, to: \.ifModifiedSince)
    case 19 where name.isSame(as: "if-unmodified-since"): set(value, to: \.ifUnmodifiedSince)
    default: break
    }
  }

  private mutating func append(_ value: String, to field: WritableKeyPath<Self, String?>) {
    self[keyPath: field] = self[keyPath: field].map { $0 + ", " + value } ?? value
  }
  private mutating func set(_ value: String, to field: WritableKeyPath<Self, String?>) {
    if let old = self[keyPath: field], old != value { isAmbiguous = true }
    self[keyPath: field] = value
  }
}

extension String {
  /// Without regard to the case of ASCII letters; `lowercase` has small ones.
  func isSame(as lowercase: StaticString) -> Bool {
    guard utf8.count == lowercase.utf8CodeUnitCount else { return false }
    var expected = lowercase.utf8Start
    for byte in utf8 {
      let small = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
      guard small == expected.pointee else { return false }
      expected += 1
    }
    return true
  }
}
