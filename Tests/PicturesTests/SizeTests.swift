// What comes out fits, and is made smaller the gentle way first.

import Testing

@testable import Pictures

@Suite struct SizeTests {
  @Test func longSideIsScaledDown() throws {
    var limit = PictureLimit.standard
    limit.outputSide = 60
    let picture = try PictureCodec.reencode(
      PictureFiles.png(PictureFiles.gradient(width: 200, height: 100, channels: 3)), limit: limit)
    #expect(picture.width == 60 && picture.height == 30)
    let read = try PictureFiles.samples(picture.bytes)
    #expect(read.samples[0] < 10 && read.samples[59 * 3] > 240)
  }

  @Test func photographStoredAsPNGBecomesJPEG() throws {
    var limit = PictureLimit.standard
    limit.outputBytes = 60_000
    let noise = try PictureFiles.png(PictureFiles.noise(width: 200, height: 200, channels: 3, seed: 1))
    let picture = try PictureCodec.reencode(noise, limit: limit)
    #expect(picture.mediaType == .jpeg && picture.width == 200)
    #expect(picture.bytes.count <= 60_000)
  }

  @Test func transparentPictureStaysPNGAndShrinks() throws {
    var limit = PictureLimit.standard
    limit.outputBytes = 60_000
    let noise = try PictureFiles.png(PictureFiles.noise(width: 200, height: 200, channels: 4, seed: 2))
    let picture = try PictureCodec.reencode(noise, limit: limit)
    #expect(picture.mediaType == .png && picture.width < 200 && picture.width >= 64)
    #expect(picture.bytes.count <= 60_000)
  }

  @Test func impossibleBudget() throws {
    var limit = PictureLimit.standard
    limit.outputBytes = 100
    let noise = try PictureFiles.jpeg(PictureFiles.noise(width: 200, height: 200, channels: 3, seed: 3))
    #expect(throws: PictureProblem.self) { try PictureCodec.reencode(noise, limit: limit) }
    do {
      _ = try PictureCodec.reencode(noise, limit: limit)
    } catch {
      #expect(error.code == .doesNotFit)
    }
  }

  @Test func thinPictureKeepsOnePixel() throws {
    var limit = PictureLimit.standard
    limit.outputSide = 10
    let picture = try PictureCodec.reencode(
      PictureFiles.png(PictureFiles.gradient(width: 500, height: 1, channels: 2)), limit: limit)
    #expect(picture.width == 10 && picture.height == 1)
  }
}
