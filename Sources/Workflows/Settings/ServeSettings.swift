// `serve:` of revere.yaml: where the web server listens, how partners reach it, and what protects credentials on the
// way: a proxy that ends TLS (decision 0059). Without one only this machine is served.

import Foundation
import SiteFiles
package import Webhooks

package struct ServeSettings: Hashable, Sendable {
  package var listen = ServeSettings.defaultListen
  /// As partners see it, `https://feeds.example.gov`; nil: where it listens.
  package var address: String?
  /// From whose hops alone `X-Forwarded-For` and `X-Forwarded-Proto` count.
  package var trustedProxies: [NetworkRange] = []
  /// Connections that one caller may have, of the server's 1,024; proxies that are trusted may have all.
  package var connectionsPerAddress = ServeSettings.defaultConnectionsPerAddress

  package static let defaultListen = "127.0.0.1:8440"
  package static let defaultConnectionsPerAddress = 128

  /// - Parameter address: of a caller, without a port.
  package func trusts(_ address: String) -> Bool {
    guard !trustedProxies.isEmpty else { return false }
    // An IPv4 caller at a socket of IPv6.
    let plain = address.hasPrefix("::ffff:") && address.contains(".") ? String(address.dropFirst(7)) : address
    guard let address = NetworkAddress(plain) else { return false }
    return trustedProxies.contains { $0.contains(address) }
  }

  static func read(_ fields: inout MapFields) -> ServeSettings? {
    var settings = ServeSettings()
    func refuse(_ key: String, _ message: String, _ hint: String, _ fields: inout MapFields) {
      let position = fields.entry(key)?.value.position ?? fields.node.position
      fields.report(FileProblem(.badValue, at: position, "`serve.\(key)` \(message)", hint: hint))
    }
    if let text = fields.text("listen") {
      settings.listen = text
      if ListenAddress(text) == nil {
        refuse("listen", "is no address to listen at: \(text)", "for example 127.0.0.1:8440 or [::]:8440", &fields)
      }
    }
    if let text = fields.text("address") {
      let url = URLComponents(string: text)
      if let url, ["http", "https"].contains(url.scheme), url.host?.isEmpty == false, url.user == nil,
        url.password == nil, url.query == nil, url.fragment == nil, ["", "/"].contains(url.path)
      {
        settings.address = text.hasSuffix("/") ? String(text.dropLast()) : text
      } else {
        refuse("address", "is no address of a server: \(text)", "for example https://feeds.example.gov", &fields)
      }
    }
    for (text, position) in fields.locatedTexts("trusted-proxies") ?? [] {
      if let range = NetworkRange(text) {
        settings.trustedProxies.append(range)
      } else {
        fields.report(
          FileProblem(
            .badValue, at: position, "`serve.trusted-proxies`: this is no network: \(text)",
            hint: "for example 10.20.0.4 or 10.20.0.0/16; no bits may be set beyond the prefix"))
      }
    }
    settings.connectionsPerAddress =
      fields.integer("connections-per-address", in: 1...1_024) ?? defaultConnectionsPerAddress
    return settings
  }
}
