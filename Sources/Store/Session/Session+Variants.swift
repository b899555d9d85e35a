// Variants and notices: rendered and encoded once, fetched once by each courier.

import Outbox

extension SQLSession {
  func insert(variant new: VariantContent, release: Int64) throws(StoreError) -> Int64 {
    if let stored = try variant(key: new.key, release: release) { return stored }
    let id = try id(
      """
      INSERT INTO variants (release_id, key, kind, cut, title_form, banner, traffic_light, subject_mark, subject_words,
        html, plain_text, body, body_slot, body_slot_length, body_slots, plain_body, plain_body_slot, plain_body_slot_length,
        plain_body_slots)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
        $19) RETURNING id
      """, .integer(release), .text(new.key), .text(new.kind.rawValue), .flag(new.cut), .text(new.titleForm),
      .text(new.banner), .text(new.trafficLight), .text(new.subjectMark), .text(new.subjectWords), .text(new.html),
      .text(new.text), .bytes(new.body.bytes), .integer(new.body.slots.first), .integer(new.body.slotLength),
      .text(Self.words(new.body.slots)), .bytes(new.plainBody.bytes), .integer(new.plainBody.slots.first),
      .integer(new.plainBody.slotLength), .text(Self.words(new.plainBody.slots)))
    for (position, image) in new.images.enumerated() {
      try run(
        """
        INSERT INTO variant_images (variant_id, position, content_id, file_name, media_type, blob_id)
        VALUES ($1, $2, $3, $4, $5, $6)
        """, .integer(id), .integer(position), .text(image.contentID), .text(image.file.name), .text(image.mediaType),
        .integer(try blob(image.file)))
    }
    return id
  }

  func variant(key: String, release: Int64) throws(StoreError) -> Int64? {
    try number("SELECT id FROM variants WHERE release_id = $1 AND key = $2", .integer(release), .text(key))
  }

  func variants(release: Int64) throws(StoreError) -> [(id: Int64, key: String, banner: String)] {
    try all("SELECT id, key, banner FROM variants WHERE release_id = $1 ORDER BY id", .integer(release)) { row in
      (id: row.integer(0), key: row.text(1), banner: row.text(2))
    }
  }

  func variant(_ id: Int64) throws(StoreError) -> VariantContent? {
    let images = try all(
      """
      SELECT i.content_id, i.media_type, i.file_name, b.hash, b.bytes FROM variant_images i
      JOIN blobs b ON b.id = i.blob_id WHERE i.variant_id = $1 ORDER BY i.position
      """, .integer(id)
    ) { row in
      VariantContent.Image(
        contentID: row.text(0), mediaType: row.text(1),
        file: StoredFile(name: row.text(2), hash: row.text(3), bytes: row.bytes(4)))
    }
    let sql = """
      SELECT key, kind, cut, title_form, banner, traffic_light, subject_mark, subject_words, html, plain_text, body,
        body_slots, body_slot_length, plain_body, plain_body_slots, plain_body_slot_length FROM variants WHERE id = $1
      """
    return try first(sql, .integer(id)) { (row) throws(StoreError) in
      VariantContent(
        key: row.text(0), kind: try word(row.text(1), as: VariantContent.Kind.self), cut: row.flag(2),
        titleForm: row.text(3), banner: row.text(4), trafficLight: row.optionalText(5), subjectMark: row.text(6),
        subjectWords: row.text(7), html: row.text(8), text: row.text(9), images: images,
        body: VariantContent.EncodedBody(
          bytes: row.bytes(10), slots: Self.numbers(row.text(11)), slotLength: row.count(12)),
        plainBody: VariantContent.EncodedBody(
          bytes: row.bytes(13), slots: Self.numbers(row.text(14)), slotLength: row.count(15)))
    }
  }

  private static func words(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: " ") }
  private static func numbers(_ words: String) -> [Int] { words.split(separator: " ").compactMap { Int($0) } }
}
