// What goes back: a status, headers and the bytes of a TAXII 2.1 resource, errors too (section 3.6). Deterministic: the
// same values give the same bytes.

package import Foundation

package struct TaxiiAnswer: Hashable, Sendable {
  package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String
  }

  package var status: Int
  /// Each name once; `Content-Type` is always among them.
  package var headers: [Header]
  package var body: Data
  /// The bulletins whose words are in the body: what the ledger is told of.
  package var contents: [FeedItem] = []

  private static func kept(isSensitive: Bool) -> String { isSensitive ? "private, no-store" : "private, no-cache" }

  /// Without the three that every answer has: type, keeping, and what it varies with.
  package var ownHeaders: [Header] { headers.filter { !["Content-Type", "Cache-Control", "Vary"].contains($0.name) } }
  package var isSensitive: Bool { header("Cache-Control") == Self.kept(isSensitive: true) }

  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  init(status: Int = 200, _ resource: some Encodable, headers: [Header] = [], contents: [FeedItem] = []) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.init(status: status, body: try encoder.encode(resource), headers: headers, contents: contents)
  }

  private init(status: Int, body: Data, headers: [Header], contents: [FeedItem] = []) {
    let keeping = Self.kept(isSensitive: contents.contains(where: \.isSensitive))
    self.status = status
    self.headers =
      [
        Header(name: "Content-Type", value: TaxiiAccept.mediaType), Header(name: "Cache-Control", value: keeping),
        Header(name: "Vary", value: "Authorization, Accept"),
      ] + headers
    self.body = body
    self.contents = contents
  }

  /// - Parameter title: plain words without a character that JSON escapes.
  private static func error(
    _ status: Int, _ title: String, _ description: String? = nil, headers: [Header] = []
  ) -> TaxiiAnswer {
    struct Problem: Encodable {
      var title: String
      var description: String?
      var status: String
      enum CodingKeys: String, CodingKey {
        case title, description
        case status = "http_status"
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let problem = Problem(title: title, description: description, status: String(status))
    return TaxiiAnswer(status: status, body: (try? encoder.encode(problem)) ?? Data("{}".utf8), headers: headers)
  }

  /// The credential is not for TAXII. The same for every path: nothing was looked up.
  package static let outOfScope = error(403, "Forbidden", "This credential is not for TAXII.")
  /// Unknown, or not for this caller: there is no difference.
  static let notFound = error(404, "Not Found")
  static let readOnly = error(403, "Forbidden", "Collections are read-only.")
  static let wrongMethod = error(405, "Method Not Allowed", headers: [Header(name: "Allow", value: "GET, HEAD")])
  static let notAcceptable = error(406, "Not Acceptable", "This server speaks TAXII 2.1: \(TaxiiAccept.mediaType)")
  static func badRequest(_ reason: String) -> TaxiiAnswer { error(400, "Bad Request", reason) }
}
