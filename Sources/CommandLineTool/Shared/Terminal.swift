// Standard output and error: text for people, bars on a terminal, plain lines otherwise.

import Foundation

enum Terminal {
  /// The path of the running program, as far as the system tells.
  static var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments.first ?? ""
  }

  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  static func print(_ text: String) { write(harmless(text) + "\n", to: STDOUT_FILENO) }
  static func error(_ text: String) { write(harmless(text) + "\n", to: STDERR_FILENO) }

  /// Words of files and of other machines are printed too: none of them moves the cursor or sets a color.
  static func harmless(_ text: String) -> String {
    func isControl(_ scalar: Unicode.Scalar) -> Bool {
      scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || (0x7F...0x9F).contains(scalar.value)
    }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var clean = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { clean.append(isControl(scalar) ? "\u{FFFD}" : scalar) }
    return String(clean)
  }

  /// A line on standard error that the next one replaces; nothing when it is no terminal.
  static func status(_ text: String) {
    guard isInteractive else { return }
    write("\r\u{1B}[2K" + text, to: STDERR_FILENO)
  }

  /// All bytes, or as many as the other side takes before it closes.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { buffer in
      var sent = 0
      while sent < buffer.count {
        let count = Foundation.write(descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
        if count > 0 { sent += count } else if errno != EINTR { return }
      }
    }
  }
  private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }
}

/// Left-aligned text columns for a terminal.
struct TextColumns {
  private var lines: [[String]] = []
  mutating func add(_ cells: String...) {
    lines.append(cells.last?.isEmpty == true ? cells.dropLast() : cells)
  }

  var text: String {
    let count = lines.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in lines.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return lines.map { cells in
      var line = ""
      for (index, cell) in cells.enumerated() {
        line += cell
        if index + 1 < cells.count { line += String(repeating: " ", count: widths[index] - cell.count + 2) }
      }
      return line
    }.joined(separator: "\n")
  }
}
