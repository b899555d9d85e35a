// `revere partners list | add | rotate | revoke | expire | unlock`: systems that pull feeds. A secret is shown once, by
// `add` and `rotate`; nobody can show it again. What opens access is ordered by a release authority.

import ArgumentParser
import Bulletins
import Distribution
import Foundation
import Markings
import Outbox
import Store
import Workflows

struct PartnersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "partners", abstract: "Partner systems that pull feeds, and their credentials.",
    discussion: "A partner is a reader of the distribution lists: what it may see is decided as for any reader.",
    subcommands: [List.self, Add.self, Rotate.self, Revoke.self, Expire.self, Unlock.self],
    defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "How every partner stands, and who is locked out.",
      discussion: "Lock-outs of addresses, and of names that no credential has, stand after the partners.")

    @Flag(help: "Credentials that were revoked or have expired too.")
    var all = false

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      let session = try Session(options)
      let workspace = try session.workspace()
      let store = try session.store(creating: true)
      let now = session.clock.moment
      let zone = session.settings.site.zone
      let (standings, lockOuts) = try Session.words {
        (
          try PartnerVerbs.standings(workspace, store: store), try PartnerVerbs.lockOuts(store: store, now: now)
        )
      }
      for standing in standings {
        let line = PartnerLine(standing, lockOuts, now: now, zone: zone, withClosed: all || json)
        Terminal.print(json ? JSONLine.encode(line) : line.text)
      }
      for lockOut in lockOuts where lockOut.partner == nil {
        let line = LockOutLine(lockOut, zone: zone)
        Terminal.print(json ? JSONLine.encode(line) : line.text)
      }
      if standings.isEmpty, !json {
        Terminal.print("There is no partner system; `revere partners add` makes a reader one.")
      }
    }
  }

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a reader a credential for feeds, and show its secret, once.",
      discussion: "A partner may have several; `rotate` replaces one that is in use.")

    @Argument(help: ArgumentHelp("The reader's id in the distribution lists.", valueName: "reader"))
    var id: String

    @Option(
      help: ArgumentHelp(
        "Only this feed: all, cap, or the slug of a series or sector; may be given several times.", valueName: "slug"))
    var feed: [String] = []

    @Flag(help: "It may use TAXII too, for the same feeds.")
    var taxii = false

    @Option(help: ArgumentHelp("After how many days it ends.", valueName: "days"))
    var days = 365

    @Option(help: ArgumentHelp("The partner's requests a minute; default: as it is, or 600.", valueName: "requests"))
    var rate: Int?

    @OptionGroup var person: AuthorityOptions

    func validate() throws {
      try PartnersCommand.check(days: days)
      // More than one machine answers: a larger number is a slip.
      if let rate, !(1...10_000_000).contains(rate) { throw ValidationError("--rate takes 1 to 10000000.") }
    }

    func run() throws {
      let session = try Session(person.options)
      let workspace = try session.soundWorkspace()
      let store = try session.store(creating: true)
      let order = CredentialOrder(
        feeds: feed.isEmpty ? nil : feed, allowsTaxii: taxii, lifetime: .hours(24 * Int64(days)),
        requestsPerMinute: rate, by: person.by)
      let made = try Session.words {
        try PartnerVerbs.add(id, order, in: workspace, store: store, now: session.clock.moment)
      }
      PartnersCommand.show(made, json: person.json, zone: session.settings.site.zone)
      if let reader = workspace.lists.readers().first(where: { $0.id == id }), reader.stakeholder.mailbox != .system {
        Terminal.error(
          "\(id) is no system in the lists: a machine with this credential pulls what is for this reader alone, and "
            + "nobody attests who sees it there. Give the machine an entry of its own with `mailbox: system`.")
      }
    }
  }

  struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a new credential of the same scope and show its secret, once.",
      discussion: """
        Those that it replaces are good until the overlap ends. A partner whose open credentials are for different \
        feeds renews each by its own id.
        """)

    @Argument(help: "A credential's id, or a partner's to replace all that it has open.")
    var name: String

    @Option(help: ArgumentHelp("How long earlier credentials stay good, in hours.", valueName: "hours"))
    var overlap = 24

    @Option(help: ArgumentHelp("After how many days the new one ends.", valueName: "days"))
    var days = 365

    @OptionGroup var person: AuthorityOptions

    func validate() throws {
      try PartnersCommand.check(days: days)
      if !(0...2_160).contains(overlap) { throw ValidationError("--overlap takes 0 to 2160 hours.") }
    }

    func run() throws {
      let session = try Session(person.options)
      let workspace = try session.workspace()
      let store = try session.store()
      let made = try Session.words {
        try PartnerVerbs.rotate(
          name, overlap: .hours(Int64(overlap)), lifetime: .hours(24 * Int64(days)),
          by: person.by, in: workspace, store: store, now: session.clock.moment)
      }
      PartnersCommand.show(made, json: person.json, zone: session.settings.site.zone)
    }
  }

  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a credential back, or all of a partner; good from the next request on.")

    @Argument(help: "A credential's id, or a partner's.")
    var name: String

    @Option(help: "Why, for the audit log.")
    var reason = "by a person"

    @OptionGroup var person: PersonOptions

    func run() throws {
      let session = try Session(person.options)
      let store = try session.store()
      let revoked = try Session.words {
        try PartnerVerbs.revoke(
          name, by: session.actor(person.by), reason: reason, store: store, now: session.clock.moment)
      }
      for credential in revoked {
        Terminal.print(
          person.json
            ? JSONLine.encode(["partner": credential.partner, "credential": credential.id, "state": "revoked"])
            : "\(credential.id) of \(credential.partner) is revoked.")
      }
    }
  }

  struct Expire: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End a credential, or all of a partner, at a day.",
      discussion: "One that ends sooner stays so. Without --until it ends now.")

    @Argument(help: "A credential's id, or a partner's.")
    var name: String

    @Option(help: ArgumentHelp("The last day, YYYY-MM-DD.", valueName: "day"))
    var until: String?

    @OptionGroup var person: PersonOptions

    func validate() throws {
      if let until, CivilDate(until) == nil {
        throw ValidationError("--until takes a day such as 2027-05-21, not `\(until)`.")
      }
    }

    func run() throws {
      let session = try Session(person.options)
      let zone = session.settings.site.zone
      let now = session.clock.moment
      let end = until.flatMap { CivilDate($0) }.map { Moment(seconds: $0.end(in: zone).seconds) }
      if let end, end <= now { throw ValidationError("--until takes a day that is not over.") }
      let store = try session.store()
      let ended = try Session.words {
        try PartnerVerbs.expire(name, at: end ?? now, by: session.actor(person.by), store: store, now: now)
      }
      for credential in ended {
        let expires = Instant(seconds: credential.expiresAt.seconds).rfc3339(in: zone)
        Terminal.print(
          person.json
            ? JSONLine.encode(["partner": credential.partner, "credential": credential.id, "expires": expires])
            : "\(credential.id) of \(credential.partner) ends at \(expires).")
      }
    }
  }

  struct Unlock: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End the lock-out of a partner's credentials, of one, or of an address, from the next request on.",
      discussion: "Too many wrong secrets lock a name or an address out, for a minute up to an hour.")

    @Argument(help: "A partner's id, a credential's, or an address; `revere partners list` has who is locked out.")
    var name: String

    @OptionGroup var person: AuthorityOptions

    func run() throws {
      let session = try Session(person.options)
      let workspace = try session.workspace()
      let store = try session.store()
      let ended = try Session.words {
        try PartnerVerbs.unlock(name, by: person.by, in: workspace, store: store, now: session.clock.moment)
      }
      for lockOut in ended {
        Terminal.print(
          person.json
            ? JSONLine.encode(["unlocked": lockOut.key, "partner": lockOut.partner ?? ""])
            : "\(lockOut.key)\(lockOut.partner.map { " of \($0)" } ?? "") is not locked out any more.")
      }
    }
  }

  private static func check(days: Int) throws {
    if !(1...1_095).contains(days) { throw ValidationError("--days takes 1 to 1095.") }
  }

  private static func show(_ made: PartnerVerbs.Made, json: Bool, zone: TimeZone) {
    let expires = Instant(seconds: made.record.expiresAt.seconds).rfc3339(in: zone)
    if json {
      Terminal.print(
        JSONLine.encode(
          MadeLine(
            partner: made.record.partner, credential: made.shown.id, secret: made.shown.secret,
            feeds: made.record.feeds, taxii: made.record.allowsTaxii, expires: expires)))
    } else {
      Terminal.print("user name  \(made.shown.id)\npassword   \(made.shown.secret)")
      Terminal.error(
        "This is the credential of \(made.record.partner), good until \(expires); the password is shown this once. "
          + "Programs that send a bearer token send the password.")
    }
  }
}

struct AuthorityOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Who orders it: the reader id of a release authority.", valueName: "id"))
  var by: String

  @Flag(help: "One JSON object a line.")
  var json = false

  @OptionGroup var options: GlobalOptions
}

struct PersonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Who does it, for the audit log.", valueName: "id"))
  var by: String?

  @Flag(help: "One JSON object a line.")
  var json = false

  @OptionGroup var options: GlobalOptions
}

private struct MadeLine: Encodable {
  var partner: String
  var credential: String
  var secret: String
  /// nil: every feed.
  var feeds: [String]?
  var taxii: Bool
  var expires: String
}
