// Every setting with its value and where it comes from: default < file < environment < flag. For `revere doctor`; what
// sending uses is read by SettingsReader alone. A file that holds a secret is named; the secret is never read here.

package import SiteFiles

package struct SettingValue: Hashable, Sendable {
  package enum Origin: Hashable, Sendable {
    case byDefault
    case file(String, line: Int)
    case environment(String)
    case flag(String)
    package var words: String {
      switch self {
      case .byDefault: "default"
      case .file(let name, let line): "\(name):\(line)"
      case .environment(let name): "environment \(name)"
      case .flag(let name): name
      }
    }
  }
  /// `mail.relays[main].port`
  package var key: String
  package var value: String
  package var origin: Origin
  package init(_ key: String, _ value: String, _ origin: Origin) {
    self.key = key
    self.value = value
    self.origin = origin
  }
}

package enum SettingOrigins {
  /// What holds for a key that the file leaves out; a test compares it with what SettingsReader makes of such a file.
  package static let defaults: [(key: String, value: String)] = [
    ("site.country", "USA"), ("site.default-scheme", "legacy"), ("delivery.digest-at", "07:00"),
    ("delivery.reserved-connections", "2"), ("store", "sqlite:var/revere.db"), ("header-ceiling", "email-tls"),
    ("secrets.key-file", "var/secret.key"), ("webhooks.connections", "32"), ("serve.listen", "127.0.0.1:8440"),
  ]
  /// The same of each relay.
  package static let relayDefaults: [(key: String, value: String)] = [
    ("port", "25"), ("max-connections", "4"), ("messages-per-connection", "100"),
  ]

  /// - Parameters:
  ///   - root: of revere.yaml.
  ///   - later: from the environment and from flags; the last for a key counts.
  package static func values(of root: Node?, file: String, later: [SettingValue] = []) -> [SettingValue] {
    var found: [SettingValue] = []
    if let root { collect(root, "", file, &found) }
    let keys = Set(found.map(\.key))
    for (key, value) in defaults where !keys.contains(key) { found.append(SettingValue(key, value, .byDefault)) }
    for relay in root?["mail"]?["relays"]?.list ?? [] {
      let path = "mail.relays[\(relay["name"]?.text ?? "?")]."
      for (key, value) in relayDefaults where !keys.contains(path + key) {
        found.append(SettingValue(path + key, value, .byDefault))
      }
    }
    for value in later {
      found.removeAll { $0.key == value.key }
      found.append(value)
    }
    return found.map { SettingValue($0.key, shown($0.key, $0.value), $0.origin) }.sorted { $0.key < $1.key }
  }

  private static func collect(_ node: Node, _ path: String, _ file: String, _ found: inout [SettingValue]) {
    switch node.content {
    case .scalar(let text, _): found.append(SettingValue(path, text, .file(file, line: node.position.line)))
    case .map(let entries):
      for entry in entries { collect(entry.value, path.isEmpty ? entry.key : "\(path).\(entry.key)", file, &found) }
    case .list(let nodes):
      let texts = nodes.compactMap(\.text)
      if texts.count == nodes.count {
        found.append(SettingValue(path, texts.joined(separator: ", "), .file(file, line: node.position.line)))
      } else {
        for (index, inner) in nodes.enumerated() {
          collect(inner, "\(path)[\(inner["name"]?.text ?? String(index))]", file, &found)
        }
      }
    }
  }

  /// A password in an address of a server, or under a key that sounds like one, is not repeated.
  static func shown(_ key: String, _ value: String) -> String {
    let last = key.split(separator: ".").last.map(String.init) ?? key
    if !last.hasSuffix("-file"), ["password", "secret", "token", "key"].contains(where: last.contains) {
      return "(not shown)"
    }
    guard let scheme = value.firstRange(of: "://"), let at = value.lastIndex(of: "@"), at > scheme.upperBound,
      let colon = value[scheme.upperBound..<at].firstIndex(of: ":")
    else { return value }
    return value[...colon] + "(not shown)" + value[at...]
  }
}
