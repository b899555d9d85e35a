// Reading a bulletin of 12 KB (front matter, tree, portions, labels) and rendering one variant as HTML and text, beside
// cmark-gfm parsing the same bytes with the same extensions and rendering HTML, or HTML and plain text; they take turns.

import Authoring
import Bulletins
import CMarkGFM
import Distribution
import Foundation
import Markings
import Rendering
import Workflows

enum ReadingMeasure {
  private static let size = 12_288
  private static let rounds = 41
  private static let repetitions = 12

  /// - Parameter workspace: one made by `revere init --sample`; its officer safety bulletin is grown to 12 KB.
  static func run(workspace path: String) throws -> Figures {
    let files = FolderOnDisk(root: path)
    let workspace = try WorkspaceLoading.load(files, settings: try WorkspaceLoading.settings(files))
    guard let layouts = workspace.layouts, let template = workspace.templates["officer-safety"] else {
      throw MeasureFailure("the layouts or the template cannot be used")
    }
    let name = "officer-safety-conversion-devices.md"
    let bytes = try grown(files.read("bulletins/" + name, limit: 1 << 20))
    let folder = FolderOnDisk(root: path + "/bulletins")
    let pictures = try BulletinFile.load(
      name: name, path: name, folder: folder, settings: workspace.readerSettings()
    ).pictures
    let now = Instant(seconds: 1_795_366_800)
    let settings = workspace.readerSettings()

    func read() -> (document: ReadBulletin, labels: PortionLabels, revision: Revision) {
      let read = BulletinReader.read(bytes, file: name, settings: settings)
      let revision = Revision(
        bulletin: "measure", hash: "sha256:0", document: read.document, template: template, decisions: .none)
      return (read, PortionLabels(revision, site: workspace.site), revision)
    }
    let once = read()
    let assembly = ProductAssembly(
      once.revision, pictures: pictures, workspace: workspace, layouts: layouts, serial: "CFC-OS-2026-0042",
      releasedAt: now)
    var all = PortionSet(count: once.labels.portions.count)
    for portion in once.labels.portions.indices { all.insert(portion) }
    let key = VariantKey(visible: all, cut: false)
    guard !once.document.document.faults.contains(.invalid),
      let product = try assembly.variant(key, channel: .emailTLS, hasPortal: false)
    else { throw MeasureFailure("the bulletin of the measure is not valid") }

    var parts: [[Double]] = [[], [], [], []]
    for _ in 0..<rounds {
      parts[0].append(each { _ = read() })
      parts[1].append(try each { _ = try assembly.variant(key, channel: .emailTLS, hasPortal: false) })
      parts[2].append(try each { _ = try peer(bytes, withText: false) })
      parts[3].append(try each { _ = try peer(bytes, withText: true) })
    }
    let read = parts[0]
    let render = parts[1]
    let ours = zip(read, render).map(+)
    return Figures(values: [
      "bytes": Double(bytes.count), "portions": Double(once.labels.portions.count),
      "html-bytes": Double(product.rendered.html.utf8.count), "text-bytes": Double(product.rendered.text.utf8.count),
      "read-ms": 1000 * Stopwatch.median(read), "render-ms": 1000 * Stopwatch.median(render),
      "cmark-html-ms": 1000 * Stopwatch.median(parts[2]), "cmark-html-text-ms": 1000 * Stopwatch.median(parts[3]),
      "ratio-html": Stopwatch.median(zip(ours, parts[2]).map(/)),
      "ratio-html-text": Stopwatch.median(zip(ours, parts[3]).map(/)),
    ])
  }

  /// Seconds for one of some repetitions.
  private static func each(_ work: () throws -> Void) rethrows -> Double {
    try Stopwatch.seconds { for _ in 0..<repetitions { try work() } } / Double(repetitions)
  }

  /// The sections from Threat up to Person, again and again, under headings of their own.
  static func grown(_ bytes: [UInt8]) throws -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let from = text.range(of: "## (U) Threat"), let to = text.range(of: "## (U) Person to look out for") else {
      throw MeasureFailure("the sample bulletin has other sections now")
    }
    let lines = text[from.lowerBound..<to.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
    var result = Array(text.utf8)
    var number = 1
    while result.count < size {
      for line in lines where result.count < size || !line.isEmpty {
        result += Array((line.hasPrefix("## ") ? "\(line), part \(number)" : String(line)).utf8) + [10]
      }
      number += 1
    }
    return result
  }

  /// cmark-gfm by itself.
  private static func peer(_ bytes: [UInt8], withText: Bool) throws -> Int {
    cmark_gfm_core_extensions_ensure_registered()
    let options = CMARK_OPT_FOOTNOTES | CMARK_OPT_SOURCEPOS
    guard let parser = cmark_parser_new(options) else { throw MeasureFailure("cmark-gfm gave no parser") }
    defer { cmark_parser_free(parser) }
    for name in ["table", "strikethrough", "autolink"] {
      guard let found = cmark_find_syntax_extension(name) else { throw MeasureFailure("cmark-gfm has no \(name)") }
      cmark_parser_attach_syntax_extension(parser, found)
    }
    bytes.withUnsafeBytes { cmark_parser_feed(parser, $0.bindMemory(to: CChar.self).baseAddress, $0.count) }
    guard let root = cmark_parser_finish(parser) else { throw MeasureFailure("cmark-gfm gave no document") }
    defer { cmark_node_free(root) }
    guard let html = cmark_render_html(root, options, cmark_parser_get_syntax_extensions(parser)) else {
      throw MeasureFailure("cmark-gfm gave no HTML")
    }
    defer { free(html) }
    var length = strlen(html)
    if withText, let text = cmark_render_plaintext(root, options, 72) {
      length += strlen(text)
      free(text)
    }
    return length
  }
}
