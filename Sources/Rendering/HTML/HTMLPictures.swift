// Figures, charts and the card of a subject as HTML. Pictures travel under neutral names; where one is missing or
// blocked, its words stand in its place.

import Bulletins
import Markings
import Pictures

extension HTMLBody {
  /// Adds a picture under a neutral name and writes its element; without the picture its words stand in a frame.
  mutating func picture(_ file: String, alternative: String, widest: Int) {
    guard let picture = sheet.product.pictures[file], picture.width > 0 else { return words(for: alternative) }
    let image: RenderedImage
    if let place = imagePlaces[file] {
      image = images[place]
    } else {
      let name = "figure-\(imagePlaces.count + 1)"
      image = RenderedImage(
        contentID: contentID(name), fileName: name + (picture.mediaType == "image/jpeg" ? ".jpg" : ".png"),
        mediaType: picture.mediaType, bytes: picture.bytes)
      imagePlaces[file] = images.count
      images.append(image)
    }
    let width = min(picture.width, widest)
    element(image, alternative, width: width, height: max(1, picture.height * width / picture.width))
  }

  private func contentID(_ name: String) -> String { "\(name).\(sheet.variant.id)@\(sheet.site.id).invalid" }

  private mutating func words(for alternative: String) {
    writer.raw("<div class=\"rule\" style=\"border:1px solid #c9d0d8;padding:10px 12px;\">[Picture: ")
    writer.text(alternative)
    writer.raw("]</div>")
  }

  private mutating func element(_ image: RenderedImage, _ alternative: String, width: Int, height: Int) {
    writer.raw("<img src=\"cid:")
    writer.text(image.contentID)
    writer.raw("\" alt=\"")
    writer.text(alternative)
    writer.raw("\" width=\"")
    writer.number(width)
    writer.raw("\" height=\"")
    writer.number(height)
    writer.raw("\" style=\"display:block;max-width:100%;height:auto;border:0;\">")
  }

  mutating func figure(_ figure: Figure, _ portion: Int?) {
    writer.raw("<figure style=\"margin:14px 0 0;\">")
    picture(figure.file, alternative: figure.alternative, widest: 616)
    writer.raw("<figcaption class=\"muted\" style=\"margin:6px 0 0;font-size:14px;color:#515b67;\">")
    mark(portion)
    writer.text(figure.caption)
    writer.raw("</figcaption></figure>\n")
  }

  // MARK: Charts

  /// Title, drawing and the data; the data is left out where it is the table right before the chart.
  mutating func chart(_ chart: Chart, _ portion: Int?) {
    // A caption: on paper it stays with what follows.
    writer.raw("<p class=\"wide\" style=\"margin:18px 0 0;font-size:15px;font-weight:600;\">")
    writer.mark(sheet.mark(of: portion))
    writer.text(chart.title)
    writer.raw("</p>\n")
    if let drawing = sheet.drawing(of: chart, portion) {
      writer.raw("<div class=\"chart\" style=\"margin:8px 0 14px;\">")
      drawn(drawing, chart.alternative)
      writer.raw("</div>\n")
    } else {
      writer.raw("<p class=\"muted\" style=\"margin:4px 0 14px;font-size:14px;color:#515b67;\">")
      writer.text(chart.alternative)
      writer.raw("</p>\n")
    }
    if let grid = chart.grid { table(grid, label: nil) }
  }

  private mutating func drawn(_ drawing: Drawings.Drawing, _ alternative: String) {
    guard let picture = drawing.picture else { return words(for: alternative) }
    charts += 1
    let name = "chart-\(charts)"
    let image = RenderedImage(
      contentID: contentID(name), fileName: name + ".png", mediaType: picture.mediaType.rawValue, bytes: picture.bytes)
    images.append(
      RenderedImage(
        contentID: image.contentID, fileName: name + ".svg", mediaType: "image/svg+xml", bytes: drawing.vector))
    images.append(image)
    let width = 400.0
    element(image, alternative, width: Int(width), height: Int((drawing.height * width / drawing.width).rounded()))
  }

  // MARK: Subjects

  /// What can hurt comes first: verify, the name, cautions; then the photo beside the fields, above them on a phone.
  mutating func card(_ subject: Subject, _ portion: Int?) {
    let card = SubjectCard(subject)
    writer.raw(
      "<table role=\"presentation\" class=\"rule\" style=\"width:100%;margin:12px 0 0;border-collapse:collapse;table-layout:fixed;border:1px solid #c9d0d8;\">\n<tr><td class=\"warn\" style=\"background:#fff4d6;border-bottom:1px solid #e3c77c;color:#6b4200;font-weight:700;font-size:14px;padding:7px 14px;\">"
    )
    writer.text(card.warning)
    writer.raw(
      "</td></tr>\n<tr><td style=\"padding:12px 14px;\"><p style=\"margin:0;font-size:18px;line-height:1.35;font-weight:700;\">"
    )
    writer.mark(subject.mark.map(\.text) ?? sheet.mark(of: portion))
    writer.text(card.name)
    writer.raw("</p>\n")
    if let caution = card.caution {
      writer.raw(
        "<p style=\"margin:8px 0 0;font-size:16px;\"><span class=\"muted\" style=\"color:#515b67;font-size:15px;\">")
      writer.text(caution.label)
      writer.raw("</span> <strong class=\"alert\" style=\"color:#a01616;letter-spacing:.02em;\">")
      writer.text(caution.words)
      writer.raw("</strong></p>\n")
    }
    let photo = subject.photo
    if let photo {
      // Two boxes that stand side by side where there is room for both: no style sheet is needed for it.
      writer.raw(
        "<div class=\"photo\" style=\"display:inline-block;vertical-align:top;width:216px;max-width:100%;margin:10px 0 0;\"><div style=\"padding:0 16px 0 0;\">"
      )
      picture(photo, alternative: card.photoWords, widest: 200)
      writer.raw("</div></div>")
    }
    if !card.lines.isEmpty {
      writer.raw(
        photo == nil
          ? "<div>" : "<div style=\"display:inline-block;vertical-align:top;width:340px;max-width:100%;\">")
      fields(card.lines)
      writer.raw("</div>\n")
    }
    writer.raw("</td></tr></table>\n")
  }

  private mutating func fields(_ lines: [SubjectCard.Line]) {
    writer.raw(
      "<table style=\"border-collapse:collapse;margin:8px 0 0;font-size:15px;line-height:1.4;font-variant-numeric:tabular-nums;\">"
    )
    for line in lines {
      writer.raw(
        "<tr><th scope=\"row\" class=\"muted\" style=\"color:#515b67;font-weight:400;text-align:left;vertical-align:top;padding:2px 14px 2px 0;white-space:nowrap;\">"
      )
      writer.text(line.label)
      writer.raw("</th><td style=\"vertical-align:top;padding:2px 0;\">")
      writer.text(line.words)
      writer.raw("</td></tr>\n")
    }
    writer.raw("</table>\n")
  }
}
