// A rate is kept whatever the clock does.

import Outbox
import Testing

@Suite struct TokenBucketTests {
  @Test func givesItsRateAndNoMore() {
    var bucket = TokenBucket(rate: 2, at: Moment(seconds: 100))
    var taken = 0
    for tick in 0...10_000 where bucket.take(at: Moment(milliseconds: 100_000 + Int64(tick))) { taken += 1 }
    #expect(taken == 2 + 20)
    #expect(bucket.next(after: Moment(milliseconds: 110_000)) > Moment(milliseconds: 110_000))
    // An hour's pause does not buy a burst, and a clock that steps back takes nothing away.
    taken = 0
    while bucket.take(at: Moment(seconds: 4000)) { taken += 1 }
    #expect(taken == 2)
    let stepped = bucket.take(at: Moment(seconds: 50))
    #expect(!stepped)
  }

  @Test func aSlowOneSaysWhen() {
    var bucket = TokenBucket(rate: 0.5, at: Moment(seconds: 0))
    let taken = bucket.take(at: Moment(seconds: 0))
    #expect(taken)
    #expect(bucket.next(after: Moment(seconds: 0)) == Moment(seconds: 2))
  }

  @Test func manyAtOnceAreAsManyOneByOne() {
    var bucket = TokenBucket(rate: 10, tokens: 4.5, filledAt: Moment(seconds: 0))
    #expect(bucket.take(100, at: Moment(milliseconds: 100)) == 5)
    bucket.giveBack(50)
    #expect(bucket.tokens == 10)
    #expect(bucket.take(7, at: Moment(milliseconds: 100)) == 7)
  }

  @Test func aLowerRateHoldsAtOnce() {
    var bucket = TokenBucket(rate: 2, tokens: 500, filledAt: Moment(seconds: 0))
    #expect(bucket.take(100, at: Moment(seconds: 0)) == 2)
  }
}
