// A drawing as a value: shapes in order, in units that are pixels of a phone. Written as SVG for a page
// (SketchVector.swift) and as PNG for mail (SketchRaster.swift); both show the same.

/// A colour on light paper and on dark, 0xRRGGBB.
package struct Ink: Hashable, Sendable {
  package var light: UInt32
  package var dark: UInt32
  package init(_ light: UInt32, dark: UInt32) {
    self.light = light
    self.dark = dark
  }
}

package struct Sketch: Hashable, Sendable {
  package struct Point: Hashable, Sendable {
    package var x: Double
    package var y: Double
    package init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }
  package enum Anchor: Int, Hashable, Sendable { case start, middle, end }

  package enum Shape: Hashable, Sendable {
    case polygon([Point], Ink)
    /// Lengths of dashes and gaps, at most four; none is a whole line.
    case path([Point], Ink, width: Double, dash: [Double] = [])
    case disc(Point, radius: Double, Ink)
    /// On the base line.
    case text(String, Point, size: Double, Ink, bold: Bool = false, Anchor = .start)
  }

  package var width: Double
  package var height: Double
  package var paper: Ink
  package var shapes: [Shape] = []

  package init(width: Double, height: Double = 0, paper: Ink) {
    self.width = width
    self.height = height
    self.paper = paper
  }

  package mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ ink: Ink) {
    shapes.append(
      .polygon([Point(x, y), Point(x + width, y), Point(x + width, y + height), Point(x, y + height)], ink))
  }

  package mutating func frame(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ ink: Ink, line: Double) {
    let (left, top, right, bottom) = (x + line / 2, y + line / 2, x + width - line / 2, y + height - line / 2)
    guard right > left, bottom > top else { return }
    shapes.append(
      .path(
        [
          Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom), Point(left, top - line / 2),
        ], ink, width: line))
  }

  package mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ ink: Ink, width: Double = 1, dash: [Double] = []
  ) {
    shapes.append(.path([Point(x1, y1), Point(x2, y2)], ink, width: width, dash: dash))
  }

  package mutating func text(
    _ words: String, _ x: Double, _ y: Double, size: Double, _ ink: Ink, bold: Bool = false, _ anchor: Anchor = .start
  ) {
    shapes.append(.text(words, Point(x, y), size: size, ink, bold: bold, anchor))
  }
}

extension Sketch {
  /// Everything so far, for something that comes above it.
  package mutating func moveDown(by distance: Double) {
    func moved(_ point: Point) -> Point { Point(point.x, point.y + distance) }
    shapes = shapes.map { shape in
      switch shape {
      case .polygon(let points, let ink): .polygon(points.map(moved), ink)
      case .path(let points, let ink, let width, let dash): .path(points.map(moved), ink, width: width, dash: dash)
      case .disc(let centre, let radius, let ink): .disc(moved(centre), radius: radius, ink)
      case .text(let words, let at, let size, let ink, let bold, let anchor):
        .text(words, moved(at), size: size, ink, bold: bold, anchor)
      }
    }
    height += distance
  }
}
