// The picture is shown the way the camera was held, without the tag that said so.

import Testing

@testable import Pictures

@Suite struct OrientationTests {
  /// 3 x 2 grey, as shown:  1 2 3 / 4 5 6
  static let shown = Raster(width: 3, height: 2, channels: 1, samples: [1, 2, 3, 4, 5, 6])
  /// How a camera stores it for each orientation (Exif 2.32, tag 0x0112: where row 0 and column 0 are seen).
  static let stored: [(Int, Raster)] = [
    (1, Raster(width: 3, height: 2, channels: 1, samples: [1, 2, 3, 4, 5, 6])),
    (2, Raster(width: 3, height: 2, channels: 1, samples: [3, 2, 1, 6, 5, 4])),
    (3, Raster(width: 3, height: 2, channels: 1, samples: [6, 5, 4, 3, 2, 1])),
    (4, Raster(width: 3, height: 2, channels: 1, samples: [4, 5, 6, 1, 2, 3])),
    (5, Raster(width: 2, height: 3, channels: 1, samples: [1, 4, 2, 5, 3, 6])),
    // Row 0 is the right-hand side, column 0 the top.
    (6, Raster(width: 2, height: 3, channels: 1, samples: [3, 6, 2, 5, 1, 4])),
    (7, Raster(width: 2, height: 3, channels: 1, samples: [6, 3, 5, 2, 4, 1])),
    // Row 0 is the left-hand side, column 0 the bottom.
    (8, Raster(width: 2, height: 3, channels: 1, samples: [4, 1, 5, 2, 6, 3])),
  ]

  @Test(arguments: stored) func pngWithExif(orientation: Int, stored: Raster) throws {
    var chunks = try #require(PictureFiles.chunks(PictureFiles.png(stored)))
    chunks.insert(.init(type: "eXIf", body: PictureFiles.exif(orientation: orientation, little: true)), at: 1)
    let picture = try PictureCodec.reencode(PictureFiles.file(chunks))
    #expect(try PictureFiles.samples(picture.bytes) == Self.shown)
    #expect(picture.width == 3 && picture.height == 2)
  }

  @Test(arguments: [false, true]) func jpegWithExif(little: Bool) throws {
    let raster = PictureFiles.gradient(width: 48, height: 16, channels: 3)
    let exif = [0x45, 0x78, 0x69, 0x66, 0, 0] + PictureFiles.exif(orientation: 6, little: little)
    let file = PictureFiles.inserting([.init(marker: 0xE1, body: exif)], into: try PictureFiles.jpeg(raster))
    let picture = try PictureCodec.reencode(file)
    #expect(picture.width == 16 && picture.height == 48)
    let read = try PictureFiles.samples(picture.bytes)
    // Red grows along x in the stored picture, so downwards in the shown one.
    #expect(read.samples[0] < 40 && read.samples[(47 * 16 + 8) * 3] > 215)
  }

  @Test func oddExifMeansUpright() throws {
    let plain = try PictureFiles.jpeg(PictureFiles.gradient(width: 48, height: 16, channels: 3))
    let good = PictureFiles.exif(orientation: 6)
    var bodies = (0..<good.count).map { Array(good.prefix($0)) }
    bodies.append(PictureFiles.exif(orientation: 9))
    bodies.append(PictureFiles.exif(orientation: 0))
    var far = good
    far.replaceSubrange(4..<8, with: [0xFF, 0xFF, 0xFF, 0xF0])
    bodies.append(far)
    for body in bodies {
      let file = PictureFiles.inserting(
        [.init(marker: 0xE1, body: [0x45, 0x78, 0x69, 0x66, 0, 0] + body)], into: plain)
      // A prefix that still holds the number is understood; nothing else turns the picture.
      let turned = try PictureCodec.reencode(file).width == 16
      #expect(!turned || body.count >= 20)
    }
  }
}
