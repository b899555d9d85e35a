// Copies that went out, releases that were overtaken, acknowledgements.

import Outbox

extension SQLSession: SuccessionStore {
  func sentCopies(release: Int64, visit: (SentCopy) throws -> Void) throws {
    let sql = """
      SELECT d.reader, d.channel, d.message_id, v.key, d.state, d.handed_over_at
      FROM deliveries d JOIN variants v ON v.id = d.variant_id
      WHERE d.release_id = $1 AND (d.state = 'accepted' OR d.state = 'uncertain' OR d.second_copies > 0
        OR d.sending_since IS NOT NULL OR d.handed_over_at IS NOT NULL)
      ORDER BY d.id
      """
    let statement = try bound(sql, [.integer(release)])
    defer { statement.reset() }
    while try statement.step() {
      let state = try word(statement.text(4), as: DeliveryState.self)
      try visit(
        SentCopy(
          reader: statement.text(0), channel: try word(statement.text(1), as: DeliveryChannel.self),
          messageID: statement.optionalText(2), variant: statement.text(3), state: state,
          isCertain: state == .accepted || (state == .bounced && statement.optionalInteger(5) != nil)))
    }
  }

  private static let overtaken = """
    EXISTS (SELECT 1 FROM releases r JOIN releases s
      ON (s.bulletin_id = r.bulletin_id AND s.id > r.id) OR s.replaces_id = r.bulletin_id WHERE r.id =
    """

  func isOvertaken(release: Int64) throws(StoreError) -> Bool {
    try number("SELECT CASE WHEN \(Self.overtaken) $1) THEN 1 ELSE 0 END", .integer(release)) == 1
  }

  func isOvertaken(delivery: Int64) throws(StoreError) -> Bool {
    try number(
      "SELECT 1 FROM deliveries WHERE id = $1 AND \(Self.overtaken) deliveries.release_id)", .integer(delivery)) == 1
  }

  func cancelIfOvertaken(_ delivery: Int64, at: Moment) throws(StoreError) {
    try run(
      """
      UPDATE deliveries SET state = 'cancelled', next_attempt_at = NULL, held = NULL, changed_at = $1
      WHERE id = $2 AND (state = 'pending' OR state = 'deferred') AND \(Self.overtaken) deliveries.release_id)
      """, .moment(at), .integer(delivery))
  }

  func acknowledge(_ delivery: Int64, by: String, at: Moment) throws(StoreError) -> AcknowledgementResult {
    let changed = try run(
      "UPDATE deliveries SET acknowledged_at = $1, acknowledged_by = $2 WHERE id = $3 AND acknowledged_at IS NULL",
      .moment(at), .text(by), .integer(delivery))
    if changed == 1 { return .recorded }
    let known = try first(
      "SELECT acknowledged_by, acknowledged_at FROM deliveries WHERE id = $1", .integer(delivery)
    ) { row in AcknowledgementResult.known(by: row.text(0), at: row.moment(1)) }
    guard let known else { throw StoreError(.notFound, detail: "no delivery \(delivery)", place: place) }
    return known
  }
}
