// The meter of a worker: bounded, exact over its window, unmoved by a clock that is set back.

import Outbox
import Testing

@Suite struct OutcomeMeterTests {
  private func settled(
    _ event: DeliveryEvent, lane: Lane = .routine, relay: String? = "main", waited: Int64 = 0
  ) -> SettledDelivery {
    SettledDelivery(
      delivery: 1, lane: lane, relay: relay, event: event, at: Moment(seconds: 10),
      waited: Moment.Span(milliseconds: waited))
  }

  @Test func outcomesAreCountedByRelay() {
    var meter = OutcomeMeter()
    for _ in 0..<3 { meter.note(settled(.accept)) }
    meter.note(settled(.bounce))
    meter.note(settled(.accept, relay: "spare"))
    meter.note(settled(.withhold, relay: nil))
    #expect(meter.count(.accept, relay: "main") == 3)
    #expect(meter.count(.bounce, relay: "main") == 1)
    #expect(meter.count(.accept, relay: "spare") == 1)
    #expect(meter.count(.withhold, relay: OutcomeMeter.noRelay) == 1)
    #expect(meter.lastAccepted["main"] == Moment(seconds: 10))
    meter.noteAlert(relay: "main", text: "refused", at: Moment(seconds: 11))
    meter.noteAlert(relay: "main", text: "timed out", at: Moment(seconds: 12))
    let trouble = meter.alerts["main"]
    #expect(trouble?.count == 2 && trouble?.lastAt == Moment(seconds: 12) && trouble?.text == "timed out")
  }

  @Test func onlyAcceptedRowsHaveATime() {
    var meter = OutcomeMeter()
    meter.note(settled(.defer, lane: .immediate, waited: 5_000))
    #expect(meter.timeToAccept.isEmpty)
    meter.note(settled(.accept, lane: .immediate, waited: 5_000))
    #expect(meter.timeToAccept[.immediate]?.count == 1 && meter.timeToAccept[.routine] == nil)
  }

  @Test func bucketsHoldWhatIsNotLonger() {
    var sketch = DurationSketch()
    for milliseconds: Int64 in [-50, 0, 100, 101, 86_400_000, 86_400_001] {
      sketch.add(Moment.Span(milliseconds: milliseconds))
    }
    #expect(sketch.buckets[0] == 3 && sketch.buckets[1] == 1)
    #expect(sketch.buckets[DurationSketch.bounds.count - 1] == 1 && sketch.buckets[DurationSketch.bounds.count] == 1)
    #expect(sketch.count == 6 && sketch.sum.milliseconds == 172_800_202)
  }

  @Test func quantilesAreOfTheNewest() {
    var sketch = DurationSketch()
    #expect(sketch.quantiles([0.5]) == [])
    for number in 1...100 { sketch.add(Moment.Span(milliseconds: Int64(number))) }
    #expect(sketch.quantiles([0, 0.5, 0.95, 0.99, 1]).map(\.milliseconds) == [1, 50, 95, 99, 100])
    for _ in 0..<DurationSketch.window { sketch.add(.seconds(7)) }
    #expect(sketch.quantiles([0, 1]).map(\.milliseconds) == [7_000, 7_000])
    #expect(sketch.count == DurationSketch.window + 100)
  }
}
