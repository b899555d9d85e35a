// The lists that a bulletin without `lists` takes from its template. One that does not exist brings nobody, and where
// another list brings readers nothing else would tell.

import Authoring
import Bulletins
import Distribution
import SiteFiles

enum DefaultLists {
  /// F07 for each that the bulletin takes and that does not exist, at its place in template.yaml.
  static func missing(_ file: BulletinFile, in workspace: Workspace) -> [Finding] {
    let front = file.read.document.frontMatter
    // While a list cannot be read, nobody knows which there are.
    guard front.lists == nil, front.to == nil, !workspace.lists.unread.contains(.list),
      let template = workspace.templates[front.series]
    else { return [] }
    let known = Set(workspace.lists.lists.map(\.list.id))
    let path = "templates/\(template.series)/template.yaml"
    return template.defaultLists.filter { !known.contains($0) }.map { id in
      let hint = Suggestion.hint(for: id, in: known)
      return Finding(
        rule: "F07", severity: .error, place: place(of: id, in: path, workspace),
        message: "no list is called `\(id)`, which the series \(template.series) takes by default",
        explanation: hint.isEmpty ? "Mend `default-lists` of the template, or name `lists` in the bulletin." : hint)
    }
  }

  /// Looked for only when something is wrong: a template keeps no places.
  private static func place(of id: String, in path: String, _ workspace: Workspace) -> Place {
    let bytes = workspace.sources.first { $0.path == path }?.bytes
    let value = bytes.flatMap { try? YAMLReader.read($0) }?["default-lists"]
    let named = (value?.list ?? [value].compactMap { $0 }).first { $0.text == id }
    return Place(file: path, line: named?.position.line ?? 1, column: named?.position.column ?? 1)
  }
}
