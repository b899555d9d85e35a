// distribution-lists/decisions/NAME.yaml: what was decided, for people and for `revere audience` before a store exists.
// The store's record rules.

import Bulletins
import Distribution
package import Foundation
package import Markings

package enum DecisionExport {
  private static let folder = "distribution-lists/decisions"

  /// Writes NAME.yaml, or NAME-2.yaml when a decision about this very revision stands there already; one about another
  /// revision counts for nothing any more and is replaced.
  /// - Returns: the path in the workspace.
  package static func write(
    _ order: ReleaseOrder, _ file: BulletinFile, in workspace: Workspace, files: some WorkspaceFiles, now: Instant
  ) throws(WorkspaceProblem) -> String {
    var path = "\(folder)/\(file.stem).yaml"
    var number = 1
    while files.exists(path) {
      let record = workspace.lists.decisions.first { $0.place.file == path }?.value
      if let record, record.bulletin == file.stem, record.revision != file.hash { break }
      number += 1
      path = "\(folder)/\(file.stem)-\(number).yaml"
    }
    try files.write(bytes(order, file, zone: workspace.site.zone, now: now), to: path)
    return path
  }

  package static func bytes(_ order: ReleaseOrder, _ file: BulletinFile, zone: TimeZone, now: Instant) -> [UInt8] {
    let decided = order.decisions
    var lines = ["# Written by the release verb. Of another revision it says nothing.", "bulletin: \(word(file.stem))"]
    lines.append("revision: \(file.hash)")
    if decided.publicRelease { lines.append("public-release: true") }
    if decided.privateRelease { lines.append("private-release: true") }
    func add(_ key: String, _ values: Set<String>) {
      if !values.isEmpty { lines.append("\(key): [\(values.sorted().map(word).joined(separator: ", "))]") }
    }
    add("foreign-release", decided.foreignRelease)
    add("consents", decided.consents)
    add("accept-hollow", decided.acceptHollow)
    lines += ["by: \(word(order.by))", "at: \(now.rfc3339(in: zone))", "reason: \(quoted(order.reason))"]
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static func word(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F
        || $0 == 0x2D || $0 == 0x2E
    }
    return isPlain && text.utf8.first != 0x2D && !text.isEmpty ? text : quoted(text)
  }

  /// A double-quoted YAML scalar on one line.
  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": out += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0x85: out += " "
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
