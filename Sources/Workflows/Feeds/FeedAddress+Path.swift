// Paths of feeds as addresses.

import Feeds

extension FeedAddress {
  /// - Parameter path: segments, percent-decoded: `["feeds", "all", "2026-11.atom"]`.
  /// - Returns: nil where no feed has such a path; whether this one exists is not looked at.
  package init?(path: [String]) {
    switch path.first {
    case "feeds" where path.count == 2 && path[1] == "cap.atom": self = .capFeed
    case "feeds" where path.count == 2:
      guard let (slug, form) = Self.form(path[1]), slug != FeedSite.capSlug else { return nil }
      self = .page(slug: slug, month: nil, form)
    case "feeds" where path.count == 3:
      guard let (month, form) = Self.form(path[2]), Self.isMonth(month), path[1] != FeedSite.capSlug else { return nil }
      self = .page(slug: path[1], month: month, form)
    case "cap" where path.count == 2 && path[1].hasSuffix(".xml"):
      var name = path[1].dropLast(4)
      let standing = FeedItem.Standing.allCases.first { $0 != .live && name.hasSuffix("-" + $0.rawValue) } ?? .live
      if standing != .live { name = name.dropLast(standing.rawValue.count + 1) }
      guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
      let digits = name[name.index(after: dot)...]
      // One address for one version: no sign, no zero before it.
      guard let version = Int(digits), String(version) == digits, version > 0 else { return nil }
      self = .cap(serial: String(name[..<dot]), version: version, standing)
    default: return nil
    }
  }

  private static func form(_ name: String) -> (String, FeedForm)? {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex,
      let form = FeedForm(rawValue: String(name[name.index(after: dot)...]))
    else { return nil }
    return (String(name[..<dot]), form)
  }

  private static func isMonth(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 7
      && bytes.enumerated().allSatisfy { $0 == 4 ? $1 == 0x2D : (0x30...0x39).contains($1) }
  }
}
