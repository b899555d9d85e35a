// swift-tools-version: 6.1
// The targets and who may see whom; Tests/ArchitectureTests holds the imports to it.
// Drawn and explained in Documentation/overview.md.

import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A library target of the house and its tests.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
  name: "revere",
  products: [.executable(name: "revere", targets: ["revere"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // Without its traits: it would read settings of its own.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C libraries of the system.
    .systemLibrary(name: "CEpoll"),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CMarkGFM", pkgConfig: "libcmark-gfm",
      providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CZLib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CGMime", pkgConfig: "gmime-3.0", providers: [.apt(["libgmime-3.0-dev"])]),
    .target(name: "CMime", dependencies: ["CGMime"]),
    .target(
      name: "CPictures", linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg"), .linkedLibrary("cairo")]),

    // Pure: values in, values out.
    room("Markings"),
    room("Bulletins", ["Markings"]),
    room("SiteFiles", [yams]),
    room("Authoring", ["Bulletins", "Markings", "SiteFiles", "CMarkGFM"]),
    room("Distribution", ["Bulletins", "Markings", "SiteFiles", crypto]),
    room("Rendering", ["Bulletins", "Markings", "Pictures", mustache]),
    room("Pictures", ["CPictures"]),
    room("Mail", ["Bulletins", "Markings", "Rendering", "CMime", crypto]),
    room("Webhooks", ["Bulletins", "Markings", crypto]),
    room("Feeds", ["Bulletins", "Markings", "CLibXML2", crypto]),
    room("Outbox"),
    room("Statistics", ["Bulletins", "SiteFiles"]),

    // Ports and their drivers.
    room("Store", ["Outbox", crypto]),
    room("StoreSQLite", ["Store", "Outbox", grdb, sqlite]),

    // IO.
    room("Couriers", ["Outbox", "Store", "Mail", "Webhooks", "CCurl", "CEpoll"]),
    room(
      "Workflows",
      [
        "Authoring", "Bulletins", "Distribution", "Feeds", "Mail", "Markings", "Outbox", "Pictures", "Rendering",
        "SiteFiles", "Statistics", "Store", "Webhooks", "CZLib", crypto, cryptoExtras,
      ]),
    room(
      "WebConsole",
      [hummingbird, hummingbirdCore, httpTypes, logging, nioCore, nioHTTP1, nioHTTPTypes, nioPosix]),
    room(
      "CommandLineTool",
      [
        "Authoring", "Bulletins", "Couriers", "Distribution", "Feeds", "Mail", "Markings", "Outbox", "Rendering",
        "SiteFiles", "Statistics", "Store", "StoreSQLite", "WebConsole", "Webhooks", "Workflows", argumentParser,
      ]),
    .executableTarget(name: "revere", dependencies: ["CommandLineTool"], swiftSettings: swiftSettings),

    // Random bulletins, readers and policies for the tests of several targets.
    .target(
      name: "TestSupport", dependencies: ["Authoring", "Bulletins", "Distribution", "Markings"],
      path: "Tests/TestSupport", swiftSettings: swiftSettings),
    // Measures of single functions, for `make bench`.
    .executableTarget(
      name: "revere-bench",
      dependencies: [
        "Authoring", "Bulletins", "CMarkGFM", "Distribution", "Feeds", "Mail", "Markings", "Outbox", "Rendering",
        "Statistics", "Store", "StoreSQLite", "TestSupport", "Workflows",
      ],
      path: "Tests/Bench/Functions", swiftSettings: swiftSettings),
    tests("ArchitectureTests", []),
    tests("MarkingsTests", ["Markings"]),
    tests("BulletinsTests", ["Bulletins", "Markings"]),
    tests("SiteFilesTests", ["SiteFiles"]),
    tests("AuthoringTests", ["Authoring", "Bulletins", "Markings", "SiteFiles"]),
    tests("DistributionTests", ["Authoring", "Distribution", "Bulletins", "Markings", "SiteFiles", "TestSupport"]),
    tests("RenderingTests", ["Rendering", "Bulletins", "Markings", "Pictures"]),
    tests("PicturesTests", ["Pictures"]),
    tests("MailTests", ["Mail", "Rendering", "Bulletins", "Markings", crypto]),
    tests("WebhooksTests", ["Webhooks", "Markings"]),
    // With the reader of libxml2: what was written is read back.
    tests("FeedsTests", ["Feeds", "Bulletins", "Markings", "CLibXML2", crypto]),
    tests("OutboxTests", ["Outbox"]),
    tests("WebConsoleTests", ["WebConsole"]),
    tests("StatisticsTests", ["Statistics", "Bulletins", "SiteFiles"]),
    tests("StoreTests", ["Store", "StoreSQLite", "Outbox"]),
    tests("CouriersTests", ["Couriers", "Mail", "Outbox", "Store", "StoreSQLite", "Webhooks"]),
    tests("GoldenTests", ["Workflows", "Authoring", "Distribution", "Rendering", "Bulletins", "Markings"]),
    tests(
      "LeakTests",
      [
        "Workflows", "Webhooks", "Outbox", "Pictures", "Store", "StoreSQLite", "Rendering", "Distribution", "Feeds",
        "Bulletins", "Markings", "TestSupport",
      ]),
    tests(
      "WorkflowsTests",
      [
        "Workflows", "Authoring", "Bulletins", "Distribution", "Feeds", "Mail", "Markings", "Outbox", "Rendering",
        "SiteFiles", "Statistics", "Store", "StoreSQLite", "Webhooks", crypto,
      ]),
  ]
)
