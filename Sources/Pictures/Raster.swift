// Samples in memory, and the few things that are done to them between decoding and encoding.

struct Raster: Hashable, Sendable {
  var width: Int
  var height: Int
  /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha (not premultiplied).
  var channels: Int
  /// Rows from the top, `width * channels` bytes each.
  var samples: [UInt8]

  var hasAlpha: Bool { channels == 2 || channels == 4 }

  /// Colour under a fully transparent pixel is invisible, yet anybody can read it from the file: it becomes 0.
  /// An alpha channel that is opaque everywhere goes.
  mutating func tidyTransparency() {
    guard hasAlpha else { return }
    let step = channels
    let colours = channels - 1
    var opaque = true
    samples.withUnsafeMutableBufferPointer { samples in
      for pixel in stride(from: 0, to: samples.count, by: step) {
        let alpha = samples[pixel + colours]
        if alpha != 255 { opaque = false }
        if alpha == 0 { for i in 0..<colours { samples[pixel + i] = 0 } }
      }
    }
    guard opaque else { return }
    let count = width * height
    samples = [UInt8](unsafeUninitializedCapacity: count * colours) { [samples] kept, length in
      for pixel in 0..<count {
        for i in 0..<colours { kept[pixel * colours + i] = samples[pixel * step + i] }
      }
      length = count * colours
    }
    channels = colours
  }

  /// Area average, weighted by alpha; nothing happens when both sides are short enough.
  mutating func scaleDown(toSide side: Int) {
    let longer = max(width, height)
    guard side > 0, longer > side else { return }
    let (oldWidth, oldHeight, channels) = (width, height, channels)
    let newWidth = max(1, oldWidth * side / longer)
    let newHeight = max(1, oldHeight * side / longer)
    let colours = hasAlpha ? channels - 1 : channels
    let total = newWidth * newHeight * channels
    let scaled = [UInt8](unsafeUninitializedCapacity: total) { [samples] out, length in
      for y in 0..<newHeight {
        let rows = (y * oldHeight / newHeight)..<((y + 1) * oldHeight / newHeight)
        for x in 0..<newWidth {
          let columns = (x * oldWidth / newWidth)..<((x + 1) * oldWidth / newWidth)
          var sums = (0, 0, 0)
          var weight = 0
          for row in rows {
            for column in columns {
              let at = (row * oldWidth + column) * channels
              let alpha = colours < channels ? Int(samples[at + colours]) : 255
              weight += alpha
              sums.0 += Int(samples[at]) * alpha
              if colours == 3 {
                sums.1 += Int(samples[at + 1]) * alpha
                sums.2 += Int(samples[at + 2]) * alpha
              }
            }
          }
          let at = (y * newWidth + x) * channels
          let half = weight / 2
          out[at] = weight == 0 ? 0 : UInt8((sums.0 + half) / weight)
          if colours == 3 {
            out[at + 1] = weight == 0 ? 0 : UInt8((sums.1 + half) / weight)
            out[at + 2] = weight == 0 ? 0 : UInt8((sums.2 + half) / weight)
          }
          if colours < channels {
            let covered = rows.count * columns.count
            out[at + colours] = UInt8((weight + covered / 2) / covered)
          }
        }
      }
      length = total
    }
    (width, height, samples) = (newWidth, newHeight, scaled)
  }

  mutating func orient(_ orientation: Orientation) {
    guard orientation != .upright else { return }
    let (oldWidth, oldHeight, channels) = (width, height, channels)
    let (newWidth, newHeight) = orientation.swapsSides ? (oldHeight, oldWidth) : (oldWidth, oldHeight)
    let total = samples.count
    samples = [UInt8](unsafeUninitializedCapacity: total) { [samples] out, length in
      for y in 0..<newHeight {
        for x in 0..<newWidth {
          let from = orientation.source(x, y, width: oldWidth, height: oldHeight)
          let source = (from.y * oldWidth + from.x) * channels
          let target = (y * newWidth + x) * channels
          for i in 0..<channels { out[target + i] = samples[source + i] }
        }
      }
      length = total
    }
    (width, height) = (newWidth, newHeight)
  }
}
