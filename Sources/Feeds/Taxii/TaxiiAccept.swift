// Whether an Accept header lets us answer (TAXII 2.1 sections 1.6.8 and 3.1, RFC 9110 section 12.5.1). We have one form.
// A client that names TAXII in another version alone is told so, 406; whoever names no TAXII at all (a browser, a script
// that says JSON) gets what there is, as the standard allows.

enum TaxiiAccept {
  static let mediaType = "application/taxii+json;version=2.1"

  static func admits(_ accept: String?) -> Bool {
    guard let accept else { return true }
    var namesAnother = false
    for range in accept.split(separator: ",") {
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" }.lowercased() }
      guard let type = parts.first, !type.isEmpty else { continue }
      let isRefused = parts.contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) == 0 }
      switch type {
      case "application/taxii+json":
        let version = parts.first { $0.hasPrefix("version=") }.map { $0.dropFirst("version=".count) } ?? "2.1"
        if version == "2.1", !isRefused { return true }
        namesAnother = true
      case "application/vnd.oasis.taxii+json", "application/vnd.oasis.stix+json": namesAnother = true
      case "*/*", "application/*": if !isRefused { return true }
      default: break
      }
    }
    return !namesAnother
  }
}
