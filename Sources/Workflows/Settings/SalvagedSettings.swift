// revere.yaml as far as it can be read, for the switches: they must work when the file has errors (decision 0065).
// Nothing is decided, released or sent by what this gives; every other verb asks for a file without errors.

import Bulletins
import Foundation
import SiteFiles

package struct SalvagedSettings {
  /// The whole file when it is sound. Else at least `store` and `site.time-zone` as far as they can be read, with the
  /// defaults, and GMT, in place of the rest.
  package var settings: SiteSettings
  /// What is wrong with the file: `FindingsFailure` or `WorkspaceProblem`; nil: it is sound.
  package var problem: (any Error)?
  /// False where `settings.store` is the default only because nothing else could be read: it may be another's.
  package var namesStore: Bool

  package static func read(_ files: some WorkspaceFiles) -> SalvagedSettings {
    do {
      return SalvagedSettings(settings: try WorkspaceLoading.settings(files), problem: nil, namesStore: true)
    } catch {
      let bytes = (try? files.read(SettingsReader.file, limit: 1 << 20)) ?? []
      var known: [FileProblem] = []
      let root = (try? YAMLReader.read(bytes, problems: &known)) ?? nil
      var fields = root.map { MapFields($0) }
      let store = fields?.text("store")
      let zone = fields?.nested("site") { $0.text("time-zone") }.flatMap(TimeZone.init(identifier:))
      let settings =
        (try? SettingsReader.read(bytes))?.settings
        ?? SiteSettings(
          site: Site(id: "", name: "", serialPrefix: "", zone: zone ?? .gmt), delivery: DeliverySettings(),
          store: store ?? SiteSettings.defaultStore)
      return SalvagedSettings(settings: settings, problem: error, namesStore: store != nil)
    }
  }
}
