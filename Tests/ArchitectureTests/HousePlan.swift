// The plan of the house: which target may see which, drawn in Documentation/overview.md. Package.swift must say the
// same, and the import lines of Sources are held to it. To widen it, change this table, and write down why.

enum HousePlan {
  struct Room {
    /// Targets and library products that Package.swift lists and that files may import.
    var sees: Set<String>
    /// Modules of the platform that files may import.
    var platform: Set<String>
  }

  private static let pure: Set<String> = ["Foundation", "Synchronization"]
  private static let io: Set<String> = ["Foundation", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin"]

  static let rooms: [String: Room] = [
    // Pure: values in, values out.
    "Markings": Room(sees: [], platform: []),
    "Bulletins": Room(sees: ["Markings"], platform: pure),
    // CYaml is libyaml as Yams brings it: its events carry the positions that findings need.
    "SiteFiles": Room(sees: ["Yams"], platform: pure.union(["CYaml"])),
    "Authoring": Room(sees: ["Bulletins", "Markings", "SiteFiles", "CMarkGFM"], platform: pure),
    "Distribution": Room(sees: ["Bulletins", "Markings", "SiteFiles", "Crypto"], platform: pure),
    "Rendering": Room(sees: ["Bulletins", "Markings", "Pictures", "Mustache"], platform: pure),
    "Pictures": Room(sees: ["CPictures"], platform: pure),
    // The tag of a return path is a keyed digest.
    "Mail": Room(sees: ["Bulletins", "Markings", "Rendering", "CMime", "Crypto"], platform: pure),
    "Webhooks": Room(sees: ["Bulletins", "Markings", "Crypto"], platform: pure),
    // Ids of objects are digests.
    "Feeds": Room(sees: ["Bulletins", "Markings", "CLibXML2", "Crypto"], platform: pure),
    "Outbox": Room(sees: [], platform: pure),
    "Statistics": Room(sees: ["Bulletins", "SiteFiles"], platform: pure),

    // Ports and their drivers.
    // The audit log is a chain of digests.
    "Store": Room(sees: ["Outbox", "Crypto"], platform: pure),
    // GRDBSQLite is the sqlite3 handle behind GRDB: a ledger row must cost microseconds.
    "StoreSQLite": Room(sees: ["Store", "Outbox", "GRDB", "GRDBSQLite"], platform: io),

    // IO.
    "Couriers": Room(sees: ["Outbox", "Store", "Mail", "Webhooks", "CCurl", "CEpoll"], platform: io),
    // The slow hash of partners' secrets is in CryptoExtras.
    "Workflows": Room(
      sees: [
        "Authoring", "Bulletins", "Distribution", "Feeds", "Mail", "Markings", "Outbox", "Pictures", "Rendering",
        "SiteFiles", "Statistics", "Store", "Webhooks", "CZLib", "Crypto", "CryptoExtras",
      ], platform: io),
    // Pages and feeds are handed in; Hummingbird asks for the types of NIO, HTTP and swift-log by name.
    "WebConsole": Room(
      sees: [
        "Hummingbird", "HummingbirdCore", "HTTPTypes", "Logging", "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "NIOPosix",
      ], platform: pure),
    "CommandLineTool": Room(
      sees: [
        "Authoring", "Bulletins", "Couriers", "Distribution", "Feeds", "Mail", "Markings", "Outbox", "Rendering",
        "SiteFiles", "Statistics", "Store", "StoreSQLite", "WebConsole", "Webhooks", "Workflows", "ArgumentParser",
      ], platform: io),
    "revere": Room(sees: ["CommandLineTool"], platform: []),
  ]

  /// Targets of C: no Swift file in them.
  static let shims: Set<String> = ["CCurl", "CEpoll", "CGMime", "CLibXML2", "CMarkGFM", "CMime", "CPictures", "CZLib"]

  /// Library products that only one target may import.
  static let soleImporters = [
    "Yams": "SiteFiles", "CYaml": "SiteFiles", "Mustache": "Rendering", "GRDB": "StoreSQLite",
    "GRDBSQLite": "StoreSQLite", "CMarkGFM": "Authoring",
    "Hummingbird": "WebConsole", "HummingbirdCore": "WebConsole", "HTTPTypes": "WebConsole", "Logging": "WebConsole",
    "NIOCore": "WebConsole", "NIOHTTP1": "WebConsole", "NIOHTTPTypes": "WebConsole", "NIOPosix": "WebConsole",
    "ArgumentParser": "CommandLineTool", "CCurl": "Couriers", "CEpoll": "Couriers", "CMime": "Mail",
    "CPictures": "Pictures", "CLibXML2": "Feeds", "CZLib": "Workflows",
  ]

  /// Tests that cross the targets: the tree itself, products as readers get them, every outlet.
  static let testsOfTheWhole: Set<String> = ["ArchitectureTests", "GoldenTests", "LeakTests"]

  /// Modules with C types that must not spread: one file of the target imports them.
  static let oneFileOnly: Set<String> = ["CLibXML2", "CMarkGFM", "CMime", "CZLib"]
}
