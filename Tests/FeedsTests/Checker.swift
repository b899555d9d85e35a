// Programs of others that judge our documents: xmllint, and jsonschema for Python. A missing one is a failure where no
// test may be skipped (REVERE_NO_SKIP), and a line of output elsewhere.

import Foundation
import Testing

enum Checker {
  /// The documents keep to the schema.
  /// - Parameters:
  ///   - kind: `--schema` or `--relaxng`.
  ///   - schema: below Tests/Fixtures/schemas.
  static func expectXML(_ documents: [[UInt8]], _ kind: String, _ schema: String) throws {
    let file = Expected.fixtures.appending(path: "schemas/" + schema).path
    try judge(documents, ["xmllint", "--nonet", "--huge", "--noout", kind, file], "libxml2-utils")
  }

  static func expectJSON(_ documents: [[UInt8]], _ schema: String) throws {
    let file = Expected.fixtures.appending(path: "schemas/" + schema).path
    let program = """
      import json, sys
      try:
          import jsonschema
      except ImportError:
          sys.exit(127)
      checker = jsonschema.Draft7Validator(json.load(open(sys.argv[1])))
      for name in sys.argv[2:]:
          for error in checker.iter_errors(json.load(open(name))):
              sys.exit(f"{name}: {error.message}")
      """
    // The one of .ci/setup goes before the system's.
    let own = Expected.tests.deletingLastPathComponent().appending(path: ".build-python/bin/python").path
    let hasOwn = try run([own, "-c", "import jsonschema"]).status == 0
    try judge(documents, [hasOwn ? own : "python3", "-c", program, file], "jsonschema for Python (.ci/setup)")
  }

  private static func judge(_ documents: [[UInt8]], _ command: [String], _ package: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "revere-feeds-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var files: [String] = []
    for (index, document) in documents.enumerated() {
      let file = folder.appending(path: String(index))
      try Data(document).write(to: file)
      files.append(file.path)
    }
    let (status, words) = try run(command + files)
    if status == 127 {
      print("SKIPPED: \(package) is missing")
      let mayNot = ProcessInfo.processInfo.environment["REVERE_NO_SKIP"] != nil
      #expect(!mayNot, "no test may be skipped here: \(package) is missing")
    } else {
      #expect(status == 0, "\(words.prefix(2_000))")
    }
  }

  /// 127, as of a shell: no such program.
  private static func run(_ command: [String]) throws -> (status: Int32, words: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let words = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: words, as: UTF8.self))
  }
}
