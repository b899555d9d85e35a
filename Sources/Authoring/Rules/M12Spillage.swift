// M12: a level above U, anywhere in the file. No classified path exists: the release is refused to everybody.

import Bulletins
import Markings

struct M12Spillage: Rule {
  static let id = "M12"

  func findings(in context: CheckContext) -> [Finding] {
    context.bulletin.marks.compactMap { site in
      guard let level = site.reading.mark?.level, level > .unclassified else { return nil }
      return finding(
        context, line: site.line, column: site.column, "\(site.reading.written) is above U: spillage",
        explanation:
          "\(level.bannerForm) has no place in this system, and the release is refused. Do not copy, mail or "
          + "print the file; call the security officer.")
    }
  }
}
