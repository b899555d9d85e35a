// The hash that binds people's decisions to content (site-files.md, last item): what `sha256sum NAME.md FILES.. |
// sha256sum` prints in `bulletins/`, the named files in order of name.

import Bulletins
import Crypto

package enum RevisionHash {
  /// - Parameters:
  ///   - name: the bulletin's file name, `NAME.md`.
  ///   - files: the files that it names, in any order.
  /// - Returns: `sha256:` and 64 hexadecimal digits.
  package static func of(_ name: String, _ bytes: [UInt8], files: [(name: String, bytes: [UInt8])]) -> String {
    var lines = line(name, bytes)
    for file in files.sorted(by: { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }) {
      lines += line(file.name, file.bytes)
    }
    return "sha256:" + sha256(Array(lines.utf8))
  }

  /// 64 hexadecimal digits.
  package static func sha256(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hexadecimal }

  private static func line(_ name: String, _ bytes: [UInt8]) -> String {
    "\(sha256(bytes))  \(name)\n"
  }
}
