// L04: a value that cannot be read as what its key holds, or a file that cannot be read at all.

import Bulletins

package enum L04MalformedValue {
  package static let id = "L04"

  static func finding(at place: Place, _ message: String, hint: String = "") -> Finding {
    Finding(rule: id, severity: .error, place: place, message: message, explanation: hint)
  }
}
