// `revere templates check`: what is wrong with the series of a folder. A template that cannot be read (F01 to F03), what
// its files say about each other and about the site (T01 to T06), and what the check finds in its starting text once
// that is filled in as `revere new` fills it: whoever begins a bulletin should not begin with somebody else's mistakes.

import Authoring
package import Bulletins
import Distribution
package import Markings
import SiteFiles

package enum CheckTemplates {
  /// - Parameters:
  ///   - series: folders in `files`, each with a template.yaml.
  ///   - path: what findings write before the path of a file.
  package static func findings(
    series: [String], in files: some WorkspaceFiles, path: String, workspace: Workspace, now: Instant
  ) throws(WorkspaceProblem) -> [Finding] {
    var workspace = workspace
    var read: [TemplateFiles] = []
    var findings: [Finding] = []
    for name in series {
      let (template, found) = try TemplateFiles.read(name, in: files, path: path)
      findings += found
      if let template { read.append(template) }
      workspace.templates[name] = template?.template
    }
    findings += repeatedCodes(read.map(\.template), places: read.map { $0.place("code") }, others: workspace.templates)
    findings += workspace.layoutFindings
    for template in read {
      findings += template.findings(in: workspace)
      findings += startingText(template, workspace, now)
    }
    return findings.sorted { ($0.place, $0.rule, $0.message) < ($1.place, $1.rule, $1.message) }
  }

  /// Two series with one code would give two bulletins one serial.
  static func repeatedCodes(
    _ templates: [SeriesTemplate], places: [Place], others: [String: SeriesTemplate]
  ) -> [Finding] {
    zip(templates, places).compactMap { template, place in
      let same = others.values.filter { $0.code == template.code && $0.series != template.series }.map(\.series).min()
      return same.map {
        Finding(
          rule: "T03", severity: .error, place: place,
          message: "the code \(template.code) is that of the series `\($0)` too",
          explanation: "Serials are made of it; give each series its own.")
      }
    }
  }

  private static func startingText(_ files: TemplateFiles, _ workspace: Workspace, _ now: Instant) -> [Finding] {
    guard !files.template.startingText.isEmpty else { return [] }
    var draft = BulletinDraft(template: files.template, workspace: workspace, now: now)
    if let author = workspace.lists.stakeholders.first?.value.id { _ = draft.answer(.author, author) }
    if draft.questions.contains(.event) {
      let today = CivilTime(now, in: workspace.site.zone).date
      _ = draft.answer(.event, "\(CivilDate(daysSince1970: today.daysSince1970 + 30))")
    }
    let name = files.textPath.split(separator: "/").last.map(String.init) ?? files.textPath
    do throws(WorkspaceProblem) {
      let file = try BulletinFile.load(
        name: name, path: files.textPath, folder: FilesInMemory([name: Array(draft.text.utf8)]),
        settings: workspace.readerSettings(), forCheck: true)
      return CheckBulletin.findings(file, in: workspace, now: now).filter {
        !AudienceCheck.ofReaders.contains($0.rule) && $0.rule != BulletinDraft.unwritten && $0.place.file == file.path
      }
    } catch {
      return []
    }
  }
}
