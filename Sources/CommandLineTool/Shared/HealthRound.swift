// Gathers the facts for `revere doctor`: files, the database (only read), the disk, the clock, the relays, the way out of webhooks. What a fact
// means is decided in Workflows. A part that fails is a failed check, and the round goes on.

import Bulletins
import Couriers
import Dispatch
import Distribution
import Foundation
import Mail
import Markings
import Outbox
import SiteFiles
import Store
import StoreSQLite
import Synchronization
import Workflows

struct HealthRound {
  private let options: GlobalOptions
  private let offline: Bool
  private let deep: Bool
  /// How long a relay has to answer.
  private static let patience = 10_000

  init(_ options: GlobalOptions, offline: Bool, deep: Bool) {
    self.options = options
    self.offline = offline
    self.deep = deep
  }

  func checks() throws -> [HealthCheck] {
    // Nothing can be said of no workspace.
    let root = try options.root()
    let clock = try options.clock()
    let begun = Date()
    let session: Session
    do { session = try Session(options) } catch {
      return [failed("settings", error, advice: "mend revere.yaml first: nothing else can be checked")]
    }
    var checks = [HealthCheck("settings", .ok, "\(root)/\(SettingsReader.file)")]
    let lists = workspace(session)
    checks.append(lists.check)
    let database = database(lists.workspace, session)
    checks += database.checks
    checks.append(disk(session))
    checks += secrets(session)
    checks += clientCertificates(lists.workspace, session)
    if !offline { checks += relays(session) + proxy(session) }
    let wall = Moment.Span(milliseconds: Int64(Date().timeIntervalSince(begun) * 1_000))
    let steady = Moment.Span(
      milliseconds: (clock.elapsed.components.seconds * 1_000)
        + clock.elapsed.components.attoseconds / 1_000_000_000_000_000)
    checks.append(
      HealthChecks.clock(
        newest: database.newest, now: session.clock.moment,
        drift: Moment.Span(milliseconds: wall.milliseconds - steady.milliseconds)))
    return checks
  }

  private func failed(_ name: String, _ error: any Error, advice: String = "") -> HealthCheck {
    guard let failure = CommandFailure(error) else { return HealthCheck(name, .failure, "\(error)", advice: advice) }
    let first = failure.findings.first.map { ": " + FindingsOutput.text($0) } ?? ""
    return HealthCheck(name, .failure, failure.message + first, advice: advice.isEmpty ? failure.hint : advice)
  }

  private func workspace(_ session: Session) -> (check: HealthCheck, workspace: Workspace?) {
    do {
      let workspace = try session.workspace()
      let refusals = workspace.refusals(now: session.clock.now)
      guard let first = refusals.first else {
        return (HealthCheck("lists", .ok, "lists, policy and templates are sound"), workspace)
      }
      let check = HealthCheck(
        "lists", .failure,
        "\(refusals.count) errors; nothing is decided or sent by them: \(FindingsOutput.text(first))",
        advice: "`revere lists check` names them all")
      return (check, workspace)
    } catch { return (failed("lists", error), nil) }
  }

  // MARK: The database

  private func database(_ workspace: Workspace?, _ session: Session) -> (checks: [HealthCheck], newest: Moment?) {
    do {
      let path = try session.databasePath(existing: false)
      guard FileManager.default.fileExists(atPath: path) else {
        return ([HealthCheck("database", .ok, "nothing has been released yet")], nil)
      }
      let driver = try SQLiteDriver(path: path, settings: SQLiteDriver.Settings(busySeconds: 5, readOnly: true))
      let store = SQLStore(asIs: driver)
      defer { try? store.close() }
      let applied = try store.read { try $0.appliedChanges() }
      let known = SchemaChange.all.last?.number ?? 0
      var checks = [HealthCheck("database", .ok, path), HealthChecks.schema(applied, known: known)]
      guard applied.map(\.number).max() == known else { return (checks, nil) }
      let now = session.clock.moment
      let newest = try store.read { ledger in
        let figures = try ledger.figures().outsideQuietHours(now: now, quietUntil: session.settings.quietUntil)
        checks.append(HealthChecks.backlog(figures, now: now))
        checks.append(
          HealthChecks.waitingForPeople(uncertain: figures.count(.uncertain), held: try ledger.heldByReason()))
        let relays = session.settings.mail?.relays ?? []
        checks.append(HealthChecks.relayClasses(try UncarriedRows.find(in: ledger, relays: relays, now: now)))
        checks.append(HealthChecks.workers(try ledger.workers(), figures, now: now))
        checks.append(HealthChecks.leases(try ledger.leaseHoldings(), now: now, isGone: DispatchWorker.isDead))
        checks.append(HealthChecks.pauses(try ledger.pauses(), now: now))
        checks.append(HealthChecks.importFailure(try ledger.importFailure()))
        return try ledger.newestMoment()
      }
      if let workspace {
        checks += try EndpointVerbs.standings(workspace, store: store, now: now).map {
          HealthChecks.endpoint($0, now: now)
        }
      }
      if deep { checks += examined(path, store) }
      return (checks, newest)
    } catch { return ([failed("database", error)], nil) }
  }

  private func examined(_ path: String, _ store: SQLStore) -> [HealthCheck] {
    var checks: [HealthCheck] = []
    do {
      try SQLiteBackup.verify(path)
      checks.append(HealthCheck("integrity", .ok, "every page of the database was read"))
    } catch { checks.append(failed("integrity", error)) }
    do {
      let entries = try store.read { try $0.verifyAudit() }
      checks.append(HealthCheck("audit", .ok, "\(entries) entries, and the chain holds"))
    } catch { checks.append(failed("audit", error)) }
    return checks
  }

  // MARK: The machine

  private func disk(_ session: Session) -> HealthCheck {
    let path = (try? session.databasePath(existing: false)) ?? session.root
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var facts = statvfs()
    guard statvfs(FileManager.default.fileExists(atPath: folder) ? folder : session.root, &facts) == 0 else {
      return HealthCheck("disk", .warning, "\(folder): \(String(cString: strerror(errno)))")
    }
    let block = Int64(facts.f_frsize)
    return HealthChecks.disk(free: Int64(facts.f_bavail) * block, total: Int64(facts.f_blocks) * block, place: folder)
  }

  /// Whatever the settings call `..-file` holds a secret, except authorities to trust; and the database holds addresses.
  private func secrets(_ session: Session) -> [HealthCheck] {
    guard let bytes = try? session.files.read(SettingsReader.file, limit: 1 << 20),
      let node = try? YAMLReader.read(bytes)
    else { return [] }
    var checks: [HealthCheck] = []
    for value in SettingOrigins.values(of: node, file: SettingsReader.file)
    where value.key.hasSuffix("-file") && !value.key.hasSuffix("ca-file") {
      // What nobody named is made when it is first needed.
      if value.origin == .byDefault, !session.files.exists(value.value) { continue }
      checks.append(secretFile(value.value, what: value.key, session))
    }
    if let path = try? session.databasePath(existing: true) {
      let relative = path.hasPrefix(session.root + "/") ? String(path.dropFirst(session.root.count + 1)) : path
      checks.append(secretFile(relative, what: "the database", session))
    }
    return checks
  }

  private func secretFile(_ path: String, what: String, _ session: Session) -> HealthCheck {
    let full = path.hasPrefix("/") ? path : session.root + "/" + path
    var facts = stat()
    guard stat(full, &facts) == 0 else {
      return HealthChecks.secretFile(path, what: what, mode: nil, isOwned: false)
    }
    var folder = stat()
    let isShut =
      stat(URL(fileURLWithPath: full).deletingLastPathComponent().path, &folder) == 0
      && folder.st_mode & 0o077 == 0
    let mode = isShut ? facts.st_mode & 0o700 : facts.st_mode & 0o777
    return HealthChecks.secretFile(
      path, what: what, mode: UInt32(mode), isOwned: facts.st_uid == geteuid() || geteuid() == 0)
  }

  // MARK: Webhooks

  /// That they are there, and that nobody else reads their keys; until when they hold is not looked at.
  private func clientCertificates(_ workspace: Workspace?, _ session: Session) -> [HealthCheck] {
    var checks: [HealthCheck] = []
    for endpoint in workspace?.lists.endpoints.map(\.value) ?? [] {
      guard let certificate = endpoint.certificateFile else { continue }
      // The key has a file of its own, or stands with its certificate.
      checks.append(
        secretFile(endpoint.keyFile ?? certificate, what: "the client key of endpoint `\(endpoint.id)`", session))
      let path = certificate.hasPrefix("/") ? certificate : session.root + "/" + certificate
      guard endpoint.keyFile != nil, !FileManager.default.isReadableFile(atPath: path) else { continue }
      checks.append(
        HealthCheck(
          "client-certificate \(endpoint.id)", .failure, "\(certificate): it is not there, or cannot be read",
          advice: "put the PEM file there, or take `client-certificate-file` out of endpoints.yaml"))
    }
    return checks
  }

  private func proxy(_ session: Session) -> [HealthCheck] {
    let name = "webhook-proxy"
    do {
      let settings = try session.webhookSettings()
      guard let proxy = settings.proxy else { return [] }
      guard let failure = ProxyProbe.run(proxy, caFile: settings.caFile, timeout: Self.patience) else {
        return [HealthCheck(name, .ok, "\(proxy.url) can be reached")]
      }
      return [
        HealthCheck(
          name, .failure, "\(proxy.url): \(failure.text)",
          advice: "see that it is up and that a firewall lets this machine reach it; webhooks wait until then")
      ]
    } catch { return [failed(name, error)] }
  }

  // MARK: Relays

  /// All at once: a relay that hangs must not hold up the others' checks.
  private func relays(_ session: Session) -> [HealthCheck] {
    let relays: [Relay]
    do { relays = try session.relays() } catch {
      return [failed("relays", error)]
    }
    let found = Mutex([HealthCheck?](repeating: nil, count: relays.count))
    DispatchQueue.concurrentPerform(iterations: relays.count) { index in
      let relay = relays[index]
      var facts = HealthChecks.RelayFacts(
        name: relay.name, place: "\(relay.host):\(relay.port)", isVerified: relay.tls != .none)
      let begun = ContinuousClock().now
      do throws(SmtpFailure) {
        facts.certificateEnds = CertificateDate.end(try RelayProbe.run(relay, timeout: Self.patience))
      } catch {
        facts.failure = Failure(error)
      }
      let taken = begun.duration(to: ContinuousClock().now).components
      facts.milliseconds = taken.seconds * 1_000 + taken.attoseconds / 1_000_000_000_000_000
      // Certificates know the machine's own time alone.
      let check = HealthChecks.relay(facts, now: Instant(seconds: Int64(Date().timeIntervalSince1970)))
      found.withLock { $0[index] = check }
    }
    return found.withLock { $0.compactMap { $0 } }
  }
}
