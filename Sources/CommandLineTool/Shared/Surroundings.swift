// The variables of the environment that stand for options and settings; a flag is stronger, revere.yaml weaker. For
// services and containers, which are given an environment more easily than arguments.

import Foundation

enum Surroundings {
  static let workspace = "REVERE_WORKSPACE"
  static let store = "REVERE_STORE"
  static let logFormat = "REVERE_LOG_FORMAT"
  static let logLevel = "REVERE_LOG_LEVEL"
  static let metrics = "REVERE_METRICS"
  /// Where programs are looked for.
  static let path = "PATH"

  /// An empty one counts as absent.
  static func value(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
