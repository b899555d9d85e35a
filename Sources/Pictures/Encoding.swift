// From samples to a file of at most so many bytes: PNG stays PNG while it fits; a photograph that was stored as PNG
// becomes JPEG; JPEG loses quality step by step, then size.

import CPictures

enum Encoding {
  /// JPEG quality: first as good as cameras write, last still readable.
  private static let qualities: [Int32] = [90, 80, 65]
  private static let leastSide = 64

  static func write(
    _ raster: Raster, preferring kind: Picture.MediaType, limit: PictureLimit
  ) throws(PictureProblem) -> Picture {
    var raster = raster
    while true {
      if kind == .png, let picture = try png(raster, limit: limit) { return picture }
      if !raster.hasAlpha {
        for quality in qualities {
          if let picture = try jpeg(raster, quality: quality, limit: limit) { return picture }
        }
      }
      let side = max(raster.width, raster.height) * 3 / 4
      guard side >= leastSide else {
        throw Decoding.problem(PICTURES_FULL, pictures_report(), limit: limit)
      }
      raster.scaleDown(toSide: side)
    }
  }

  private static func png(_ raster: Raster, limit: PictureLimit) throws(PictureProblem) -> Picture? {
    try encoded(raster, as: .png, limit: limit) { size, out, room, written, report in
      pictures_png_write(raster.samples, size, out, room, &written, &report)
    }
  }

  private static func jpeg(_ raster: Raster, quality: Int32, limit: PictureLimit) throws(PictureProblem) -> Picture? {
    try encoded(raster, as: .jpeg, limit: limit) { size, out, room, written, report in
      // Full chroma at the best quality keeps coloured lettering sharp; below it, bytes matter more.
      pictures_jpeg_write(raster.samples, size, quality, quality < qualities[0] ? 1 : 0, out, room, &written, &report)
    }
  }

  /// nil when it does not fit.
  private static func encoded(
    _ raster: Raster, as mediaType: Picture.MediaType, limit: PictureLimit,
    _ write: (pictures_size, UnsafeMutablePointer<UInt8>?, Int, inout Int, inout pictures_report) -> pictures_status
  ) throws(PictureProblem) -> Picture? {
    let size = pictures_size(
      width: UInt32(raster.width), height: UInt32(raster.height), channels: UInt32(raster.channels))
    var report = pictures_report()
    var status = PICTURES_OK
    // Never more room than uncompressed samples could need.
    let room = min(limit.outputBytes, raster.samples.count * 2 + 65_536)
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      var written = 0
      status = write(size, buffer.baseAddress, room, &written, &report)
      count = status == PICTURES_OK ? written : 0
    }
    switch status {
    case PICTURES_OK:
      return Picture(bytes: bytes, mediaType: mediaType, width: raster.width, height: raster.height)
    case PICTURES_FULL: return nil
    default: throw Decoding.problem(status, report, limit: limit)
    }
  }
}
