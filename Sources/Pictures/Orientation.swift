// Which way up the camera was held (Exif 2.32, tag 0x0112), found in a JPEG's APP1 segment or a PNG's eXIf chunk.
// Anything odd in there means upright: metadata may turn a picture, never refuse it. Bounds are checked throughout.

enum Orientation: Int, Hashable, Sendable, CaseIterable {
  case upright = 1
  case mirrored, upsideDown, upsideDownMirrored, transposed, rightOnTop, transversed, leftOnTop

  var swapsSides: Bool { rawValue >= 5 }

  /// Where in the stored picture (`width` x `height`) the pixel lies that is shown at (x, y).
  func source(_ x: Int, _ y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
    switch self {
    case .upright: (x, y)
    case .mirrored: (width - 1 - x, y)
    case .upsideDown: (width - 1 - x, height - 1 - y)
    case .upsideDownMirrored: (x, height - 1 - y)
    case .transposed: (y, x)
    case .rightOnTop: (y, height - 1 - x)
    case .transversed: (width - 1 - y, height - 1 - x)
    case .leftOnTop: (width - 1 - y, x)
    }
  }

  static func read(_ bytes: [UInt8], kind: Picture.MediaType) -> Orientation {
    let tiff = kind == .png ? pngExif(bytes) : jpegExif(bytes)
    return tiff.flatMap { read(tiff: $0) } ?? .upright
  }

  /// The TIFF block after `Exif\0\0` of the first such APP1 segment before the first scan.
  private static func jpegExif(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var at = 2
    while at + 4 <= bytes.count, bytes[at] == 0xFF {
      let marker = bytes[at + 1]
      if marker == 0xFF {
        at += 1
        continue
      }
      if marker == 0xDA || marker == 0xD9 { return nil }
      let length = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
      let end = at + 2 + length
      guard length >= 2, end <= bytes.count else { return nil }
      let body = bytes[(at + 4)..<end]
      if marker == 0xE1, body.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) { return body.dropFirst(6) }
      at = end
    }
    return nil
  }

  private static func pngExif(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var at = 8
    while at + 8 <= bytes.count {
      let length = bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - at - 8 else { return nil }
      let body = bytes[(at + 8)..<(at + 8 + length)]
      if bytes[(at + 4)..<(at + 8)].elementsEqual("eXIf".utf8) { return body }
      at += 12 + length
    }
    return nil
  }

  private static func read(tiff slice: ArraySlice<UInt8>) -> Orientation? {
    let tiff = Array(slice)
    let little = tiff.starts(with: [0x49, 0x49, 0x2A, 0])
    guard little || tiff.starts(with: [0x4D, 0x4D, 0, 0x2A]) else { return nil }
    func number(_ at: Int, _ count: Int) -> Int? {
      guard at >= 0, at <= tiff.count - count else { return nil }
      let digits = tiff[at..<(at + count)]
      return little ? digits.reversed().reduce(0) { $0 << 8 | Int($1) } : digits.reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(4, 4), let entries = number(directory, 2) else { return nil }
    for entry in 0..<entries {
      let at = directory + 2 + entry * 12
      guard let tag = number(at, 2), let type = number(at + 2, 2), let count = number(at + 4, 4) else { return nil }
      if tag == 0x0112, type == 3, count == 1 { return number(at + 8, 2).flatMap(Orientation.init) }
    }
    return nil
  }
}
