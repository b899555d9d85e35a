// A drawing as SVG 1.1: no script, no link, no outside resource, no clock. Colours for light paper stand as attributes,
// so that a reader without style sheets shows them; the one rule changes them where the page is dark.

extension Sketch {
  /// - Parameters: of the whole, for those who do not see it.
  package func svg(title: String, description: String) -> String {
    var inks: [Ink] = []
    func name(_ ink: Ink) -> String {
      if let known = inks.firstIndex(of: ink) { return "i\(known)" }
      inks.append(ink)
      return "i\(inks.count - 1)"
    }
    func fill(_ ink: Ink) -> String { "class=\"\(name(ink))\" fill=\"\(Self.hex(ink.light))\"" }
    var body = "<rect width=\"100%\" height=\"100%\" \(fill(paper))/>\n"
    for shape in shapes {
      switch shape {
      case .polygon(let points, let ink): body += "<polygon points=\"\(Self.list(points))\" \(fill(ink))/>\n"
      case .path(let points, let ink, let width, let dash):
        body += "<polyline points=\"\(Self.list(points))\" fill=\"none\" class=\"s\(name(ink))\" "
        body += "stroke=\"\(Self.hex(ink.light))\" stroke-width=\"\(Self.number(width))\" stroke-linejoin=\"round\""
        if !dash.isEmpty { body += " stroke-dasharray=\"\(dash.map(Self.number).joined(separator: " "))\"" }
        body += "/>\n"
      case .disc(let centre, let radius, let ink):
        body += "<circle cx=\"\(Self.number(centre.x))\" cy=\"\(Self.number(centre.y))\" "
        body += "r=\"\(Self.number(radius))\" \(fill(ink))/>\n"
      case .text(let words, let at, let size, let ink, let bold, let anchor):
        body += "<text x=\"\(Self.number(at.x))\" y=\"\(Self.number(at.y))\" font-size=\"\(Self.number(size))\""
        if bold { body += " font-weight=\"700\"" }
        if anchor != .start { body += " text-anchor=\"\(anchor == .middle ? "middle" : "end")\"" }
        body += " \(fill(ink))>\(Self.escaped(words))</text>\n"
      }
    }
    let dark = inks.enumerated().map { index, ink in
      ".i\(index){fill:\(Self.hex(ink.dark))}.si\(index){stroke:\(Self.hex(ink.dark))}"
    }
    let (width, height) = (Self.number(width), Self.number(height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
      font-family="Arial,'Liberation Sans',Helvetica,sans-serif">
      <title>\(Self.escaped(title))</title><desc>\(Self.escaped(description))</desc>
      <style>@media screen and (prefers-color-scheme:dark){\(dark.joined())}</style>
      \(body)</svg>

      """
  }

  private static func hex(_ colour: UInt32) -> String {
    let digits = String(colour & 0xFFFFFF, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  private static func list(_ points: [Point]) -> String {
    points.map { number($0.x) + "," + number($0.y) }.joined(separator: " ")
  }

  /// With at most two decimals; 0 for what is no place on a drawing.
  static func number(_ value: Double) -> String {
    guard value.magnitude < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let whole = hundredths.magnitude / 100
    let rest = hundredths.magnitude % 100
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return sign + String(whole) }
    let decimals = rest < 10 ? "0\(rest)" : rest % 10 == 0 ? String(rest / 10) : String(rest)
    return sign + String(whole) + "." + decimals
  }

  private static func escaped(_ words: String) -> String {
    var out = ""
    for scalar in words.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: out += " "
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
