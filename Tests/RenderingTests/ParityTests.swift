// Plain text and HTML say the same: nothing is lost in either.

import Bulletins
import Foundation
import Testing

@testable import Rendering

struct ParityTests {
  static let vocabulary = [
    "pistol", "route 24", "3.8%", "Worcester", "stop", "between midnight and four", "caf\u{E9}", "a", "12,000",
    "supercalifragilistic-description-of-a-vehicle", "white", "1991", "Main Street", "officers who approach",
  ]

  private func compare(_ rendered: Rendered, _ note: String) {
    let reading = HTMLReading(rendered.html)
    let text = HTMLReading.words(ofText: rendered.text)
    // Records repeat the names of their columns, so words are compared as sets, and as counts where nothing repeats.
    #expect(Set(reading.words).subtracting(text) == [], "\(note): lost in the text")
    #expect(Set(text).subtracting(reading.words) == [], "\(note): lost in the HTML")
  }

  @Test func sample() throws {
    let rendered = try Renderer.render(Sample.full())
    compare(rendered, "sample")
    #expect(HTMLReading(rendered.html).problems == [])
  }

  @Test func withoutWideTablesTheWordsAreTheSameInNumber() throws {
    var product = try Sample.full()
    product.variant.body = product.variant.body.filter { block in
      if case .table(let grid) = block.content { return grid.header.count <= 4 }
      return true
    }
    let rendered = try Renderer.render(product)
    #expect(HTMLReading(rendered.html).words.sorted() == HTMLReading.words(ofText: rendered.text).sorted())
  }

  @Test(arguments: 0..<60)
  func randomProducts(seed: Int) throws {
    var random = RandomProduct(seed: UInt64(seed)) { generator in
      (0..<Int.random(in: 1...12, using: &generator)).map { _ in Self.vocabulary.randomElement(using: &generator) ?? ""
      }
      .joined(separator: " ")
    }
    compare(try Renderer.render(random.product(layouts: Sample.layouts())), "seed \(seed)")
  }

  @Test(arguments: 0..<60)
  func linesStayWithin72Columns(seed: Int) throws {
    var random = RandomProduct(seed: UInt64(seed)) { generator in
      (0..<Int.random(in: 1...12, using: &generator)).map { _ in Self.vocabulary.randomElement(using: &generator) ?? ""
      }
      .joined(separator: " ")
    }
    let rendered = try Renderer.render(random.product(layouts: Sample.layouts()))
    for line in rendered.plainText().split(separator: "\n") where !line.contains("://") && !line.contains("mailto:") {
      // A flowed line has its space after the last column; a code line is as the author wrote it.
      let isCode = line.contains("    ")
      #expect(line.trimmingSuffix { $0 == " " }.count <= 72 || isCode, "seed \(seed): \(line)")
    }
  }
}

extension StringProtocol {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> SubSequence {
    var end = endIndex
    while end > startIndex, predicate(self[index(before: end)]) { end = index(before: end) }
    return self[startIndex..<end]
  }
}
