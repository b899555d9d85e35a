// Files that lie: each ends with a problem, none with a crash, and none takes memory for what it merely claims.

import Testing

@testable import Pictures

private func problem(_ work: () throws(PictureProblem) -> Void) -> PictureProblem? {
  do throws(PictureProblem) {
    try work()
    return nil
  } catch {
    return error
  }
}

/// What the standard limit refuses is found by looking alone.
private func code(_ bytes: [UInt8], limit: PictureLimit = .standard) -> PictureProblem.Code? {
  let found = problem { () throws(PictureProblem) in _ = try PictureCodec.reencode(bytes, limit: limit) }
  if limit == .standard {
    #expect(problem { () throws(PictureProblem) in try PictureCodec.examine(bytes) } == found)
  }
  if let found { #expect(!found.message.isEmpty && !found.hint.isEmpty) }
  return found?.code
}

@Suite struct HostileFileTests {
  @Test func notAPicture() {
    #expect(code([]) == .empty)
    #expect(code(Array("GIF89a..............".utf8)) == .unknownFormat)
    #expect(code(Array("<svg onload='x'/>".utf8)) == .unknownFormat)
    #expect(code([UInt8](repeating: 0x41, count: 5_000_001)) == .tooLarge)
    #expect(code([UInt8](repeating: 0x41, count: 5_000_000)) == .unknownFormat)
  }

  @Test func cutShortAnywhere() throws {
    let raster = PictureFiles.gradient(width: 24, height: 16, channels: 3)
    for file in [try PictureFiles.png(raster), try PictureFiles.jpeg(raster)] {
      for count in 3..<file.count {
        let found = code(Array(file.prefix(count)))
        #expect(found == .truncated || found == .damaged || found == .unknownFormat, "at \(count): \(found as Any)")
      }
    }
  }

  @Test func claimedSizes() throws {
    let raster = PictureFiles.gradient(width: 24, height: 16, channels: 3)
    var chunks = try #require(PictureFiles.chunks(PictureFiles.png(raster)))
    for (width, height, expected) in [
      (30_000, 30_000, PictureProblem.Code.tooManyPixels), (0x7FFF_FFFF, 1, .tooManyPixels),
      (1, 0x7FFF_FFFF, .tooManyPixels), (0, 10, .damaged), (24, 17, .damaged), (25, 16, .damaged),
    ] {
      chunks[0].body.replaceSubrange(0..<8, with: PictureFiles.big(width) + PictureFiles.big(height))
      #expect(code(PictureFiles.file(chunks)) == expected, "\(width) x \(height)")
    }
    let jpeg = try PictureFiles.jpeg(raster)
    let at = try #require((0..<jpeg.count).first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    for (bytes, expected) in [
      ([0xFF, 0xFF, 0xFF, 0xFF] as [UInt8], PictureProblem.Code.tooManyPixels), ([0, 0, 0, 8], .damaged),
      ([0x10, 0, 0, 24], .damaged),
    ] {
      var file = jpeg
      file.replaceSubrange(at + 5..<at + 9, with: bytes)
      #expect(code(file) == expected, "\(bytes)")
    }
  }

  @Test func limitsAreTheCallers() throws {
    let png = try PictureFiles.png(PictureFiles.gradient(width: 50, height: 40, channels: 3))
    var limit = PictureLimit.standard
    limit.pixels = 1_999
    #expect(code(png, limit: limit) == .tooManyPixels)
    limit.pixels = 2_000
    #expect(code(png, limit: limit) == nil)
    limit.side = 49
    #expect(code(png, limit: limit) == .tooManyPixels)
  }

  /// An 8 x 8 progressive JPEG whose scans say nothing, hundreds of times over.
  @Test func endlessScans() {
    func file(scans: Int) -> [UInt8] {
      var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0] + [UInt8](repeating: 1, count: 64)
      bytes += [0xFF, 0xC2, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]
      for table: UInt8 in [0x00, 0x10] {
        bytes += [0xFF, 0xC4, 0, 20, table, 1] + [UInt8](repeating: 0, count: 15) + [0]
      }
      bytes += [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0x7F]
      for scan in 0..<scans {
        let band = UInt8(1 + scan % 63)
        bytes += [0xFF, 0xDA, 0, 8, 1, 1, 0, band, band, 0, 0x7F]
      }
      return bytes + [0xFF, 0xD9]
    }
    #expect(code(file(scans: 20)) == nil)
    #expect(code(file(scans: 63)) == nil)
    #expect(code(file(scans: 500)) != nil)
  }

  /// Compressed text that would swell to a hundred times the limit of a chunk is not even read.
  @Test func swellingChunk() throws {
    var chunks = try #require(
      PictureFiles.chunks(PictureFiles.png(PictureFiles.gradient(width: 9, height: 9, channels: 1))))
    chunks.insert(.init(type: "zTXt", body: [0x61, 0, 0] + [UInt8](repeating: 0, count: 1_000_000)), at: 1)
    #expect(code(PictureFiles.file(chunks)) == nil)
  }

  @Test func randomMutations() throws {
    let seed: UInt64 = 20_261_122
    var generator = SeededGenerator(seed: seed)
    var files: [[UInt8]] = []
    for channels in 1...4 {
      files.append(try PictureFiles.png(PictureFiles.gradient(width: 33, height: 21, channels: channels)))
    }
    for channels in [1, 3] {
      files.append(try PictureFiles.jpeg(PictureFiles.noise(width: 33, height: 21, channels: channels, seed: 7)))
    }
    for round in 0..<6_000 {
      var file = files[round % files.count]
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let at = Int.random(in: 0..<file.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: file[at] = UInt8.random(in: 0...255, using: &generator)
        case 1: file[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: file.remove(at: at)
        default: file.insert(contentsOf: file[at..<min(file.count, at + 9)], at: at)
        }
      }
      // With right checksums, mutations reach the inside of libpng.
      if file[0] == 0x89, round % 2 == 0 { file = repaired(file) }
      var picture: Picture?
      let found = problem { () throws(PictureProblem) in picture = try PictureCodec.reencode(file) }
      if let picture {
        let good = picture.width > 0 && picture.height > 0 && picture.bytes.count <= 500_000
        #expect(good, "seed \(seed), round \(round)")
      }
      #expect(found?.message.isEmpty != true, "seed \(seed), round \(round)")
      let seen = problem { () throws(PictureProblem) in try PictureCodec.examine(file) }
      #expect(seen == found, "seed \(seed), round \(round)")
    }
  }

  /// The checksum of every whole chunk made right.
  private func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var at = 8
    while at + 12 <= bytes.count {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard at + 12 + length <= bytes.count else { break }
      let sum = PictureFiles.crc(Array(bytes[at + 4..<at + 8 + length]))
      bytes.replaceSubrange(at + 8 + length..<at + 12 + length, with: PictureFiles.big(Int(sum)))
      at += 12 + length
    }
    return bytes
  }
}
