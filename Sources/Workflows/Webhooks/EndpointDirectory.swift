// Which endpoints take part in a release: those that want its kind of event and are not disabled. A reader without one
// goes by the next of their channels.

import Bulletins
package import Distribution
package import Store
import Webhooks

package enum EndpointDirectory {
  /// Stakeholder id to endpoint.
  package static func serving(
    _ kind: ReleaseKind, _ lists: SiteLists, disabled: Set<String> = []
  ) -> [String: WebhookEndpoint] {
    let event = WebhookEventType(kind).rawValue
    let serving = lists.endpoints.map(\.value).filter { !disabled.contains($0.id) && $0.wants(event) }
    return Dictionary(serving.map { ($0.stakeholder, $0) }) { first, _ in first }
  }

  /// Those that want its kind of event and are disabled: what is held for them goes when a person enables them.
  package static func disabled(
    _ kind: ReleaseKind, _ lists: SiteLists, _ session: any StoreSession
  ) throws -> [String: WebhookEndpoint] {
    let disabled = try disabled(session)
    return serving(kind, lists).filter { disabled.contains($0.value.id) }
  }

  /// How many of the site's endpoints stand how. One that the file names no more does not count.
  /// - Parameter file: endpoints.yaml; nil: there is none.
  package static func conditions(
    _ file: ListFile?, _ session: any StoreSession
  ) throws -> [EndpointState.Condition: Int] {
    let endpoints = file.map { EndpointLoader.read($0).endpoints } ?? []
    let states = Dictionary(try session.endpointStates().map { ($0.id, $0.condition) }) { first, _ in first }
    return Dictionary(endpoints.map { (states[$0.value.id] ?? .healthy, 1) }, uniquingKeysWith: +)
  }

  package static func disabled(_ session: any StoreSession) throws -> Set<String> {
    Set(try session.endpointStates().filter(\.isDisabled).map(\.id))
  }
}

extension Carriers {
  /// With the endpoints that want this kind of event.
  func serving(_ kind: ReleaseKind, _ lists: SiteLists, disabled: Set<String> = []) -> Carriers {
    var carriers = self
    carriers.webhooks = EndpointDirectory.serving(kind, lists, disabled: disabled)
    return carriers
  }
}

extension WebhookEventType {
  init(_ kind: ReleaseKind) {
    self =
      switch kind {
      case .release: .released
      case .update: .updated
      case .correction: .corrected
      case .recall: .recalled
      case .expiry: .expired
      }
  }
}
