// Files for the tests: pictures made from known pixels, their parts as a parser that knows nothing of the codec sees
// them, and things put between the parts that must not come out again.

import Foundation

@testable import Pictures

/// SplitMix64: the same seed gives the same numbers everywhere.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

enum PictureFiles {
  /// Smooth enough for JPEG, different in every corner.
  static func gradient(width: Int, height: Int, channels: Int) -> Raster {
    var samples: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let values = [x * 255 / width, y * 255 / height, 255 - x * 255 / width]
        let colours = channels == 2 || channels == 4 ? channels - 1 : channels
        samples += values.prefix(colours).map(UInt8.init)
        if colours < channels { samples.append(UInt8(128 + y * 127 / height)) }
      }
    }
    return Raster(width: width, height: height, channels: channels, samples: samples)
  }

  static func noise(width: Int, height: Int, channels: Int, seed: UInt64) -> Raster {
    var generator = SeededGenerator(seed: seed)
    let samples = (0..<width * height * channels).map { _ in UInt8.random(in: 0...255, using: &generator) }
    return Raster(width: width, height: height, channels: channels, samples: samples)
  }

  static func png(_ raster: Raster) throws -> [UInt8] {
    try Encoding.write(raster, preferring: .png, limit: .standard).bytes
  }
  static func jpeg(_ raster: Raster) throws -> [UInt8] {
    try Encoding.write(raster, preferring: .jpeg, limit: .standard).bytes
  }
  static func samples(_ bytes: [UInt8]) throws -> Raster {
    let kind: Picture.MediaType = bytes[0] == 0xFF ? .jpeg : .png
    return try Decoding.read(bytes, kind: kind, limit: .standard)
  }

  // MARK: PNG parts (PNG 5.3)

  struct Chunk: Hashable {
    var type: String
    var body: [UInt8]
  }

  /// nil when the file is not exactly a signature and whole chunks with right checksums.
  static func chunks(_ bytes: [UInt8]) -> [Chunk]? {
    guard bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] else { return nil }
    var result: [Chunk] = []
    var at = 8
    while at < bytes.count {
      guard at + 12 <= bytes.count else { return nil }
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard at + 12 + length <= bytes.count else { return nil }
      let chunk = Chunk(
        type: String(decoding: bytes[at + 4..<at + 8], as: UTF8.self), body: Array(bytes[at + 8..<at + 8 + length]))
      guard encoded(chunk) == Array(bytes[at..<at + 12 + length]) else { return nil }
      result.append(chunk)
      at += 12 + length
    }
    return result
  }

  static func encoded(_ chunk: Chunk) -> [UInt8] {
    let named = Array(chunk.type.utf8) + chunk.body
    return big(chunk.body.count) + named + big(Int(crc(named)))
  }

  static func file(_ chunks: [Chunk]) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunks.flatMap(encoded)
  }

  static func big(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  static func crc(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }

  // MARK: JPEG parts (ITU-T T.81 annex B)

  struct Segment: Hashable {
    var marker: UInt8
    var body: [UInt8]
  }

  /// Every segment; a scan's data is passed over. nil when bytes are left after EOI or a length is wrong.
  static func segments(_ bytes: [UInt8]) -> [Segment]? {
    guard bytes.prefix(2) == [0xFF, 0xD8] else { return nil }
    var result = [Segment(marker: 0xD8, body: [])]
    var at = 2
    while at + 2 <= bytes.count {
      guard bytes[at] == 0xFF else { return nil }
      let marker = bytes[at + 1]
      if marker == 0xD9 {
        result.append(Segment(marker: marker, body: []))
        return at + 2 == bytes.count ? result : nil
      }
      guard at + 4 <= bytes.count else { return nil }
      let stop = at + 2 + (Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]))
      guard stop >= at + 4, stop <= bytes.count else { return nil }
      result.append(Segment(marker: marker, body: Array(bytes[at + 4..<stop])))
      at = stop
      if marker == 0xDA {
        while at + 1 < bytes.count, !(bytes[at] == 0xFF && bytes[at + 1] != 0 && !(0xD0...0xD7).contains(bytes[at + 1]))
        {
          at += 1
        }
      }
    }
    return nil
  }

  static func encoded(_ segment: Segment) -> [UInt8] {
    let length = segment.body.count + 2
    return [0xFF, segment.marker, UInt8(length >> 8), UInt8(length & 255)] + segment.body
  }

  /// `segments` right after SOI.
  static func inserting(_ segments: [Segment], into jpeg: [UInt8]) -> [UInt8] {
    Array(jpeg.prefix(2)) + segments.flatMap(encoded) + jpeg.dropFirst(2)
  }

  /// A TIFF block with nothing but an orientation.
  static func exif(orientation: Int, little: Bool = false) -> [UInt8] {
    little
      ? [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0, 0]
      : [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0]
  }

  // MARK: files on disk

  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
}
