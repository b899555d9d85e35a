// What webhooks need of the settings: the keys that sign, where endpoints may be, whom to trust.

import Bulletins
import Couriers
import Distribution
import Foundation
import Markings
import Outbox
import Store
import Webhooks
import Workflows

extension Session {
  /// The site's secret key: from the environment, else from its file, which must be there.
  func siteSecret() throws -> SiteSecret {
    try secretOfEnvironment() ?? SiteSecret.required(settings.keyFile, root: root)
  }

  /// The same, and made where the ledger has yet to begin.
  func siteSecret(founding store: any UnitOfWork) throws -> SiteSecret {
    try secretOfEnvironment() ?? SiteSecret.founding(settings.keyFile, root: root, store: store)
  }

  /// Before something is written that would be of no use without the key: it must be there, or have yet to be made.
  func refuseLostSecret(_ store: any UnitOfWork) throws {
    guard try siteSecretIfAny() == nil, try store.read({ try $0.dependsOnSecret() }) else { return }
    _ = try siteSecret()
  }

  /// The same, and nothing is made.
  func siteSecretIfAny() throws -> SiteSecret? {
    try secretOfEnvironment() ?? SiteSecret.load(settings.keyFile, root: root)
  }

  private func secretOfEnvironment() throws -> SiteSecret? {
    guard let text = ProcessInfo.processInfo.environment[Self.secretVariable] else { return nil }
    guard let secret = SiteSecret(file: Array(text.utf8)) else {
      throw CommandFailure(
        .environment, "\(Self.secretVariable) holds no secret key", hint: "base64 of 32 bytes is expected")
    }
    return secret
  }
  private static let secretVariable = "REVERE_SECRET_KEY"

  func endpointKeys(_ store: any UnitOfWork) -> EndpointKeys {
    let session = self
    return EndpointKeys(store: store, files: files) { try session.siteSecret(founding: store) }
  }

  /// - Parameter watching: connections are kept for the immediate lane.
  func webhookSettings(watching: Bool = false) throws -> WebhookSettings {
    let given = settings.webhooks
    var made = WebhookSettings()
    made.connections = given.connections
    made.reserved = watching ? settings.delivery.reservedConnections : 0
    made.addresses = AddressGuard(allowing: given.allowNetworks)
    made.root = root
    made.caFile = given.caFile.map { $0.hasPrefix("/") ? $0 : root + "/" + $0 }
    if let url = given.proxy {
      var proxy = WebhookProxy(url: url)
      if let user = given.proxyUser, let path = given.proxyPasswordFile {
        proxy.user = user
        proxy.password = try password(file: path, of: "webhooks.proxy", user: user)
      }
      made.proxy = proxy
    }
    return made
  }

  /// A line for each endpoint that waits for a person.
  func disabledEndpoints(_ store: any UnitOfWork) throws -> [String] {
    try Session.words { try store.read { try $0.endpointStates() } }.filter(\.isDisabled).map { state in
      let since = state.disabledAt.map { Instant(seconds: $0.seconds).rfc3339(in: settings.site.zone) } ?? ""
      return "endpoint \(state.id) is disabled since \(since): \(state.disabledWhy ?? "")"
    }
  }

  /// Who acts, for the audit log: the id given, else the name of the account.
  func actor(_ given: String?) -> String {
    if let given, !given.isEmpty { return given }
    let name = NSUserName()
    return name.isEmpty ? "operator" : name
  }

  func endpoint(_ id: String, in workspace: Workspace) throws -> WebhookEndpoint {
    let endpoints = workspace.lists.endpoints.map(\.value)
    if let found = endpoints.first(where: { $0.id == id }) { return found }
    throw EndpointProblem(
      .unknown, id, "endpoints.yaml names no such endpoint",
      hint: endpoints.isEmpty ? "it names none" : "it names \(endpoints.map(\.id).sorted().joined(separator: ", "))")
  }
}
