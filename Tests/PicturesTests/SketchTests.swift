// A drawing as SVG and as PNG: the same shapes, nothing that could run, and a file that carries pixels alone.

import Foundation
import FoundationXML
import Testing

@testable import Pictures

@Suite struct SketchTests {
  private static let paper = Ink(0xFFFFFF, dark: 0x101010)
  private static let blue = Ink(0x0F5AA8, dark: 0x8AB8F0)

  private func sample() -> Sketch {
    var sketch = Sketch(width: 40, height: 20, paper: Self.paper)
    sketch.rectangle(4, 4, 16, 8, Self.blue)
    sketch.line(0, 18, 40, 18, Ink(0x000000, dark: 0xFFFFFF), width: 2, dash: [4, 2])
    sketch.text("a < b & \"c\"", 22, 10, size: 6, Self.blue)
    return sketch
  }

  @Test func pngHasTheInksAndNothingButPixels() throws {
    let picture = try sample().png(scale: 2)
    #expect(picture.width == 80 && picture.height == 40 && picture.mediaType == .png)
    let chunks = try #require(PictureFiles.chunks(picture.bytes))
    #expect(chunks.map(\.type) == ["IHDR", "PLTE", "IDAT", "IEND"])
    let raster = try PictureFiles.samples(picture.bytes)
    func colour(_ x: Int, _ y: Int) -> [UInt8] {
      let at = (y * 80 + x) * raster.channels
      return Array(raster.samples[at..<at + 3])
    }
    #expect(colour(20, 16) == [0x0F, 0x5A, 0xA8])
    #expect(colour(60, 2) == [255, 255, 255])
    #expect(colour(2, 36) == [0, 0, 0])
    // The codec of figures takes it.
    #expect(try PictureCodec.reencode(picture.bytes).width == 80)
  }

  @Test func wordsLeaveMarks() throws {
    var words = Sketch(width: 60, height: 20, paper: Self.paper)
    let empty = try words.png(scale: 2)
    words.text("Worcester", 2, 14, size: 12, Self.blue, bold: true)
    #expect(try words.png(scale: 2).bytes != empty.bytes)
  }

  @Test func svgIsWellFormedAndInert() throws {
    let svg = sample().svg(title: "A <b>", description: "x & \"y\"")
    let parser = XMLNames(svg)
    #expect(parser.isWellFormed)
    #expect(parser.names == ["svg", "title", "desc", "style", "rect", "polygon", "polyline", "text"])
    #expect(parser.texts.contains("a < b & \"c\"\n") && parser.texts.contains("A <b>"))
    #expect(svg.components(separatedBy: "http").count == 2 && svg.contains("xmlns=\"http://www.w3.org/2000/svg\""))
    for word in ["script", "href", "url(", "@import", "onload", "<!"] { #expect(!svg.contains(word)) }
  }

  @Test func numbersHaveTwoDecimals() {
    #expect(
      [0, 1, -1.5, 2.25, 3.141, 0.04, -0.001].map(Sketch.number) == ["0", "1", "-1.5", "2.25", "3.14", "0.04", "0"])
  }

  @Test func noAreaOrTooMuchIsAProblem() {
    for (width, height) in [(0.0, 10.0), (10, 0), (9_000, 10), (10, 100_000), (-5, 5)] {
      #expect(throws: PictureProblem.self) {
        try Sketch(width: width, height: height, paper: Self.paper).png(scale: 1)
      }
    }
  }

  @Test func moreColoursThanAPalette() throws {
    var sketch = Sketch(width: 400, height: 4, paper: Self.paper)
    for step in 0..<400 {
      let colour = UInt32(step % 16) << 20 | UInt32(step / 16 % 16) << 12 | UInt32(step / 256) << 6
      sketch.rectangle(Double(step), 0, 1, 4, Ink(colour, dark: colour))
    }
    #expect(try sketch.png(scale: 1).width == 400)
  }

  /// Random shapes: far outside, not a number, empty, with any words.
  @Test func hostileShapes() throws {
    let seed: UInt64 = 20_261_122
    var random = SeededGenerator(seed: seed)
    let odd: [Double] = [.nan, .infinity, -.infinity, 1e300, -1e300, 0, -1, 1e-300]
    let words = ["", "\u{0}a\u{0}", "\u{202E}x", String(repeating: "W", count: 500), "\u{1F480}", "\u{D7FF}\u{E000}"]
    for round in 0..<300 {
      var sketch = Sketch(width: 30, height: 30, paper: Self.paper)
      func number() -> Double {
        Bool.random(using: &random)
          ? Double.random(in: -50...50, using: &random) : odd.randomElement(using: &random) ?? 0
      }
      for _ in 0..<4 {
        let points = (0..<Int.random(in: 0...4, using: &random)).map { _ in Sketch.Point(number(), number()) }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: sketch.shapes.append(.polygon(points, Self.blue))
        case 1: sketch.shapes.append(.path(points, Self.blue, width: number(), dash: [number(), number()]))
        case 2: sketch.shapes.append(.disc(points.first ?? .init(0, 0), radius: number(), Self.blue))
        default:
          sketch.shapes.append(
            .text(words.randomElement(using: &random) ?? "", .init(number(), number()), size: number(), Self.blue))
        }
      }
      // A problem or a picture, never a crash.
      let picture = try? sketch.png(scale: 1)
      #expect(picture == nil || picture?.width == 30, "seed \(seed), round \(round)")
      #expect(XMLNames(sketch.svg(title: "", description: "")).isWellFormed, "seed \(seed), round \(round)")
    }
  }
}

/// Foundation's own parser, as a second opinion; names in order of first use.
private final class XMLNames: NSObject, XMLParserDelegate {
  var names: [String] = []
  var texts: [String] = []
  var isWellFormed = false

  init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }
  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if !names.contains(name) { names.append(name) }
    texts.append("")
  }
  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if !texts.isEmpty { texts[texts.count - 1] += string }
  }
}
