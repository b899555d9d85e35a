// Package.swift must say what the plan says, no more and no less. The manifest is read as text: `room("Name", [..])`
// and the named products at its top; SwiftPM itself is not asked, since a test may run while SwiftPM holds its lock.

enum ManifestRule {
  static func violations(manifest: String, plan: [String: HousePlan.Room] = HousePlan.rooms) -> [Violation] {
    let declared = rooms(in: manifest)
    var found: [Violation] = []
    func violation(_ message: String) { found.append(Violation(path: "Package.swift", line: 1, message: message)) }
    for (name, room) in plan.sorted(by: { $0.key < $1.key }) {
      guard let dependencies = declared[name] else {
        violation("\(name) is in the plan and not in the manifest")
        continue
      }
      for extra in dependencies.subtracting(room.sees).sorted() { violation("\(name) may not depend on \(extra)") }
      for unused in room.sees.subtracting(dependencies).sorted() {
        violation("the plan lets \(name) see \(unused), which the manifest does not list")
      }
    }
    for name in declared.keys.sorted() where plan[name] == nil { violation("\(name) is not in the plan") }
    return found
  }

  /// Target name to the names of its dependencies.
  static func rooms(in manifest: String) -> [String: Set<String>] {
    let product = /let (\w+) = Target\.Dependency\.product\(name: "(\w+)"/
    let products = Dictionary(
      manifest.matches(of: product).map { (String($0.1), String($0.2)) }, uniquingKeysWith: { first, _ in first })
    let room = /(?:\broom|\.executableTarget)\(\s*(?:name:\s*)?"(\w+)"(?:,\s*(?:dependencies:\s*)?\[([^\]]*)\])?/
    var found: [String: Set<String>] = [:]
    for match in manifest.matches(of: room) {
      let entries = (match.2 ?? "").split(separator: ",").map { $0.trimmingPrefix { $0.isWhitespace } }
      found[String(match.1)] = Set(
        entries.compactMap { entry -> String? in
          let word = String(entry.filter { $0.isLetter || $0.isNumber || $0 == "_" })
          guard !word.isEmpty else { return nil }
          return entry.hasPrefix("\"") ? word : products[word] ?? word
        })
    }
    return found
  }
}
