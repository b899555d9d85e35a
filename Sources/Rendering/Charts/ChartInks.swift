// Colours of charts. Bars and stacks differ in lightness alone, dark to light, with a dark edge, so that they part in
// grey and for every eye; lines differ in hue, dash and the name at their end. On dark paper the order turns round.

import Pictures

enum ChartInks {
  static let paper = Ink(0xFFFFFF, dark: 0x1A2129)
  static let ink = Ink(0x1A2027, dark: 0xDBE2EA)
  static let muted = Ink(0x515B67, dark: 0xA3AFBC)
  static let rule = Ink(0xD5DBE1, dark: 0x3A4653)
  /// Around light areas.
  static let edge = Ink(0x0B2E4F, dark: 0xDCEAF7)

  struct Fill {
    var area: Ink
    /// Words on it.
    var words: Ink
  }

  private static let white: UInt32 = 0xFFFFFF
  private static let black: UInt32 = 0x101820

  /// Of each of at most six series.
  static func fills(_ count: Int) -> [Fill] {
    let areas: [(light: UInt32, dark: UInt32)] =
      switch count {
      case ...1: [(0x0F5AA8, 0x8AB8F0)]
      case 2: [(0x0F4C81, 0x8AB8F0), (0xA9CDEC, 0x2C4F73)]
      case 3: [(0x0B3558, 0xCFE2F3), (0x4A8AC2, 0x5B93C8), (0xCFE2F3, 0x264662)]
      case 4: [(0x0B2E4F, 0xDCEAF7), (0x2A68A3, 0x86B4DF), (0x7FB0DC, 0x3F73A6), (0xDCEAF7, 0x21405E)]
      default:
        [
          (0x0B2E4F, 0xE6F0F9), (0x1F5F99, 0xB5D2EC), (0x4684BC, 0x84B1DC), (0x80B0DB, 0x4D82B5),
          (0xB5D2EC, 0x305C86), (0xE6F0F9, 0x1D3954),
        ]
      }
    return areas.map { area in
      Fill(
        area: Ink(area.light, dark: area.dark),
        words: Ink(isDark(area.light) ? white : black, dark: isDark(area.dark) ? white : black))
    }
  }

  /// White words stand out more than black ones (WCAG 2.2, relative luminance, the middle of its contrast scale).
  private static func isDark(_ colour: UInt32) -> Bool {
    func part(_ shift: UInt32) -> Double {
      let value = Double(colour >> shift & 255) / 255
      // Close enough to the curve of sRGB to choose between two.
      return value * value * (value * 0.2 + 0.8)
    }
    return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0) < 0.22
  }

  /// Of each of at most six lines: contrast of 4.5:1 and better, as their words are written in it too.
  static let lines: [(ink: Ink, dash: [Double])] = [
    (Ink(0x0F5AA8, dark: 0x8AB8F0), []), (Ink(0xA8430A, dark: 0xF0A070), [6, 3]),
    (Ink(0x1A6E52, dark: 0x6CD0A8), [2, 2.5]), (Ink(0x6B3FA0, dark: 0xC4A4F0), [8, 3, 2, 3]),
    (Ink(0x7A5F00, dark: 0xE0C060), [4, 2]), (Ink(0x4A4F57, dark: 0xC0C8D0), [1.5, 1.5]),
  ]
}
