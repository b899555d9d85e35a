// `revere feeds list | render FORM [--as READER] [--feed SLUG] [--month M | --serial S | --query Q] [-o FILE]`: what the
// server sends to a partner, without the server.

import ArgumentParser
import Bulletins
import Distribution
import Feeds
import Foundation
import Outbox
import Store
import Workflows

struct FeedsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feeds", abstract: "Which feeds there are, and what a partner system pulls from them.",
    subcommands: [List.self, Render.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Every feed and its addresses.",
      discussion: "What is in them is decided for each partner: an address says nothing about that.")

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let store = try session.store()
      let address = session.feedAddress
      let feeds = try Session.words {
        try store.rehearse { try session.feedDesk($0).feeds(now: session.clock.moment) }
      }
      var lines = feeds.map { feed in
        Line(
          feed: feed.slug, holds: feed.scope.rawValue, name: feed.title,
          addresses: FeedForm.allCases.map { "\(address)/feeds/\(feed.slug).\($0.rawValue)" })
      }
      lines.append(
        Line(
          feed: CAPFeed.slug, holds: "all", name: "CAP alerts", addresses: ["\(address)/feeds/\(CAPFeed.slug).atom"]))
      lines.append(
        Line(feed: "taxii", holds: "all", name: "TAXII, each feed a collection", addresses: ["\(address)/taxii2/"]))
      if json {
        for line in lines { Terminal.print(JSONLine.encode(line)) }
        return
      }
      var columns = TextColumns()
      columns.add("FEED", "HOLDS", "NAME", "ADDRESS")
      for line in lines { columns.add(line.feed, line.holds, line.name, line.addresses.first ?? "") }
      Terminal.print(columns.text)
    }

    private struct Line: Encodable {
      var feed: String
      var holds: String
      var name: String
      var addresses: [String]
    }
  }

  struct Render: ParsableCommand {
    enum Form: String, ExpressibleByArgument, CaseIterable { case atom, json, rss, cap, taxii }

    static let configuration = CommandConfiguration(
      abstract: "The bytes that the server would send to a partner now.",
      discussion: """
        FORM is atom, json, rss, cap or taxii. cap is the feed of alerts; with --serial the newest message about \
        that bulletin. taxii is the objects of the feed's collection; --query takes the filters and the limit that an \
        address would have, such as 'limit=10&match[type]=report'. Nothing is recorded as pulled, or written to \
        the ledger at all: --now may lie ahead. What the partner may not see does not exist for this verb either.
        """)

    @Argument(help: "atom, json, rss, cap or taxii.")
    var form: Form

    @Option(
      name: .customLong("as"),
      help: ArgumentHelp(
        "A reader's id or address; default: the one partner system that there is.", valueName: "reader"))
    var reader: String?

    @Option(help: "Which feed: all, a series or a sector.")
    var feed = "all"

    @Option(help: ArgumentHelp("An archive: 2026-11.", valueName: "month"))
    var month: String?

    @Option(help: "Of any version of a bulletin, for cap.")
    var serial: String?

    @Option(help: ArgumentHelp("Filters and limit, for taxii.", valueName: "query"))
    var query: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write; default: standard output.", valueName: "file"))
    var output: String?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
      if output?.isEmpty == true { throw ValidationError("Name the file with -o FILE.") }
      if serial != nil, form != .cap { throw ValidationError("--serial goes with cap.") }
      if query != nil, form != .taxii { throw ValidationError("--query goes with taxii.") }
      if form == .taxii, month != nil {
        throw ValidationError("A collection has no archives: --month goes with atom, json and rss.")
      }
      if form == .cap, month != nil || feed != "all" {
        throw ValidationError("The feed of alerts is one: --feed and --month go with atom, json and rss.")
      }
    }

    func run() throws {
      let session = try Session(options)
      let workspace = try session.soundWorkspace()
      let caller = try caller(session, workspace)
      let store = try session.store()
      let now = session.clock.moment
      // What is due by then begins and ends for this answer alone: the ledger is moved by who serves, as time goes on.
      let made = try Session.words {
        try store.rehearse { store -> [UInt8]? in
          let desk = try session.feedDesk(store)
          if form == .taxii { return try objects(desk, store, session, for: caller.id, now: now) }
          for address in try addresses(store) {
            if let made = try desk.representation(address, for: caller.id, now: now) { return made.bytes }
          }
          return nil
        }
      }
      guard let made else {
        throw CommandFailure(
          .findings, "there is no such thing for \(caller.id): the server answers 404",
          hint: "see `revere feeds list` for the feeds, and `revere who` for what was released")
      }
      guard let output else { return Terminal.write(made, to: STDOUT_FILENO) }
      let url = URL(fileURLWithPath: output)
      try Session.words {
        try FolderOnDisk(root: url.deletingLastPathComponent().path).write(made, to: url.lastPathComponent)
      }
    }

    private func caller(_ session: Session, _ workspace: Workspace) throws -> Reader {
      if let reader { return try session.reader(reader, in: workspace) }
      let systems = workspace.lists.readers().filter { $0.stakeholder.mailbox == .system }
      if systems.count == 1 { return systems[0] }
      throw CommandFailure(
        .usage, systems.isEmpty ? "no reader is a partner system" : "there is more than one partner system",
        hint: "name a reader with --as")
    }

    private func objects(
      _ desk: FeedDesk, _ store: any UnitOfWork, _ session: Session, for reader: String, now: Moment
    ) throws -> [UInt8]? {
      let taxii = TaxiiDesk(desk, store: store, secret: try session.siteSecret(founding: store))
      let request = TaxiiRequest(path: "/taxii2/bulletins/collections/\(feed)/objects/", query: query ?? "")
      let answer = try taxii.answer(request, for: reader, allows: { _ in true }, now: now).answer
      guard answer.status != 404 else { return nil }
      guard answer.status == 200 else {
        throw CommandFailure(
          .usage, "the server answers \(answer.status): \(String(decoding: answer.body, as: UTF8.self))",
          hint: "Documentation/feeds.md has the filters")
      }
      return Array(answer.body)
    }

    /// Of a bulletin's messages only one is there for a caller: about the newest version that they may see, or its end,
    /// which has another address.
    private func addresses(_ store: any UnitOfWork) throws -> [FeedAddress] {
      if let form = FeedForm(rawValue: form.rawValue) { return [.page(slug: feed, month: month, form)] }
      guard let serial else { return [.capFeed] }
      let versions = try store.read { session in
        try session.release(serial: serial).map { try session.releases(bulletin: $0.bulletin) } ?? []
      }
      return versions.reversed().filter(\.kind.bringsRevision).flatMap { version in
        FeedItem.Standing.allCases.map { .cap(serial: version.serial, version: version.version, $0) }
      }
    }
  }
}

extension Session {
  /// How partners reach the server, as `revere serve` says it where it is not told to listen elsewhere.
  var feedAddress: String {
    let listen = settings.serve.listen
    return settings.serve.address ?? "http://" + (ListenAddress(listen)?.description ?? listen)
  }

  func feedDesk(_ store: any UnitOfWork) throws -> FeedDesk {
    try Self.words {
      try FeedDesk(
        files: files, store: store, secret: try siteSecret(founding: store), address: feedAddress, now: clock.moment)
    }
  }
}
