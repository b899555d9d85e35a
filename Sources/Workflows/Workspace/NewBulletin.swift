// `revere new`: the file that a draft becomes. It is written once, whole, and never over another.

package import Bulletins

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

  /// The path in the workspace under which a bulletin of this name can be written.
  package static func path(
    _ stem: String, series: String, in files: some WorkspaceFiles
  ) throws(WorkspaceProblem) -> String {
    let path = "bulletins/\(stem).md"
    guard isStem(stem) else {
      throw WorkspaceProblem(
        .notWritable, path, "a bulletin's file name has small letters, digits and hyphens only",
        hint: "for example \(series)-route-24")
    }
    guard !files.exists(path) else {
      throw WorkspaceProblem(.exists, path, "there is such a bulletin already", hint: "choose another name")
    }
    return path
  }

  /// Writes the file and tells its path in the workspace.
  package static func write(
    _ draft: BulletinDraft, stem: String, files: some WorkspaceFiles
  ) throws(WorkspaceProblem) -> String {
    let path = try path(stem, series: draft.template.series, in: files)
    try files.write(Array(draft.text.utf8), to: path)
    return path
  }
}
