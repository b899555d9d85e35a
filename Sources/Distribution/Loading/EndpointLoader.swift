// endpoints.yaml: the webhooks of partner systems. The secret itself is never in here.

package import Bulletins
import SiteFiles

package enum EndpointLoader {
  package static func read(_ file: ListFile) -> (endpoints: [Located<WebhookEndpoint>], findings: [Finding]) {
    var report = FileReport(file.path)
    var endpoints: [Located<WebhookEndpoint>] = []
    for node in report.entries(of: "endpoints", in: file.bytes) {
      var facts = FactReader(NodeFacts(fields: MapFields(node)), report: FileReport(file.path))
      if let id = facts.id("id"), let stakeholder = facts.id("stakeholder"), let url = url(&facts) {
        var endpoint = WebhookEndpoint(
          id: id, stakeholder: stakeholder, url: url, format: facts.word("format", formats),
          events: facts.words("events", events), fullBody: facts.source.fields.bool("full-body") ?? false,
          secretFile: facts.line("secret-file"), certificateFile: facts.line("client-certificate-file"),
          keyFile: facts.line("client-key-file"))
        if endpoint.keyFile != nil, endpoint.certificateFile == nil {
          facts.malformedKey(
            "client-key-file", "`client-key-file` without a certificate", hint: "name `client-certificate-file` too")
        }
        if endpoint.isChat, endpoint.fullBody {
          // Whoever reads the chat was vetted by nobody.
          endpoint.fullBody = false
          facts.malformedKey("full-body", "`full-body` is not for the format \(endpoint.format ?? ""): chats are thin")
        }
        endpoints.append(Located(endpoint, at: report.place(node.position)))
      }
      report.add(facts.report.findings)
      report.add(facts.source.fields.finish(alsoKnown: keys))
    }
    return (endpoints, report.all)
  }

  private static let keys: Set<String> = [
    "id", "stakeholder", "url", "format", "events", "full-body", "secret-file", "client-certificate-file",
    "client-key-file",
  ]
  /// products.md, Webhook.
  private static let formats: Set<String> = ["standard", "slack", "teams", "mattermost"]
  private static let events = Set(["released", "updated", "corrected", "recalled", "expired"].map { "bulletin." + $0 })

  /// HTTPS with a host and without a user; where it may lead is decided when it is called.
  private static func url(_ facts: inout FactReader<NodeFacts>) -> String? {
    guard let text = facts.requiredLine("url"), let fact = facts.source.text("url") else { return nil }
    let rest = text.dropFirst("https://".count)
    let host = rest.prefix { !"/?#".contains($0) }
    if text.hasPrefix("https://"), !host.isEmpty, !host.contains("@"),
      text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
    {
      return text
    }
    facts.malformed(
      fact, "`url` must be an https address without a user name",
      hint: "for example https://hooks.example.org/bulletins")
    return nil
  }
}
