// Pictures of charts, drawn once for all variants of a revision: a drawing costs milliseconds, a variant less than one.

import Bulletins
import Pictures
import Synchronization

/// Shared by the products of one revision; safe to use from several threads.
package final class Drawings: Sendable {
  struct Key: Hashable {
    var chart: Chart
    var footer: [String]
  }
  struct Drawing {
    /// For pages.
    var vector: [UInt8]
    /// For mail; nil when the system could not draw it.
    var picture: Picture?
    /// Of the drawing, in its own units.
    var width: Double
    var height: Double
  }

  /// Pixels a unit: sharp on a phone, and on a desktop where it is shown a third larger.
  private static let scale = 2.5
  private let known = Mutex<[Key: Drawing?]>([:])

  package init() {}

  /// nil where the chart is not drawn; its description and its table stand for it.
  func drawing(_ key: Key) -> Drawing? {
    known.withLock { known in
      if let drawing = known[key] { return drawing }
      let drawing = ChartSketch.draw(key.chart, footer: key.footer).map { sketch in
        let vector = sketch.svg(title: cleaned(key.chart.title), description: cleaned(key.chart.alternative))
        return Drawing(
          vector: Array(vector.utf8), picture: try? sketch.png(scale: Self.scale), width: sketch.width,
          height: sketch.height)
      }
      known[key] = .some(drawing)
      return drawing
    }
  }
}

extension Sheet {
  /// The drawing of a chart, and what it says about itself: mark, as-of date, source.
  func drawing(of chart: Chart, _ portion: Int?) -> Drawings.Drawing? {
    var first = mark(of: portion).map { [$0] } ?? []
    if let asOf = product.infoCutoff { first.append("As of \(asOf.words(in: site.zone)).") }
    let source = "Source: \(site.name), \(isDraft ? "draft" : product.serial)."
    return product.drawings.drawing(
      Drawings.Key(chart: chart, footer: [(first + [source]).joined(separator: " ")]))
  }
}
