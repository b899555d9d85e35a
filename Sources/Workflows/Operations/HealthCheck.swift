// The checks of `revere doctor` as pure functions: facts in, a verdict with what is wrong and what to do out. Who
// gathers the facts is CommandLineTool. The thresholds stand here, once; Documentation/operations.md explains each.

package import Markings
package import Outbox
package import Store

package struct HealthCheck: Hashable, Sendable {
  package enum Verdict: String, Comparable, CaseIterable, Sendable {
    case ok
    /// Something needs a look soon.
    case warning
    /// Something does not work, or readers wait.
    case failure
    private var rank: Int { Verdict.allCases.firstIndex(of: self) ?? 0 }
    package static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }
  }
  /// A slug that monitoring can match: `clock`, `relay main`.
  package var name: String
  package var verdict: Verdict
  package var says: String
  /// What to do; empty when nothing is to be done.
  package var advice: String

  package init(_ name: String, _ verdict: Verdict, _ says: String, advice: String = "") {
    self.name = name
    self.verdict = verdict
    self.says = says
    self.advice = advice
  }
}

package enum HealthChecks {
  package static func worst(_ checks: [HealthCheck]) -> HealthCheck.Verdict { checks.map(\.verdict).max() ?? .ok }

  // MARK: The ledger

  /// Rows that wait although their time has come: how long is a warning, how long a failure, in seconds.
  package static let overdueLimits: [Lane: (warning: Int64, failure: Int64)] = [
    .immediate: (60, 300), .priority: (300, 1_800), .routine: (1_800, 14_400),
  ]

  package static func backlog(_ figures: LedgerFigures, now: Moment) -> HealthCheck {
    var verdict = HealthCheck.Verdict.ok
    var parts: [String] = []
    for lane in Lane.allCases {
      guard let due = figures.earliestDue[lane], now > due, let limits = overdueLimits[lane] else { continue }
      let seconds = (now - due).milliseconds / 1_000
      let found: HealthCheck.Verdict = seconds >= limits.failure ? .failure : seconds >= limits.warning ? .warning : .ok
      verdict = max(verdict, found)
      if found > .ok { parts.append("\(lane.name) rows have waited \(span(seconds)) past their time") }
    }
    guard verdict > .ok else {
      return HealthCheck("backlog", .ok, "\(figures.open) open rows, none is overdue for long")
    }
    return HealthCheck(
      "backlog", verdict, parts.joined(separator: "; ") + " (\(figures.open) open rows)",
      advice: "see that `revere dispatch --watch` runs, that no pause is on and that a relay is up")
  }

  /// - Parameter held: rows by the reason why they are held.
  package static func waitingForPeople(uncertain: Int, held: [String: Int]) -> HealthCheck {
    let ofEndpoints = held[EndpointState.held] ?? 0
    let others = held.values.reduce(0, +) - ofEndpoints
    guard ofEndpoints + others + uncertain > 0 else {
      return HealthCheck("held-rows", .ok, "no row waits for a person")
    }
    var parts: [String] = []
    if others > 0 { parts.append("\(others) held") }
    if uncertain > 0 { parts.append("\(uncertain) uncertain") }
    if ofEndpoints > 0 { parts.append("\(ofEndpoints) held for a disabled endpoint") }
    var advice: [String] = []
    if others + uncertain > 0 {
      advice.append("`revere status` names the releases, `revere deliveries SERIAL` the rows; `revere settle` decides")
    }
    if ofEndpoints > 0 {
      advice.append("`revere webhooks enable ENDPOINT` sends what is held for it (`revere webhooks list`)")
    }
    return HealthCheck(
      "held-rows", .warning, "rows that wait for a person: " + parts.joined(separator: ", "),
      advice: advice.joined(separator: "; "))
  }

  /// - Parameter isGone: the owner is a process of this machine that no longer runs.
  package static func leases(
    _ holdings: [LeaseHolding], now: Moment, isGone: (String) -> Bool
  ) -> HealthCheck {
    let stale = holdings.filter { $0.earliestEnd <= now || isGone($0.owner) }
    guard !stale.isEmpty else {
      let rows = holdings.reduce(0) { $0 + $1.rows }
      return HealthCheck("leases", .ok, rows == 0 ? "no worker holds rows" : "\(rows) rows in the hands of workers")
    }
    let rows = stale.reduce(0) { $0 + $1.rows }
    let sending = stale.reduce(0) { $0 + $1.sending }
    return HealthCheck(
      "leases", .warning,
      "\(rows) rows are leased by \(stale.count) workers that are gone or stuck; \(sending) of them were being sent",
      advice:
        "start `revere dispatch`: it takes them back; rows that were being sent become uncertain or are sent again")
  }

  /// A worker that works says so every half a minute.
  package static let silence = Moment.Span.minutes(2)

  package static func workers(_ reports: [WorkerReport], _ figures: LedgerFigures, now: Moment) -> HealthCheck {
    let present = reports.filter { $0.endedAt == nil && now - $0.seenAt <= silence }
    if !present.isEmpty {
      let flight = present.reduce(0) { $0 + $1.inFlight }
      // Both halves of a process are one worker.
      let count = Set(
        present.map { $0.isOfWebhooks ? String($0.worker.dropLast(WorkerReport.webhooks.count)) : $0.worker }
      ).count
      return HealthCheck(
        "workers", .ok, "\(count) at work" + (flight > 0 ? ", \(flight) rows in flight" : ""))
    }
    // What is due since a moment ago waits for the next start of a timer, which may be due itself.
    let since = now - silence
    let isDue =
      figures.earliestDue.values.contains { $0 < since } && !reports.contains { ($0.endedAt ?? $0.seenAt) >= since }
    let last = reports.map(\.seenAt).max().map {
      ", the last was seen \(span(max(0, (now - $0).milliseconds / 1_000))) ago"
    }
    return HealthCheck(
      "workers", isDue ? .failure : .ok, (isDue ? "rows are due and nobody sends" : "none now") + (last ?? ""),
      advice: isDue ? "start `revere dispatch --watch`, or look at the log of its service" : "")
  }

  package static func pauses(_ pauses: [Pause], now: Moment) -> HealthCheck {
    guard !pauses.isEmpty else { return HealthCheck("pauses", .ok, "nothing is stopped") }
    let words = pauses.map { pause in
      let what =
        pause.scope == .halt ? "HALTED" : "paused: \(pause.scope.rawValue)\(pause.name.isEmpty ? "" : " " + pause.name)"
      let since = span(max(0, (now - pause.at).milliseconds / 1_000))
      return "\(what) by \(pause.by), \(since) ago" + (pause.reason.isEmpty ? "" : " (\(pause.reason))")
    }
    return HealthCheck(
      "pauses", pauses.contains { $0.scope == .halt } ? .failure : .warning, words.joined(separator: "; "),
      advice:
        "`revere resume` ends each, with the words that set it (`--halt` for the kill switch), when whoever set it agrees"
    )
  }

  package static func importFailure(_ failure: String?) -> HealthCheck {
    guard let failure else { return HealthCheck("import", .ok, "lists, policy and site are imported") }
    return HealthCheck(
      "import", .failure, "lists, policy or site could not be imported, and nothing is sent by them: \(failure)",
      advice: "`revere lists check` names file and line; mend them, and sending goes on by itself")
  }

  // MARK: The database and the machine

  package static func schema(_ applied: [AppliedChange], known: Int64) -> HealthCheck {
    let newest = applied.map(\.number).max() ?? 0
    if newest == known { return HealthCheck("schema", .ok, "version \(newest)") }
    if newest > known {
      return HealthCheck(
        "schema", .failure, "the database has version \(newest), this program knows \(known)",
        advice: "install the newer revere, or restore a backup from before")
    }
    return HealthCheck(
      "schema", .warning, "the database has version \(newest), this program brings \(known)",
      advice: "`revere backup FILE` first; the next command that opens the database brings it up")
  }

  /// - Parameters:
  ///   - newest: the newest time that the database carries.
  ///   - drift: how much the wall clock moved against the monotonic one while the checks ran.
  package static func clock(newest: Moment?, now: Moment, drift: Moment.Span) -> HealthCheck {
    let name = "clock"
    if abs(drift.milliseconds) > 250 {
      return HealthCheck(
        name, .warning, "the clock moved by \(drift.milliseconds) ms while it was watched",
        advice: "see that one time service sets it (`timedatectl`), and slews rather than steps")
    }
    guard let newest, newest > now else { return HealthCheck(name, .ok, "agrees with the database") }
    let ahead = (newest - now).milliseconds / 1_000
    guard ahead >= 5 else { return HealthCheck(name, .ok, "agrees with the database") }
    return HealthCheck(
      name, ahead >= 300 ? .failure : .warning,
      "the newest entry of the database is \(span(ahead)) in the future: the clock was set back, or another worker's is ahead",
      advice: "set the clock (`timedatectl`); until it passes that time, rows wait longer than they should")
  }

  package static func disk(free: Int64, total: Int64, place: String) -> HealthCheck {
    let mebibytes = free >> 20
    let words = "\(mebibytes) MiB free of \(total >> 20) at \(place)"
    let advice = "make room: a full disk stops sending (nothing is lost, but nothing goes out)"
    if mebibytes < 200 { return HealthCheck("disk", .failure, words, advice: advice) }
    if mebibytes < 1_024 || (total > 0 && free < total / 20) {
      return HealthCheck("disk", .warning, words, advice: advice)
    }
    return HealthCheck("disk", .ok, words)
  }

  /// A file that only the user who runs revere may read.
  /// - Parameter mode: permission bits; nil when there is no such file.
  package static func secretFile(_ path: String, what: String, mode: UInt32?, isOwned: Bool) -> HealthCheck {
    let name = "secret \(path)"
    guard let mode else {
      return HealthCheck(
        name, .failure, "\(what): there is no such file", advice: "write the secret into it, mode 0600")
    }
    let bits = String(mode & 0o777, radix: 8)
    guard mode & 0o007 == 0 else {
      return HealthCheck(
        name, .failure, "\(what): anybody on this machine may read it (0\(bits))", advice: "chmod 600 \(path)")
    }
    guard mode & 0o070 == 0 else {
      return HealthCheck(name, .warning, "\(what): its group may read it (0\(bits))", advice: "chmod 600 \(path)")
    }
    guard isOwned else {
      return HealthCheck(
        name, .warning, "\(what): it belongs to another user", advice: "chown it to the user that runs revere")
    }
    return HealthCheck(name, .ok, "\(what): 0\(bits)")
  }

  // MARK: Relays

  package struct RelayFacts: Hashable, Sendable {
    package var name: String
    package var place: String
    package var isVerified: Bool
    /// When the session could not be opened.
    package var failure: Failure?
    package var milliseconds: Int64
    package var certificateEnds: Instant?
    package init(
      name: String, place: String, isVerified: Bool, failure: Failure? = nil,
      milliseconds: Int64 = 0, certificateEnds: Instant? = nil
    ) {
      self.name = name
      self.place = place
      self.isVerified = isVerified
      self.failure = failure
      self.milliseconds = milliseconds
      self.certificateEnds = certificateEnds
    }
  }

  /// - Parameter now: the machine's own time: certificates do not know of another.
  package static func relay(_ facts: RelayFacts, now: Instant) -> HealthCheck {
    let name = "relay \(facts.name)"
    if let failure = facts.failure {
      let advice =
        switch failure.stage {
        case .connect: "see that \(facts.place) is up and that a firewall lets this machine reach it"
        case .tls: "see the relay's certificate and `ca-file`; bulletins never go out unverified where TLS is required"
        case .login: "see `user` and `password-file` of the relay"
        default: "see the relay's own log"
        }
      return HealthCheck(
        name, .failure, "\(facts.place): \(failure.stage.rawValue): \(LogText.withoutAddresses(failure.text))",
        advice: advice)
    }
    let words = "\(facts.place) answers in \(facts.milliseconds) ms"
    guard facts.isVerified else { return HealthCheck(name, .ok, words + ", without TLS: carries neither FOUO nor LES") }
    guard let ends = facts.certificateEnds else { return HealthCheck(name, .ok, words + ", certificate verified") }
    let days = (ends.seconds - now.seconds) / 86_400
    if ends.seconds <= now.seconds || days < 3 {
      return HealthCheck(
        name, .failure, words + ", but its certificate ends in \(max(0, days)) days",
        advice: "have the relay's certificate renewed now: without it nothing goes by this relay")
    }
    if days < 14 {
      return HealthCheck(
        name, .warning, words + ", its certificate ends in \(days) days", advice: "have the relay's certificate renewed"
      )
    }
    return HealthCheck(name, .ok, words + ", certificate verified, \(days) days left")
  }

  /// `3 h`, for people.
  package static func span(_ seconds: Int64) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7_200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3_600) h"
    default: "\(seconds / 86_400) days"
    }
  }
}
