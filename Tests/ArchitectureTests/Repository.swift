// Where the repository lies and which files it has. Found from this file's own place, so that a clone may lie anywhere.
// Build folders, the demo and git's own files are no part of it.

import Foundation

enum Repository {
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every file that belongs to the project, as a path from the root, sorted.
  static func files() throws -> [String] {
    var found: [String] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: root.path) where !isSkipped(name) {
      let url = root.appendingPathComponent(name)
      guard let inside = FileManager.default.enumerator(atPath: url.path), isFolder(url) else {
        found.append(name)
        continue
      }
      for case let path as String in inside where !isFolder(url.appendingPathComponent(path)) {
        guard !path.split(separator: "/").contains(where: { isSkipped(String($0)) }) else { continue }
        found.append("\(name)/\(path)")
      }
    }
    return found.sorted()
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The Swift files below a folder of the root: `Sources`, `Tests`.
  static func swiftSources(in folder: String) throws -> [SwiftSource] {
    try files().filter { $0.hasPrefix(folder + "/") && $0.hasSuffix(".swift") }
      .map { SwiftSource(path: $0, text: try text($0)) }
  }

  private static func isFolder(_ url: URL) -> Bool {
    var folder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &folder) && folder.boolValue
  }

  private static func isSkipped(_ name: String) -> Bool {
    name == ".git" || name == ".demo" || name.hasPrefix(".build") || name == "__pycache__" || name == ".venv"
      || name == ".pytest_cache" || name == "Package.resolved"
  }
}

/// A rule that a file breaks, with the place to mend.
struct Violation: CustomStringConvertible, Equatable {
  var path: String
  var line: Int
  var message: String
  var description: String { "\(path):\(line): \(message)" }
}
