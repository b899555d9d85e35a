// Everything that a site has said, read once: settings, vocabularies, templates, lists, policy, layouts and notices.
// A value; whoever holds one decides with one state of the site.

package import Authoring
package import Bulletins
package import Distribution
import Foundation
package import Markings
import Pictures
package import Rendering
import SiteFiles

/// Work that cannot go on because of what files say; each finding names its place.
package struct FindingsFailure: Error {
  package var summary: String
  package var findings: [Finding]
  package init(_ summary: String, _ findings: [Finding]) {
    self.summary = summary
    self.findings = findings
  }
}

package struct Workspace: Sendable {
  package var settings: SiteSettings
  package var vocabulary: LoadedVocabulary
  package var templates: [String: SeriesTemplate]
  package var lists: SiteLists
  /// The picture of the masthead, encoded anew; nil shows the site's letters.
  package var seal: PrintedPicture?
  /// nil when a layout or notice cannot be used; the findings say which.
  package var layouts: Layouts?
  /// What was wrong outside the lists and the policy, which have findings of their own.
  package var findings: [Finding]
  /// The bytes that all of this was read from.
  package var sources: [ListFile]

  package var site: Site { settings.site }
  package var policy: ReleasePolicy { lists.policy.merged }

  package func readerSettings() -> ReaderSettings {
    ReaderSettings(
      registry: vocabulary.registry, defaultScheme: site.defaultScheme, zone: site.zone, templates: templates)
  }

  /// Why there are no layouts: no product can be made.
  package var layoutFindings: [Finding] { layouts == nil ? findings.filter { $0.rule == "M10" } : [] }

  /// Errors anywhere: nothing may be decided by such a workspace.
  package var hasErrors: Bool {
    lists.hasErrors || (findings + vocabulary.findings).contains { $0.severity == .error }
  }

  /// The same, and everything for which the checks of lists and policy refuse a site: an id that names nobody, a policy
  /// by which LES can be met without FOUO. Nothing is released or sent by such a workspace.
  package func refusals(now: Instant) -> [Finding] {
    CheckLists.findings(self, now: now).filter { $0.severity == .error }
  }

  /// Names of slugs for the audience line of products; towns are regions there.
  package var names: [String: [String: String]] {
    var names = vocabulary.names
    names["regions", default: [:]].merge(names["municipalities"] ?? [:]) { region, _ in region }
    return names
  }
}

package enum WorkspaceLoading {
  /// A stakeholder list of a large site is the largest file.
  private static let fileLimit = 256 << 20

  /// Reads revere.yaml.
  package static func settings(_ files: some WorkspaceFiles) throws -> SiteSettings {
    let path = SettingsReader.file
    let bytes = try files.read(path, limit: 1 << 20)
    let read: (settings: SiteSettings?, problems: [FileProblem])
    do throws(FileProblem) {
      read = try SettingsReader.read(bytes)
    } catch {
      read = (nil, [error])
    }
    if let settings = read.settings, read.problems.isEmpty { return settings }
    throw FindingsFailure("\(path) cannot be used", read.problems.map { finding($0, in: path) })
  }

  /// Reads the rest. What is wrong is among the findings; only files that cannot be read at all throw.
  package static func load(_ files: some WorkspaceFiles, settings: SiteSettings) throws -> Workspace {
    let vocabularyFiles = try read(["templates/vocab", "vocab"], ending: ".csv", files)
    let vocabulary = VocabularyLoader.load(vocabularyFiles)
    let listFiles = try read(
      [SiteListsLoader.folder, SiteListsLoader.folder + "/lists", SiteListsLoader.folder + "/decisions"], ending: "",
      files)
    var findings: [Finding] = []
    let layoutFiles = try read(["templates/layouts"], ending: ".mustache", files)
    let noticeFiles = try read(["templates/notices"], ending: ".txt", files)
    let (templates, templateFiles) = try templates(files, &findings)
    let (seal, sealFiles) = seal(settings.sealFile, files, &findings)
    return Workspace(
      settings: settings, vocabulary: vocabulary, templates: templates,
      lists: SiteListsLoader.load(listFiles, vocabulary: vocabulary.vocabulary), seal: seal,
      layouts: layouts(layoutFiles, noticeFiles, &findings), findings: findings,
      sources: [ListFile(path: SettingsReader.file, bytes: try files.read(SettingsReader.file, limit: 1 << 20))]
        + vocabularyFiles + listFiles + layoutFiles + noticeFiles + templateFiles + sealFiles)
  }

  private static func templates(
    _ files: some WorkspaceFiles, _ findings: inout [Finding]
  ) throws -> (templates: [String: SeriesTemplate], sources: [ListFile]) {
    var templates: [String: SeriesTemplate] = [:]
    var sources: [ListFile] = []
    for series in files.names(in: "templates") where files.exists("templates/\(series)/template.yaml") {
      let path = "templates/\(series)/template.yaml"
      let yaml = try files.read(path, limit: 1 << 20)
      let textPath = "templates/\(series)/template.md"
      let text = files.exists(textPath) ? try files.read(textPath, limit: 1 << 20) : []
      let (template, found) = TemplateReader.read(yaml: yaml, startingText: text, series: series, file: path)
      templates[series] = template
      findings += found
      sources += [ListFile(path: path, bytes: yaml), ListFile(path: textPath, bytes: text)]
    }
    let all = templates.values.sorted { $0.series < $1.series }
    findings += CheckTemplates.repeatedCodes(
      all, places: all.map { Place(file: "templates/\($0.series)/template.yaml") }, others: templates)
    return (templates, sources)
  }

  /// A seal that cannot be used is a warning: the letters stand in for it, and a bulletin is not held up.
  private static func seal(
    _ path: String?, _ files: some WorkspaceFiles, _ findings: inout [Finding]
  ) -> (seal: PrintedPicture?, sources: [ListFile]) {
    guard let path else { return (nil, []) }
    func warn(_ message: String, _ hint: String) {
      findings.append(
        Finding(
          rule: "S05", severity: .warning, place: Place(file: SettingsReader.file),
          message: "`site.seal`: `\(path)`: \(message)",
          explanation: hint.isEmpty ? "A square PNG of 104 pixels or more, in the workspace." : hint))
    }
    do throws(WorkspaceProblem) {
      let bytes = try files.read(path, limit: 1 << 20)
      do throws(PictureProblem) {
        let picture = try PictureCodec.reencode(bytes)
        return (PrintedPicture(picture), [ListFile(path: path, bytes: bytes)])
      } catch {
        warn(error.message, error.hint)
      }
    } catch {
      warn(error.message, error.hint)
    }
    return (nil, [])
  }

  private static func layouts(
    _ pages: [ListFile], _ notices: [ListFile], _ findings: inout [Finding]
  ) -> Layouts? {
    func byStem(_ files: [ListFile], _ ending: String) -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: files.map {
          (stem($0.path, ending), String(decoding: $0.bytes, as: UTF8.self))
        })
    }
    do throws(LayoutProblem) {
      return try Layouts(pages: byStem(pages, ".mustache"), notices: byStem(notices, ".txt"))
    } catch {
      findings.append(
        Finding(
          rule: "M10", severity: .error,
          place: Place(
            file: error.name.contains(".")
              ? "templates/layouts/\(error.name).mustache" : "templates/notices/\(error.name).txt"),
          message: "`\(error.name)`: \(error.message)",
          explanation: error.hint))
      return nil
    }
  }

  private static func stem(_ path: String, _ ending: String) -> String {
    String((path.split(separator: "/").last ?? "").dropLast(ending.count))
  }

  /// The files of some folders, one level deep.
  private static func read(
    _ folders: [String], ending: String, _ files: some WorkspaceFiles
  ) throws -> [ListFile] {
    var read: [ListFile] = []
    for folder in folders {
      for name in files.names(in: folder) where name.hasSuffix(ending) {
        let path = folder + "/" + name
        if files.isFolder(path) { continue }
        read.append(ListFile(path: path, bytes: try files.read(path, limit: fileLimit)))
      }
    }
    return read
  }

  static func finding(_ problem: FileProblem, in path: String) -> Finding {
    let rule =
      switch problem.code {
      case .unknownKey, .repeatedKey: "F02"
      case .missingKey: "F01"
      default: "F03"
      }
    return Finding(
      rule: rule, severity: .error,
      place: Place(file: path, line: problem.position.line, column: problem.position.column),
      message: problem.message, explanation: problem.hint)
  }
}
