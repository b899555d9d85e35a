// One variant in, HTML and plain text out. Pure: the same product gives the same bytes.

package import Bulletins
import Markings

package enum Renderer {
  /// - Throws: a notice that the variant needs has no text.
  package static func render(_ product: Product) throws(LayoutProblem) -> Rendered {
    try requireNotices(product)
    let sheet = Sheet(product)
    let page = HTMLFrame(sheet: sheet).page()
    let text = TextFrame(sheet: sheet).page()
    return Rendered(
      id: product.variant.id, html: page.html, text: text, subject: sheet.subject, banner: product.variant.banner,
      images: page.images)
  }

  /// - Throws: `templates/notices/` has no text for why the notice is sent, or for a notice that it needs itself.
  package static func render(_ notice: NoticeProduct) throws(LayoutProblem) -> Rendered {
    let product = notice.product
    try requireNotices(product)
    let sheet = Sheet(product)
    guard let words = sheet.words(of: notice.why) else { throw missing(notice.why.rawValue) }
    var images: [RenderedImage] = []
    let html = HTMLFrame(sheet: sheet).page(saying: words, isWarning: notice.isWarning, &images)
    let text = TextFrame(sheet: sheet).page(saying: words)
    return Rendered(
      id: notice.id, html: html, text: text, subject: sheet.subject, banner: notice.banner, images: images)
  }

  /// The words of a subject line: portion mark, title, and the serial where the title is only the series' public name.
  package static func subject(_ title: MarkedText, serial: String?) -> String {
    cleaned([title.mark?.text, title.text, serial].compactMap { $0 }.joined(separator: " "))
  }

  static func requireNotices(_ product: Product) throws(LayoutProblem) {
    for kind in product.variant.notices where !product.layouts.noticeKinds.contains(kind) {
      throw missing(kind.rawValue)
    }
  }

  static func missing(_ stem: String) -> LayoutProblem {
    LayoutProblem(
      name: stem, message: "this product needs a notice that has no text",
      hint: "write templates/notices/\(stem).txt")
  }
}
