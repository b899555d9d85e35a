// From a file to samples, through the C shim. The size is read and checked first, then a buffer of exactly that size
// is filled.

import CPictures

enum Decoding {
  static func read(
    _ bytes: [UInt8], kind: Picture.MediaType, limit: PictureLimit
  ) throws(PictureProblem) -> Raster {
    let limits = pictures_limits(
      side: UInt32(clamping: limit.side), pixels: UInt64(clamping: limit.pixels),
      memory: UInt64(clamping: limit.pixels.multipliedReportingOverflow(by: 10).partialValue))
    var size = pictures_size()
    var report = pictures_report()
    var status =
      switch kind {
      case .png: pictures_png_size(bytes, bytes.count, limits, &size, &report)
      case .jpeg: pictures_jpeg_size(bytes, bytes.count, limits, &size, &report)
      }
    guard status == PICTURES_OK else { throw problem(status, report, limit: limit) }

    let room = Int(size.width) * Int(size.height) * Int(size.channels)
    let samples = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      // A file that ends in an error is thrown away, but never left uninitialized.
      buffer.initialize(repeating: 0)
      count = room
      status =
        switch kind {
        case .png: pictures_png_read(bytes, bytes.count, limits, size, buffer.baseAddress, room, &report)
        case .jpeg: pictures_jpeg_read(bytes, bytes.count, limits, size, buffer.baseAddress, room, &report)
        }
    }
    guard status == PICTURES_OK else { throw problem(status, report, limit: limit) }
    return Raster(
      width: Int(size.width), height: Int(size.height), channels: Int(size.channels), samples: samples)
  }

  static func problem(
    _ status: pictures_status, _ report: pictures_report, limit: PictureLimit
  ) -> PictureProblem {
    let said = words(report)
    return switch status {
    case PICTURES_TOO_MANY_PIXELS:
      PictureProblem(
        .tooManyPixels,
        "the picture is too large (\(said)); at most \(limit.pixels) pixels and \(limit.side) on a side are allowed",
        hint: "scale it down before you add it")
    case PICTURES_TRUNCATED:
      PictureProblem(.truncated, "the picture is cut short", hint: "copy the file again from where it came")
    case PICTURES_UNSUPPORTED:
      PictureProblem(
        .unsupported, "a form of picture that is not supported (\(said))",
        hint: "save it again as an ordinary PNG or JPEG")
    case PICTURES_NO_MEMORY:
      PictureProblem(.noMemory, "the picture needs too much memory (\(said))", hint: "scale it down")
    case PICTURES_FULL:
      PictureProblem(.doesNotFit, "the picture stays above \(limit.outputBytes) bytes", hint: "scale it down")
    default:
      PictureProblem(.damaged, "the picture is damaged (\(said))", hint: "save it again with a picture editor")
    }
  }

  /// The library's message, with anything but printable ASCII left out: a chunk's name in it comes from the file.
  private static func words(_ report: pictures_report) -> String {
    withUnsafeBytes(of: report) { raw in
      let text = raw.prefix { $0 != 0 }.filter { (0x20..<0x7F).contains($0) }
      return String(decoding: text, as: UTF8.self)
    }
  }
}
