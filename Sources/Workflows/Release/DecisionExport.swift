// distribution-lists/decisions/NAME.yaml: what was decided, for people and for `revere audience` before a store exists.
// The store's record rules.

import Bulletins
package import Foundation
package import Markings

package enum DecisionExport {
  package static func bytes(_ order: ReleaseOrder, _ file: BulletinFile, zone: TimeZone, now: Instant) -> [UInt8] {
    let decided = order.decisions
    var lines = ["# Written by the release verb. Of another revision it says nothing.", "bulletin: \(file.stem)"]
    lines.append("revision: \(file.hash)")
    if decided.publicRelease { lines.append("public-release: true") }
    if decided.privateRelease { lines.append("private-release: true") }
    func add(_ key: String, _ values: Set<String>) {
      if !values.isEmpty { lines.append("\(key): [\(values.sorted().joined(separator: ", "))]") }
    }
    add("foreign-release", decided.foreignRelease)
    add("consents", decided.consents)
    add("accept-hollow", decided.acceptHollow)
    lines += ["by: \(order.by)", "at: \(now.rfc3339(in: zone))", "reason: \(quoted(order.reason))"]
    return Array((lines.joined(separator: "\n") + "\n").utf8)
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
