// One pass over the bytes of a file before anything is parsed: control characters, references, and floods of the signs that
// cmark-gfm 0.29 needs quadratic time for (images, bare web and mail addresses, columns). No bulletin comes near the
// limits; a file that does is not parsed.

struct ByteScan {
  /// Offset of the first control character other than tab and line ends.
  private(set) var control: Int?
  /// Offsets right behind each `[^`: what may be the label of a reference.
  private(set) var references: [Int] = []
  /// What there is too much of, for a finding.
  private(set) var flood: String?

  static let mostImages = 4_000
  static let mostWebAddresses = 4_000
  static let mostMailSigns = 20_000
  static let mostColumns = 1_000

  init(_ bytes: [UInt8]) {
    var images = 0
    var web = 0
    var mail = 0
    var columns = 0
    let classes = Self.classes
    bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        switch classes[Int(byte)] {
        case 0: break
        case 1: if control == nil { control = index }
        case 2: columns = 0
        case 3: mail += 1
        case 4: if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "[") { images += 1 }
        case 7: if index > 0, bytes[index - 1] == UInt8(ascii: "[") { references.append(index + 1) }
        case 5: if index > 0, bytes[index - 1] | 0x20 == byte | 0x20 { web += 1 }
        default:
          columns += 1
          if columns > Self.mostColumns { flood = "columns in one line" }
        }
        index += 1
      }
    }
    if images > Self.mostImages { flood = "images" }
    if mail > Self.mostMailSigns { flood = "`@` signs" }
    if web > 2 * Self.mostWebAddresses { flood = "web addresses" }
  }

  private static let classes: [UInt8] = (0..<256).map { byte in
    switch UInt8(byte) {
    case 0x0A, 0x0D: 2
    case 0x09: 0
    case 0..<0x20, 0x7F: 1
    case UInt8(ascii: "@"): 3
    case UInt8(ascii: "!"): 4
    case UInt8(ascii: "w"), UInt8(ascii: "W"): 5
    case UInt8(ascii: "|"): 6
    case UInt8(ascii: "^"): 7
    default: 0
    }
  }
}
