// What must not stay in a committed file of any kind: paths of one machine, hosts of package registries, top-level
// names that the project does not have. The words are put together here, so that this file does not find itself.

enum LeftoverRule {
  static let words = [
    "/wo" + "rk/", "/fa" + "rm/", "/ro" + "ot/", "/ho" + "me/", "deb.debian" + ".org", "pypi" + ".org",
    "files.python" + "hosted",
  ]
  static let topLevel: Set<String> = [
    "Package.swift", "Sources", "Tests", "templates", "distribution-lists", "README.md", "Makefile", "Documentation",
    ".ci", ".swift-format", ".gitignore",
  ]

  static func violations(path: String, text: String) -> [Violation] {
    var found: [Violation] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      for word in words where line.contains(word) {
        found.append(Violation(path: path, line: index + 1, message: "\(word) is of one machine or registry"))
      }
    }
    return found
  }

  static func violations(paths: [String]) -> [Violation] {
    let names = Set(paths.map { String($0.prefix { $0 != "/" }) })
    return names.subtracting(topLevel).sorted().map {
      Violation(path: $0, line: 1, message: "no top-level name of the project; see README.md for where things lie")
    }
  }
}
