// How addresses are compared where mail comes back: in lower case, the domain in A-labels. RFC 5321 lets a server tell
// `Reader@` from `reader@`; none that anybody uses does, and reports change the case.

import Bulletins
import Foundation
import Mail
import Markings
import Outbox
import Store

enum AddressKey {
  static func of(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 >= 0x80 }), let address = try? EmailAddress(text) else {
      return text.lowercased()
    }
    return address.description.lowercased()
  }
}

enum SuppressionWords {
  /// `address out of use until 2027-05-21: hard-bounce: 550 5.1.1 user unknown`; no address in it.
  static func of(_ suppression: Suppression, zone: TimeZone) -> String {
    let until = suppression.expires.map {
      " until " + Instant(seconds: $0.seconds).rfc3339(in: zone).prefix(10)
    }
    return "address out of use\(until ?? ""): \(suppression.reason.rawValue): "
      + suppression.detail.replacingOccurrences(of: suppression.address, with: "(address)", options: .caseInsensitive)
  }
}
