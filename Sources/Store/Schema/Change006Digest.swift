// Rows that wait for their reader's digest: `digest_at` is the time of the digest that they are part of; reader,
// channel and that time name the digest. They are claimed a digest at a time, so the index of claims leaves them out.

extension SchemaChange {
  package static let change006Digest = SchemaChange(
    number: 6, name: "digest", sqlite: "ALTER TABLE deliveries ADD COLUMN digest_at INTEGER;\n" + indexes,
    postgres: "ALTER TABLE deliveries ADD COLUMN digest_at BIGINT;\n" + indexes)

  private static let indexes = """
    DROP INDEX deliveries_claim;
    CREATE INDEX deliveries_claim ON deliveries (channel, lane, next_attempt_at)
      WHERE state IN ('pending', 'deferred') AND held IS NULL AND digest_at IS NULL;
    CREATE INDEX deliveries_digest_due ON deliveries (channel, next_attempt_at)
      WHERE state IN ('pending', 'deferred') AND held IS NULL AND digest_at IS NOT NULL;
    CREATE INDEX deliveries_digest ON deliveries (reader, channel, digest_at) WHERE digest_at IS NOT NULL;

    """
}
