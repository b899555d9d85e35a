// The token buckets that workers share. What flows in is computed from the time of the last look, so that nobody has to
// fill them; tokens are kept in thousandths.

import Outbox

extension SQLSession {
  func borrow(_ orders: [RateOrder], now: Moment) throws(StoreError) -> [RateGrant] {
    var grants: [RateGrant] = []
    grants.reserveCapacity(orders.count)
    for order in orders { grants.append(try borrow(order, now: now)) }
    return grants
  }

  private func borrow(_ order: RateOrder, now: Moment) throws(StoreError) -> RateGrant {
    let kept = try first(
      "SELECT tokens, filled_at FROM rate_buckets WHERE relay = $1 AND domain = $2", .text(order.relay),
      .text(order.domain)
    ) { row in
      TokenBucket(rate: order.rate, tokens: Double(row.integer(0)) / 1000, filledAt: row.moment(1))
    }
    var bucket = kept ?? TokenBucket(rate: order.rate, at: now)
    bucket.giveBack(order.unused)
    let tokens = bucket.take(order.wanted, at: now)
    try run(
      """
      INSERT INTO rate_buckets (relay, domain, tokens, filled_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (relay, domain) DO UPDATE SET tokens = excluded.tokens, filled_at = excluded.filled_at
      """, .text(order.relay), .text(order.domain), .integer(Int64(bucket.tokens * 1000)), .moment(bucket.filledAt))
    return RateGrant(tokens: tokens, next: tokens < order.wanted ? bucket.next(after: now) : nil)
  }

  /// A bucket is full again long before.
  func forgetRates(before: Moment) throws(StoreError) {
    try run("DELETE FROM rate_buckets WHERE filled_at < $1", .moment(before))
  }
}
