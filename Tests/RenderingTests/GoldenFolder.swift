// Golden folders: what a product must look like, side by side with its source, to be read as documents.
// With REVERE_RECORD=1 in the environment the files are written anew; the diff is then the review.

import Foundation
import Testing

struct GoldenFolder {
  let folder: URL

  /// `Tests/Fixtures/golden/NAME`, or in another folder of the fixtures.
  init(_ name: String, in group: String = "golden", testFile: String = #filePath) {
    folder = URL(filePath: testFile).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures").appending(path: group).appending(path: name)
  }

  func source(_ file: String = "bulletin.md") throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: file)))
  }

  /// Compares bytes with the file; a difference names the first line that differs.
  func expect(_ file: String, _ bytes: some Collection<UInt8>, sourceLocation: SourceLocation = #_sourceLocation) throws
  {
    let url = folder.appending(path: file)
    if ProcessInfo.processInfo.environment["REVERE_RECORD"] == "1" {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
      return
    }
    let expected = Array(try Data(contentsOf: url))
    guard !expected.elementsEqual(bytes) else { return }
    let (was, now) = (lines(expected), lines(Array(bytes)))
    let first = zip(was, now).enumerated().first { $1.0 != $1.1 }
    let place =
      first.map { "line \($0 + 1): \($1.1) in place of \($1.0)" } ?? "\(now.count) lines in place of \(was.count)"
    Issue.record("\(file) differs, \(place)", sourceLocation: sourceLocation)
  }

  private func lines(_ bytes: [UInt8]) -> [Substring] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  }
}
