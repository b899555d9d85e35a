// The hand-made product as documents.

import Testing

@testable import Rendering

struct GoldenTests {
  @Test func handMadeProduct() throws {
    let rendered = try Renderer.render(Sample.full())
    let golden = GoldenFolder("hand-made-product", in: "rendered")
    try golden.expect("expected.html", rendered.page(token: "TOKEN").utf8)
    try golden.expect("expected.txt", rendered.plainText(token: "TOKEN").utf8)
  }
}
