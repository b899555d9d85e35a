// Calls that only some targets may make: clocks, files, surroundings, printing; and what nobody may write.
// Read from code with comments and strings blanked out.

struct CallRule {
  var name: String
  /// What follows an identifier character does not match: `Date()` is found, `CivilDate()` is not.
  var calls: [String]
  var allowedIn: Set<String>
  /// Single files with the reason why they may.
  var exceptions: [String: String] = [:]
  var why: String

  static let all: [CallRule] = [
    CallRule(
      name: "clock",
      calls: [
        "Date()", "Date.now", "Date.init()", "timeIntervalSinceNow", "CFAbsoluteTimeGetCurrent", "ContinuousClock",
        "SuspendingClock", "clock_gettime(", "gettimeofday(", "time(nil)", "DispatchTime.now", "DispatchWallTime.now",
        "systemUptime",
      ],
      allowedIn: ["CommandLineTool"], why: "now is an argument; only CommandLineTool holds a clock"),
    CallRule(
      name: "sleep", calls: ["Task.sleep", "Thread.sleep", "sleep(", "usleep(", "nanosleep("], allowedIn: [],
      exceptions: [
        "Sources/StoreSQLite/BusyWait.swift": "SQLite asks on the waiting thread, and has no event for it",
        "Sources/StoreSQLite/SQLiteConnection.swift": "a gap in which a waiting writer gets the lock",
        "Sources/StoreSQLite/SQLiteDriver.swift": "whoever makes the file holds a lock that no time-out covers",
      ],
      why: "waiting is the event loop's business"),
    CallRule(
      name: "files",
      calls: [
        "FileManager", "FileHandle", "Data(contentsOf", "String(contentsOf", "NSData(contentsOf", "fopen(",
        "InputStream(", "OutputStream(",
      ],
      allowedIn: ["Workflows", "CommandLineTool", "StoreSQLite", "Couriers"],
      why: "pure targets and ports open no file; Workflows reads the workspace"),
    CallRule(
      name: "surroundings", calls: ["ProcessInfo", "getenv(", "setenv(", "CommandLine.arguments", "Process()"],
      allowedIn: ["CommandLineTool"],
      exceptions: ["Sources/revere/main.swift": "hands the arguments to CommandLineTool, and does nothing else"],
      why: "settings come from CommandLineTool"),
    CallRule(
      name: "zone", calls: ["TimeZone.current", "TimeZone.autoupdatingCurrent", "Calendar.current", "Locale.current"],
      allowedIn: [], why: "the zone comes from the site"),
    CallRule(
      name: "bundle", calls: ["Bundle.module", "Bundle.main"], allowedIn: [],
      why: "operator content is loaded from the workspace, so that the binary can be moved"),
    CallRule(
      name: "printing", calls: ["print(", "debugPrint(", "dump(", "NSLog("], allowedIn: ["CommandLineTool", "revere"],
      why: "words are made at the edge"),
    CallRule(
      name: "network", calls: ["URLSession", "CFSocket", "NWConnection"], allowedIn: [],
      why: "libcurl opens sessions"),
    CallRule(
      name: "force", calls: ["try!", "as!", "fatalError(", "preconditionFailure("], allowedIn: [],
      why: "errors are facts; no input may end the process"),
  ]

  func violations(in sources: [SwiftSource]) -> [Violation] {
    var found: [Violation] = []
    for source in sources where !allowedIn.contains(source.target) && exceptions[source.path] == nil {
      for (index, line) in source.code.enumerated() {
        for call in calls where Self.contains(line, call) {
          found.append(Violation(path: source.path, line: index + 1, message: "\(call) [\(name)]: \(why)"))
        }
      }
    }
    return found
  }

  /// Whether the line has the call with no identifier character and no dot before it.
  static func contains(_ line: String, _ call: String) -> Bool {
    guard line.contains(call) else { return false }
    var rest = Substring(line)
    var before: Character = " "
    while let character = rest.first {
      let isOwnWord = !(before.isLetter || before.isNumber || before == "_" || before == "." || before == "`")
      let asMember = before == "." && (call.hasPrefix("timeInterval") || call == "systemUptime")
      let inDeclaration = line.contains("func " + call)
      if (isOwnWord || asMember) && !inDeclaration && rest.hasPrefix(call) { return true }
      before = character
      rest = rest.dropFirst()
    }
    return false
  }
}
