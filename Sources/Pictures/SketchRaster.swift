// A drawing as PNG, on light paper: drawn by cairo, stored with a palette. A drawing has few colours; the shades at the
// edges of its letters are told apart in sixteen steps a channel, which no eye sees and a phone's allowance does.

import CPictures

extension Sketch {
  /// - Parameter scale: pixels a unit.
  /// - Throws: when it has no area or more than 8,192 pixels on a side, or no memory is left.
  package func png(scale: Double) throws(PictureProblem) -> Picture {
    let pixels = [width, height].map { ($0 * scale).rounded() }
    guard pixels.allSatisfy({ (1...8_192).contains($0) }) else {
      throw PictureProblem(.tooManyPixels, "the drawing has no area, or too much", hint: "show fewer rows")
    }
    let size = pictures_size(width: UInt32(pixels[0]), height: UInt32(pixels[1]), channels: 3)
    let room = Int(size.width) * Int(size.height) * 3
    let list = ShapeList(self)
    var report = pictures_report()
    var status = PICTURES_OK
    let samples = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      buffer.initialize(repeating: 0)
      count = room
      status = pictures_sketch(
        list.shapes, list.shapes.count, list.points, list.texts, paper.light, scale, size, buffer.baseAddress, room,
        &report)
    }
    guard status == PICTURES_OK else { throw Decoding.problem(status, report, limit: .standard) }
    let raster = Raster(width: Int(size.width), height: Int(size.height), channels: 3, samples: samples)
    if let picture = try Self.encoded(raster, inks: list.inks) { return picture }
    return try Encoding.write(raster, preferring: .png, limit: .standard)
  }

  /// nil when there are more colours than a palette has.
  private static func encoded(_ raster: Raster, inks: Set<UInt32>) throws(PictureProblem) -> Picture? {
    var palette: [UInt8] = []
    var known = [Int16](repeating: -1, count: 4_096)
    func cell(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
      Int(red >> 4) << 8 | Int(green >> 4) << 4 | Int(blue >> 4)
    }
    // The inks themselves are exact.
    for ink in inks.sorted() {
      let colour = [16, 8, 0].map { UInt8(truncatingIfNeeded: ink >> $0) }
      let place = cell(colour[0], colour[1], colour[2])
      guard known[place] < 0 else { continue }
      known[place] = Int16(palette.count / 3)
      palette += colour
    }
    guard palette.count <= 768 else { return nil }
    let count = raster.width * raster.height
    var isFull = false
    let indices = [UInt8](unsafeUninitializedCapacity: count) { out, length in
      length = count
      out.initialize(repeating: 0)
      raster.samples.withUnsafeBufferPointer { samples in
        for pixel in 0..<count {
          let (red, green, blue) = (samples[pixel * 3], samples[pixel * 3 + 1], samples[pixel * 3 + 2])
          let place = cell(red, green, blue)
          if known[place] < 0 {
            guard palette.count < 768 else {
              isFull = true
              return
            }
            known[place] = Int16(palette.count / 3)
            palette += [red, green, blue]
          }
          out[pixel] = UInt8(truncatingIfNeeded: known[place])
        }
      }
    }
    if isFull { return nil }
    let size = pictures_size(width: UInt32(raster.width), height: UInt32(raster.height), channels: 1)
    var report = pictures_report()
    var status = PICTURES_OK
    let room = count + 65_536
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, length in
      var written = 0
      status = pictures_png_write_palette(
        indices, size, palette, Int32(palette.count / 3), buffer.baseAddress, room, &written, &report)
      length = status == PICTURES_OK ? written : 0
    }
    guard status == PICTURES_OK else { throw Decoding.problem(status, report, limit: .standard) }
    return Picture(bytes: bytes, mediaType: .png, width: raster.width, height: raster.height)
  }
}

/// The shapes as the C side takes them: points and texts in two lists of their own.
private struct ShapeList {
  var shapes: [pictures_shape] = []
  var points: [Double] = []
  var texts: [CChar] = []
  var inks: Set<UInt32>
  /// Units; what lies beyond is no part of a drawing, and is left out.
  private static let farthest = 20_000.0

  init(_ sketch: Sketch) {
    inks = [sketch.paper.light]
    for shape in sketch.shapes {
      switch shape {
      case .polygon(let corners, let ink): add(PICTURES_POLYGON, corners, ink)
      case .path(let corners, let ink, let width, let dash):
        add(PICTURES_PATH, corners, ink, width: width) { shape in
          // A dash without length has no end along a line.
          guard dash.allSatisfy({ (0.1...Self.farthest).contains($0) }) else { return }
          for (index, length) in dash.prefix(4).enumerated() {
            withUnsafeMutableBytes(of: &shape.dash) {
              $0.storeBytes(of: length, toByteOffset: index * 8, as: Double.self)
            }
          }
          shape.dashes = Int32(min(4, dash.count))
        }
      case .disc(let centre, let radius, let ink): add(PICTURES_DISC, [centre], ink, width: radius)
      case .text(let words, let at, let size, let ink, let bold, let anchor):
        let start = texts.count
        texts += words.utf8.filter { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
        add(PICTURES_TEXT, [at], ink, width: size) { shape in
          shape.text = start
          shape.bold = bold ? 1 : 0
          shape.anchor = Int32(anchor.rawValue)
          shape.room = TextWidth.of(words, size: size, bold: bold) + 1
        }
      }
    }
    // Never an empty buffer: its address might be none.
    points.append(0)
    texts.append(0)
  }

  private mutating func add(
    _ kind: pictures_shape_kind, _ corners: [Sketch.Point], _ ink: Ink, width: Double = 0,
    _ change: (inout pictures_shape) -> Void = { _ in }
  ) {
    let numbers = corners.flatMap { [$0.x, $0.y] } + [width]
    guard !corners.isEmpty, numbers.allSatisfy({ $0.magnitude <= Self.farthest }) else { return }
    var shape = pictures_shape()
    shape.kind = kind
    shape.rgb = ink.light
    shape.width = width
    shape.first_point = points.count
    shape.point_count = corners.count
    points += numbers.dropLast()
    change(&shape)
    shapes.append(shape)
    inks.insert(ink.light)
  }
}
