// Prometheus' text format 0.0.4 as a pure function of figures. What it shows is fixed here, in one place, and
// Documentation/operations.md lists it; no reader, address, serial or title ever becomes a label.

package import Outbox
package import Store

/// What is shown at one moment.
package struct MetricsFacts: Sendable {
  package var version: String
  package var now: Moment
  /// nil when the ledger could not be read: then only what this process knows is shown.
  package var ledger: LedgerFigures?
  package var pauses: [Pause]
  /// How many of the site's webhook endpoints stand how.
  package var endpoints: [EndpointState.Condition: Int]
  package var startedAt: Moment
  package var meter: OutcomeMeter
  package var inFlight: Int
  package var commits: Int
  /// nil where nothing serves feeds.
  package var feeds: FeedFigures?

  package init(
    version: String, now: Moment, ledger: LedgerFigures?, pauses: [Pause] = [],
    endpoints: [EndpointState.Condition: Int] = [:], startedAt: Moment,
    meter: OutcomeMeter = OutcomeMeter(), inFlight: Int = 0, commits: Int = 0, feeds: FeedFigures? = nil
  ) {
    self.version = version
    self.now = now
    self.ledger = ledger
    self.pauses = pauses
    self.endpoints = endpoints
    self.startedAt = startedAt
    self.meter = meter
    self.inFlight = inFlight
    self.commits = commits
    self.feeds = feeds
  }
}

/// Of a server of feeds.
package struct FeedFigures: Sendable {
  /// Answers by the status of HTTP; nil: any that is not counted by itself.
  package var requests: [Int?: Int]
  package var lockOuts: Int
  package var unavailable: FeedsUnavailable.Why?

  package init(requests: [Int?: Int], lockOuts: Int, unavailable: FeedsUnavailable.Why?) {
    self.requests = requests
    self.lockOuts = lockOuts
    self.unavailable = unavailable
  }
}

package enum MetricsText {
  package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  package static func text(_ facts: MetricsFacts) -> String {
    var page = Page()
    page.family("revere_build_info", .gauge, "The version that runs; always 1.")
    page.sample(1, ["version": facts.version])
    page.family("revere_start_time_seconds", .gauge, "When this worker began, in seconds since 1970.")
    page.sample(seconds(facts.startedAt.milliseconds))
    page.family("revere_ledger_up", .gauge, "Whether the ledger could be read for this page.")
    page.sample(facts.ledger == nil ? 0 : 1)
    if let ledger = facts.ledger { show(ledger, facts, &page) }
    showWorker(facts, &page)
    if let feeds = facts.feeds { show(feeds, &page) }
    return page.text
  }

  private static func show(_ feeds: FeedFigures, _ page: inout Page) {
    page.family(
      "revere_feed_requests_total", .counter, "Requests to feeds, and those refused unread, by status, of this server.")
    for (status, count) in feeds.requests.sorted(by: { ($0.key ?? .max) < ($1.key ?? .max) }) {
      page.sample(Double(count), ["status": status.map(String.init) ?? "other"])
    }
    page.family(
      "revere_feed_lock_outs_total", .counter, "Names and addresses of callers that this server locked out.")
    page.sample(Double(feeds.lockOuts))
    page.family("revere_feeds_unavailable", .gauge, "1 beside the reason why no feed is served, else 0.")
    for why in FeedsUnavailable.Why.allCases {
      page.sample(feeds.unavailable == why ? 1 : 0, ["why": why.rawValue])
    }
  }

  private static func show(_ ledger: LedgerFigures, _ facts: MetricsFacts, _ page: inout Page) {
    page.family("revere_rows", .gauge, "Rows of the ledger by lane and state.")
    for lane in Lane.allCases {
      for state in DeliveryState.allCases {
        page.sample(Double(ledger.rows[lane]?[state] ?? 0), ["lane": lane.name, "state": state.rawValue])
      }
    }
    page.family("revere_rows_held", .gauge, "Open rows that wait for a person.")
    page.sample(Double(ledger.held))
    page.family(
      "revere_oldest_open_row_age_seconds", .gauge,
      "Since the oldest row that is pending, leased or deferred might first go; 0 without one.")
    for lane in Lane.allCases { page.sample(age(ledger.oldestOpen[lane], facts.now), ["lane": lane.name]) }
    page.family(
      "revere_overdue_seconds", .gauge,
      "How long the longest overdue row has waited past its time to be taken up; 0 when none is overdue.")
    for lane in Lane.allCases { page.sample(age(ledger.earliestDue[lane], facts.now), ["lane": lane.name]) }
    page.family("revere_pauses", .gauge, "What is stopped by a person, by scope; halt is the kill switch.")
    for scope in Pause.Scope.allCases {
      page.sample(Double(facts.pauses.count { $0.scope == scope }), ["scope": scope.rawValue])
    }
    page.family("revere_endpoints", .gauge, "Webhook endpoints of endpoints.yaml by how they stand.")
    for condition in EndpointState.Condition.allCases {
      page.sample(Double(facts.endpoints[condition] ?? 0), ["state": condition.rawValue])
    }
  }

  private static func showWorker(_ facts: MetricsFacts, _ page: inout Page) {
    page.family("revere_rows_in_flight", .gauge, "Rows that this worker has begun and not yet recorded.")
    page.sample(Double(facts.inFlight))
    page.family("revere_ledger_commits_total", .counter, "Transactions of this worker that wrote outcomes or marks.")
    page.sample(Double(facts.commits))
    page.family("revere_outcomes_total", .counter, "Outcomes that this worker recorded, by relay.")
    let outcomes = facts.meter.outcomes.sorted {
      ($0.key.relay, word($0.key.event)) < ($1.key.relay, word($1.key.event))
    }
    for (key, count) in outcomes {
      page.sample(Double(count), ["outcome": word(key.event), "relay": key.relay])
    }
    page.family("revere_relay_alerts_total", .counter, "How often this worker found a relay unusable.")
    for (relay, trouble) in facts.meter.alerts.sorted(by: { $0.key < $1.key }) {
      page.sample(Double(trouble.count), ["relay": relay])
    }
    page.family(
      "revere_time_to_accept_seconds", .histogram,
      "From the moment at which a row might first go until it was accepted, since this worker began.")
    for lane in Lane.allCases {
      let sketch = facts.meter.timeToAccept[lane] ?? DurationSketch()
      var below = 0
      for (index, bound) in DurationSketch.bounds.enumerated() {
        below += sketch.buckets[index]
        page.sample(Double(below), ["lane": lane.name, "le": number(bound)], suffix: "_bucket")
      }
      page.sample(Double(sketch.count), ["lane": lane.name, "le": "+Inf"], suffix: "_bucket")
      page.sample(seconds(sketch.sum.milliseconds), ["lane": lane.name], suffix: "_sum")
      page.sample(Double(sketch.count), ["lane": lane.name], suffix: "_count")
    }
    page.family(
      "revere_recent_time_to_accept_seconds", .summary,
      "The same for the newest \(DurationSketch.window) accepted rows of a lane.")
    let ranks = [0.5, 0.95, 0.99]
    for lane in Lane.allCases {
      guard let sketch = facts.meter.timeToAccept[lane] else { continue }
      for (rank, span) in zip(ranks, sketch.quantiles(ranks)) {
        page.sample(seconds(span.milliseconds), ["lane": lane.name, "quantile": number(rank)])
      }
      page.sample(seconds(sketch.sum.milliseconds), ["lane": lane.name], suffix: "_sum")
      page.sample(Double(sketch.count), ["lane": lane.name], suffix: "_count")
    }
  }

  /// The state that an outcome leads to, as an operator knows it.
  package static func word(_ event: DeliveryEvent) -> String {
    switch event {
    case .accept: "accepted"
    case .defer: "deferred"
    case .bounce: "bounced"
    case .quarantine: "quarantined"
    case .lose: "uncertain"
    case .withhold: "withheld"
    case .expire: "expired"
    default: event.rawValue
    }
  }

  private static func age(_ moment: Moment?, _ now: Moment) -> Double {
    guard let moment, now > moment else { return 0 }
    return seconds((now - moment).milliseconds)
  }

  private static func seconds(_ milliseconds: Int64) -> Double { Double(milliseconds) / 1_000 }

  /// `17`, `0.25`: as Go and Prometheus write it.
  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }

  private struct Page {
    enum Kind: String { case gauge, counter, histogram, summary }
    var text = ""
    private var name = ""

    init() {}

    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
      self.name = name
      text += "# HELP \(name) \(escaped(help, quote: false))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ value: Double, _ labels: KeyValuePairs<String, String> = [:], suffix: String = "") {
      text += name + suffix
      if !labels.isEmpty {
        text += "{" + labels.map { "\($0)=\"\(escaped($1, quote: true))\"" }.joined(separator: ",") + "}"
      }
      text += " \(MetricsText.number(value))\n"
    }

    private func escaped(_ text: String, quote: Bool) -> String {
      var clean = ""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "\\": clean += "\\\\"
        case "\n": clean += "\\n"
        case "\"" where quote: clean += "\\\""
        default: clean.unicodeScalars.append(scalar)
        }
      }
      return clean
    }
  }
}
