// Where the checkout and a scratch folder lie.

import Foundation

enum Repository {
  /// The folder of Package.swift.
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: root + "/" + path)))
  }
}

/// A folder that is removed with its owner.
final class ScratchFolder {
  let path: String
  init() throws {
    path = NSTemporaryDirectory() + "revere-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}
