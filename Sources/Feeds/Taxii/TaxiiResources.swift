// The resources of TAXII 2.1 as they are written (sections 3.7, 4.1.1, 4.2.1, 5.1.1, 5.2.1, 5.3.1, 5.8.1). `next` stands
// in manifests and versions too, where the standard forgot it: without it `more` leads nowhere.

enum TaxiiResources {
  struct Discovery: Encodable {
    var title: String
    var description = "Bulletins for partner systems, read-only."
    var contact: String?
    var main: String
    var roots: [String]
    enum CodingKeys: String, CodingKey {
      case title, description, contact
      case main = "default"
      case roots = "api_roots"
    }
  }

  struct Root: Encodable {
    var title: String
    var versions = [TaxiiAccept.mediaType]
    /// Nothing may be sent; the standard wants a number above 0.
    var largestContent = 1
    enum CodingKeys: String, CodingKey {
      case title, versions
      case largestContent = "max_content_length"
    }
  }

  struct Collection: Encodable {
    var id: String
    var title: String
    /// The feed's slug, which stands for the id in addresses too.
    var alias: String
    var canRead = true
    var canWrite = false
    var mediaTypes = ["application/stix+json;version=2.1"]
    enum CodingKeys: String, CodingKey {
      case id, title, alias
      case canRead = "can_read"
      case canWrite = "can_write"
      case mediaTypes = "media_types"
    }
  }

  struct Collections: Encodable {
    var collections: [Collection]?
  }

  /// An envelope of objects, a manifest or a list of versions. Nothing found is `{}`.
  struct Page<Object: Encodable>: Encodable {
    var more: Bool?
    var next: String?
    var objects: [Object]?
    var versions: [String]?
  }

  struct Record: Encodable {
    var id: String
    var added: String
    var version: String
    var mediaType = "application/stix+json;version=2.1"
    enum CodingKeys: String, CodingKey {
      case id, version
      case added = "date_added"
      case mediaType = "media_type"
    }
  }
}
