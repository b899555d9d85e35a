// `revere new`: a bulletin file from the starting text of a series. The placeholders {{author}}, {{today}} and
// {{expires}} are filled; everything else is the analyst's.

package import Bulletins
package import Markings

package enum NewBulletin {
  /// A file name without `.md`: small letters, digits and hyphens, so that it can stand in an address.
  package static func isStem(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
      && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
  }

  /// `SERIES-DATE`, with a number behind it when that is taken.
  package static func freeStem(for series: String, today: CivilDate, in files: some WorkspaceFiles) -> String {
    let base = "\(series)-\(today)"
    guard files.exists("bulletins/\(base).md") else { return base }
    var number = 2
    while files.exists("bulletins/\(base)-\(number).md") { number += 1 }
    return "\(base)-\(number)"
  }

  /// Writes the file and tells its path in the workspace.
  package static func run(
    template: SeriesTemplate, stem: String, author: String, site: Site, now: Instant, files: some WorkspaceFiles
  ) throws(WorkspaceProblem) -> String {
    let path = "bulletins/\(stem).md"
    guard isStem(stem) else {
      throw WorkspaceProblem(
        .notWritable, path, "a bulletin's file name has small letters, digits and hyphens only",
        hint: "for example \(template.series)-route-24")
    }
    guard !files.exists(path) else {
      throw WorkspaceProblem(.exists, path, "there is such a bulletin already", hint: "choose another name")
    }
    let today = CivilTime(now, in: site.zone).date
    let expires = CivilDate(daysSince1970: today.daysSince1970 + Int64(template.defaultExpiryDays ?? 30))
    var text = template.startingText
    for (name, value) in [("author", author), ("today", "\(today)"), ("expires", "\(expires)")] {
      text = text.split(separator: "{{\(name)}}", omittingEmptySubsequences: false).joined(separator: value)
    }
    try files.write(Array(text.utf8), to: path)
    return path
  }
}
