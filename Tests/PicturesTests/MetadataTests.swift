// Nothing but pixels comes out: seen by a parser of parts, and by looking for what was put in.

import Foundation
import Testing

@testable import Pictures

/// SOI, APP0, DQT, SOF0, DHT, SOS, EOI.
private let allowedMarkers: Set<UInt8> = [0xD8, 0xE0, 0xDB, 0xC0, 0xC4, 0xDA, 0xD9]
private let allowedChunks: Set<String> = ["IHDR", "IDAT", "IEND"]

private func expectBare(_ picture: Picture) throws {
  switch picture.mediaType {
  case .png:
    let chunks = try #require(PictureFiles.chunks(picture.bytes))
    #expect(Set(chunks.map(\.type)).isSubset(of: allowedChunks))
    #expect(chunks.first?.type == "IHDR" && chunks.last?.type == "IEND")
  case .jpeg:
    let segments = try #require(PictureFiles.segments(picture.bytes))
    #expect(Set(segments.map(\.marker)).isSubset(of: allowedMarkers))
    let application = segments.filter { $0.marker == 0xE0 }
    #expect(application.count == 1)
    // JFIF 1.1, no unit, 1:1, no thumbnail.
    #expect(application.first?.body == [0x4A, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0])
  }
}

private func contains(_ bytes: [UInt8], _ word: String) -> Bool {
  Data(bytes).range(of: Data(word.utf8)) != nil
}

@Suite struct MetadataTests {
  @Test(arguments: [
    ("templates/sample/bulletins/pike-van.jpg", 640, 360), ("templates/sample/bulletins/conversion-device.png", 0, 0),
    ("templates/sample/bulletins/first-night-zones.png", 0, 0),
  ])
  func samples(name: String, width: Int, height: Int) throws {
    let bytes = [UInt8](try Data(contentsOf: PictureFiles.repository.appending(path: name)))
    let picture = try PictureCodec.reencode(bytes)
    try expectBare(picture)
    if width > 0 { #expect(picture.width == width && picture.height == height) }
    #expect(picture.mediaType == (name.hasSuffix("png") ? .png : .jpeg))
    for word in ["Exif", "Sample Camera", "Model 0", "Badge", "2026:11:12", "http", "tEXt", "Photoshop"] {
      #expect(!contains(picture.bytes, word), "\(word) in \(name)")
    }
    #expect(picture.bytes.count < bytes.count * 2)
  }

  @Test func jpegSegments() throws {
    let plain = try PictureFiles.jpeg(PictureFiles.gradient(width: 40, height: 24, channels: 3))
    let canary = Array("CANARY-LOCATION".utf8)
    var dirty = PictureFiles.inserting(
      [
        .init(marker: 0xE1, body: [0x45, 0x78, 0x69, 0x66, 0, 0] + PictureFiles.exif(orientation: 1) + canary),
        .init(marker: 0xE1, body: Array("http://ns.adobe.com/xap/1.0/\0".utf8) + canary),
        .init(marker: 0xE2, body: Array("ICC_PROFILE\0".utf8) + canary),
        .init(marker: 0xED, body: Array("Photoshop 3.0\0".utf8) + canary),
        .init(marker: 0xFE, body: canary),
      ], into: plain)
    dirty += canary
    let picture = try PictureCodec.reencode(dirty)
    try expectBare(picture)
    #expect(!contains(picture.bytes, "CANARY"))
    #expect(picture.width == 40 && picture.height == 24)
  }

  @Test func pngChunks() throws {
    let plain = try PictureFiles.png(PictureFiles.gradient(width: 20, height: 10, channels: 4))
    var chunks = try #require(PictureFiles.chunks(plain))
    let canary = Array("Comment\0CANARY-NAME".utf8)
    let extra = ["tEXt", "zTXt", "iTXt", "iCCP", "eXIf", "tIME", "pHYs", "prVt", "vpAg"]
    chunks.insert(contentsOf: extra.map { .init(type: $0, body: canary) }, at: 1)
    chunks.insert(.init(type: "tEXt", body: canary), at: chunks.count - 1)
    let picture = try PictureCodec.reencode(PictureFiles.file(chunks) + canary)
    try expectBare(picture)
    #expect(!contains(picture.bytes, "CANARY"))
    #expect(try PictureFiles.samples(picture.bytes) == PictureFiles.samples(plain))
  }

  @Test func colourUnderFullTransparency() throws {
    var raster = PictureFiles.gradient(width: 8, height: 8, channels: 4)
    for pixel in 0..<32 { raster.samples[pixel * 4 + 3] = 0 }
    let picture = try PictureCodec.reencode(PictureFiles.png(raster))
    let read = try PictureFiles.samples(picture.bytes)
    #expect(read.samples.prefix(32 * 4).allSatisfy { $0 == 0 })
    #expect(read.samples.suffix(32 * 4) == raster.samples.suffix(32 * 4))
  }

  @Test func opaqueAlphaGoes() throws {
    var raster = PictureFiles.gradient(width: 8, height: 8, channels: 2)
    for pixel in 0..<64 { raster.samples[pixel * 2 + 1] = 255 }
    let read = try PictureFiles.samples(PictureCodec.reencode(PictureFiles.png(raster)).bytes)
    #expect(read.channels == 1)
  }

  @Test(arguments: 1...4) func pixelsOfPNGAreKept(channels: Int) throws {
    let raster = PictureFiles.noise(width: 31, height: 17, channels: channels, seed: UInt64(channels))
    let once = try PictureCodec.reencode(PictureFiles.png(raster))
    var expected = raster
    expected.tidyTransparency()
    #expect(try PictureFiles.samples(once.bytes) == expected)
    #expect(try PictureCodec.reencode(once.bytes) == once)
  }
}
