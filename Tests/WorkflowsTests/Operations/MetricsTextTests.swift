// The page of /metrics: every family once with its type, numbers as Prometheus reads them, nothing about readers.
// That Prometheus' own reader takes it is tested in Tests/CommandLine.

import Outbox
import Store
import Testing
import Workflows

@Suite struct MetricsTextTests {
  private let now = Moment(seconds: 1_000)

  private func facts() -> MetricsFacts {
    var meter = OutcomeMeter()
    for (index, waited) in [50, 400, 400, 90_000_000].enumerated() {
      meter.note(
        SettledDelivery(
          delivery: Int64(index), lane: .immediate, relay: "ma\"in\\", event: .accept, at: now,
          waited: Moment.Span(milliseconds: Int64(waited))))
    }
    meter.note(
      SettledDelivery(delivery: 9, lane: .routine, relay: nil, event: .withhold, at: now, waited: .zero))
    meter.noteAlert(relay: "spare", text: "secret words", at: now)
    return MetricsFacts(
      version: "1.2", now: now,
      ledger: LedgerFigures(
        rows: [.immediate: [.pending: 3, .accepted: 4]], oldestOpen: [.immediate: Moment(seconds: 400)],
        earliestDue: [.immediate: Moment(seconds: 990), .routine: Moment(seconds: 5_000)], held: 2),
      pauses: [Pause(scope: .halt, by: "x", at: now)], endpoints: [.disabled: 2, .healthy: 5],
      startedAt: Moment(milliseconds: 500_250), meter: meter, inFlight: 5, commits: 6,
      feeds: FeedFigures(requests: [200: 7, 304: 8, nil: 0], lockOuts: 9, unavailable: .halted))
  }

  @Test func linesSayWhatTheFactsSay() {
    let lines = Set(MetricsText.text(facts()).split(separator: "\n").map(String.init))
    let expected = [
      "revere_build_info{version=\"1.2\"} 1", "revere_start_time_seconds 500.25", "revere_ledger_up 1",
      "revere_rows{lane=\"immediate\",state=\"pending\"} 3", "revere_rows{lane=\"immediate\",state=\"accepted\"} 4",
      "revere_rows{lane=\"routine\",state=\"bounced\"} 0", "revere_rows_held 2",
      "revere_oldest_open_row_age_seconds{lane=\"immediate\"} 600",
      "revere_oldest_open_row_age_seconds{lane=\"routine\"} 0", "revere_overdue_seconds{lane=\"immediate\"} 10",
      "revere_overdue_seconds{lane=\"routine\"} 0", "revere_pauses{scope=\"halt\"} 1",
      "revere_pauses{scope=\"lane\"} 0", "revere_endpoints{state=\"disabled\"} 2",
      "revere_endpoints{state=\"failing\"} 0", "revere_endpoints{state=\"healthy\"} 5",
      "revere_rows_in_flight 5", "revere_ledger_commits_total 6",
      "revere_outcomes_total{outcome=\"accepted\",relay=\"ma\\\"in\\\\\"} 4",
      "revere_outcomes_total{outcome=\"withheld\",relay=\"none\"} 1", "revere_relay_alerts_total{relay=\"spare\"} 1",
      "revere_time_to_accept_seconds_bucket{lane=\"immediate\",le=\"0.1\"} 1",
      "revere_time_to_accept_seconds_bucket{lane=\"immediate\",le=\"0.5\"} 3",
      "revere_time_to_accept_seconds_bucket{lane=\"immediate\",le=\"86400\"} 3",
      "revere_time_to_accept_seconds_bucket{lane=\"immediate\",le=\"+Inf\"} 4",
      "revere_time_to_accept_seconds_sum{lane=\"immediate\"} 90000.85",
      "revere_time_to_accept_seconds_count{lane=\"immediate\"} 4",
      "revere_recent_time_to_accept_seconds{lane=\"immediate\",quantile=\"0.5\"} 0.4",
      "revere_recent_time_to_accept_seconds{lane=\"immediate\",quantile=\"0.99\"} 90000",
    ]
    let feeds = [
      "revere_feed_requests_total{status=\"200\"} 7", "revere_feed_requests_total{status=\"304\"} 8",
      "revere_feed_requests_total{status=\"other\"} 0", "revere_feed_lock_outs_total 9",
      "revere_feeds_unavailable{why=\"halted\"} 1", "revere_feeds_unavailable{why=\"unusable-site\"} 0",
    ]
    for line in expected + feeds { #expect(lines.contains(line), "\(line)") }
  }

  @Test func everyFamilyIsDeclaredOnceBeforeItsSamples() {
    var declared: [String: String] = [:]
    var helped: Set<String> = []
    for line in MetricsText.text(facts()).split(separator: "\n") {
      let words = line.split(separator: " ")
      if line.hasPrefix("# HELP ") {
        #expect(helped.insert(String(words[2])).inserted)
      } else if line.hasPrefix("# TYPE ") {
        #expect(declared.updateValue(String(words[3]), forKey: String(words[2])) == nil)
      } else {
        var name = String(line.prefix { $0 != "{" && $0 != " " })
        for suffix in ["_bucket", "_sum", "_count"] where declared[name] == nil && name.hasSuffix(suffix) {
          name.removeLast(suffix.count)
        }
        #expect(declared[name] != nil && helped.contains(name), "\(line)")
        #expect(!name.hasSuffix("_total") || declared[name] == "counter", "\(line)")
      }
    }
  }

  @Test func aLedgerThatCannotBeReadIsSaid() {
    var facts = facts()
    facts.ledger = nil
    let text = MetricsText.text(facts)
    #expect(text.contains("revere_ledger_up 0\n") && !text.contains("revere_rows{"))
    #expect(text.contains("revere_outcomes_total{"))
  }

  @Test func wordsOfRelaysAreNotShown() {
    #expect(!MetricsText.text(facts()).contains("secret words"))
  }
}
