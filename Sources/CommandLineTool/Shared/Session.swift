// What most verbs begin with: the workspace's folder, its settings, a clock, and failures turned into words.

import Bulletins
import Distribution
import Foundation
import Mail
import Markings
import Rendering
import SiteFiles
import Store
import Workflows

struct Session {
  let root: String
  let clock: OperatingClock
  let files: FolderOnDisk
  let settings: SiteSettings
  /// False where the ledger's place is a guess, revere.yaml being too broken to tell: nothing is made there.
  let knowsStore: Bool

  init(_ options: GlobalOptions) throws {
    let files = FolderOnDisk(root: try options.root())
    try self.init(options, files, try Self.words { try WorkspaceLoading.settings(files) })
  }

  /// For the switches and what lists them, which must work when revere.yaml has errors: these are said on standard
  /// error, with the ledger that is taken (decision 0065).
  init(forSwitches options: GlobalOptions) throws {
    let files = FolderOnDisk(root: try options.root())
    let read = SalvagedSettings.read(files)
    let named = Surroundings.value(Surroundings.store)
    try self.init(options, files, read.settings, knowsStore: read.namesStore || named != nil)
    guard let problem = read.problem else { return }
    if let failure = CommandFailure(problem) {
      for finding in failure.findings { Terminal.error(FindingsOutput.text(finding)) }
      Terminal.error("revere: \(failure)")
    }
    let why =
      named != nil
      ? "as \(Surroundings.store) says"
      : read.namesStore
        ? "as its `store` says"
        : "the default, for its `store` cannot be read; if the center's is another, name it with \(Surroundings.store)"
    Terminal.error("going on without it; the ledger is \(settings.store), \(why)")
  }

  private init(
    _ options: GlobalOptions, _ files: FolderOnDisk, _ settings: SiteSettings, knowsStore: Bool = true
  ) throws {
    root = files.root
    clock = try options.clock()
    self.files = files
    var settings = settings
    if let store = Surroundings.value(Surroundings.store) { settings.store = store }
    self.settings = settings
    self.knowsStore = knowsStore
  }

  func store(creating: Bool = false) throws -> SQLStore {
    try StoreOpening.open(settings.store, root: root, now: clock.now, creating: creating)
  }

  /// Templates, vocabularies, lists and policy; errors among them are left to the verb.
  func workspace() throws -> Workspace {
    try Self.words { try WorkspaceLoading.load(files, settings: settings) }
  }

  /// As `workspace`, and nothing in it is an error.
  func soundWorkspace() throws -> Workspace {
    let workspace = try workspace()
    let refusals = workspace.refusals(now: clock.now)
    guard refusals.isEmpty else {
      throw CommandFailure(
        .environment, "lists, policy or templates have errors; nothing is decided by them",
        hint: "see `revere lists check`", findings: refusals)
    }
    return workspace
  }

  /// A path as the caller's shell sees it, else one inside the workspace.
  func url(ofBulletin path: String) -> URL {
    let here = URL(fileURLWithPath: path)
    return FileManager.default.fileExists(atPath: here.path)
      ? here : URL(fileURLWithPath: root).appendingPathComponent(path)
  }

  func bulletin(_ path: String, in workspace: Workspace, forCheck: Bool = false) throws -> BulletinFile {
    let url = url(ofBulletin: path)
    return try Self.words {
      try BulletinFile.load(
        name: url.lastPathComponent, path: path,
        folder: FolderOnDisk(root: url.deletingLastPathComponent().path), settings: workspace.readerSettings(),
        forCheck: forCheck)
    }
  }

  func allBulletins() -> [String] {
    files.names(in: "bulletins").filter { $0.hasSuffix(".md") }.map { root + "/bulletins/" + $0 }
  }

  /// Runs a verb and turns the errors of the layers below into a failure with words.
  static func words<Value>(_ work: () throws -> Value) throws -> Value {
    do { return try work() } catch { throw CommandFailure(error) ?? error }
  }
}

extension Session {
  /// By id or address.
  func reader(_ name: String, in workspace: Workspace) throws -> Reader {
    let readers = workspace.lists.readers()
    if let reader = readers.first(where: { $0.id == name }) { return reader }
    if let reader = readers.first(where: { $0.stakeholder.email?.lowercased() == name.lowercased() }) { return reader }
    throw CommandFailure(
      .usage, "no reader has the id or address `\(name)`", hint: Suggestion.hint(for: name, in: readers.map(\.id)))
  }

  /// The bulletin as a draft, with what was recorded about exactly this revision.
  func assembly(_ file: BulletinFile, in workspace: Workspace) throws -> ProductAssembly {
    guard let layouts = workspace.layouts else {
      throw CommandFailure(.environment, "templates/layouts or templates/notices cannot be used")
    }
    let (revision, findings) = RevisionBuilding.revision(
      file, in: workspace, recorded: try recordedDecisions(file.hash), now: clock.now)
    for finding in findings { Terminal.error(FindingsOutput.text(finding)) }
    return ProductAssembly(revision, pictures: file.pictures, workspace: workspace, layouts: layouts)
  }

  /// There is a database already; looking makes none.
  var hasStore: Bool {
    guard settings.store.hasPrefix("sqlite:") else { return false }
    let path = String(settings.store.dropFirst("sqlite:".count))
    return FileManager.default.fileExists(atPath: path.hasPrefix("/") ? path : root + "/" + path)
  }

  /// What the store holds, when there is one already.
  func recordedDecisions(_ hash: String) throws -> RecordedDecisions {
    guard hasStore else { return .none }
    let store = try store()
    let stored = try Self.words { try store.read { try $0.recordedDecisions(revisionHash: hash) } }
    return .effective(stored, authorities: settings.site.releaseAuthorities, now: clock.now)
  }
}
