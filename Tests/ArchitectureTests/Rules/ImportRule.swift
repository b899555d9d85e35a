// Who may import whom (HousePlan). An import that the plan does not name is a violation, unknown targets included.

enum ImportRule {
  static func violations(in sources: [SwiftSource]) -> [Violation] {
    var found: [Violation] = []
    var importers: [String: Set<String>] = [:]
    for source in sources {
      guard let room = HousePlan.rooms[source.target] else {
        found.append(Violation(path: source.path, line: 1, message: "\(source.target) is no target of the plan"))
        continue
      }
      for entry in source.imports {
        func violation(_ message: String) {
          found.append(Violation(path: source.path, line: entry.line, message: message))
        }
        importers[entry.module, default: []].insert(source.path)
        if let sole = HousePlan.soleImporters[entry.module], sole != source.target {
          violation("only \(sole) imports \(entry.module)")
        } else if !room.sees.contains(entry.module) && !room.platform.contains(entry.module) {
          violation("\(source.target) may not import \(entry.module)")
        }
        if entry.attributes.contains(where: { $0.hasPrefix("@_exported") || $0.hasPrefix("@_implementationOnly") }) {
          violation("an underscored import attribute hides a dependency")
        }
      }
    }
    for module in HousePlan.oneFileOnly.sorted() {
      let files = importers[module, default: []].sorted()
      for path in files.dropFirst() {
        found.append(Violation(path: path, line: 1, message: "\(files[0]) imports \(module) already; one file does"))
      }
    }
    return found
  }
}
