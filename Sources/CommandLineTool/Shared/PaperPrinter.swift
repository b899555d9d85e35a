// A product as PDF, by WeasyPrint (BSD licence, Debian package `weasyprint`), a program beside ours: the page goes in by
// its standard input and the PDF comes out of its standard output, so that nothing of a product lies in a file on the
// way and no path can enter the document. PDF/UA-1: tagged, with language and title.

import Foundation
import Rendering
import Workflows

struct PaperPrinter {
  static let program = "weasyprint"
  /// The site's additions to a product's own style sheet: its paper.
  static let styleSheet = "templates/layouts/pdf.css"

  /// What the program needs to find itself, its fonts and a place to work; secrets may stand beside them.
  private static let passedOn: Set<String> = [
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
    "XDG_DATA_DIRS", "FONTCONFIG_FILE", "FONTCONFIG_PATH",
  ]

  private let executable: String
  private let sheet: String

  /// - Throws: WeasyPrint is not installed, or the workspace has no style sheet for paper.
  init(root: String) throws {
    let folders = (Surroundings.value(Surroundings.path) ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    let found = folders.lazy.map { "\($0)/\(Self.program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found else {
      throw CommandFailure(
        .environment, "PDF is made by WeasyPrint, which is not installed here",
        hint: "on Debian and Ubuntu: apt-get install weasyprint; elsewhere put `weasyprint` into the PATH")
    }
    executable = found
    sheet = URL(fileURLWithPath: root + "/" + Self.styleSheet).path
    guard FileManager.default.isReadableFile(atPath: sheet) else {
      throw CommandFailure(
        .environment, "\(Self.styleSheet): the style sheet for paper is missing",
        hint: "restore it; one line, `@page { size: letter; }`, is enough")
    }
  }

  /// - Throws: WeasyPrint failed; its last words are in the failure.
  func pdf(_ rendered: Rendered) throws -> [UInt8] {
    // A program that ends before it has read everything is an error to report, not the end of this one.
    signal(SIGPIPE, SIG_IGN)
    let process = Process()
    let (page, document, words) = (Pipe(), Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = [
      "--quiet", "--encoding", "utf-8", "--base-url", "about:blank", "--stylesheet", sheet, "--pdf-variant", "pdf/ua-1",
      "-", "-",
    ]
    // A layout of the site that names something remote gets nothing: a product is complete in itself.
    var surroundings = ProcessInfo.processInfo.environment.filter { Self.passedOn.contains($0.key) }
    for name in ["http_proxy", "https_proxy", "ftp_proxy"] { surroundings[name] = "http://127.0.0.1:9" }
    process.environment = surroundings
    process.standardInput = page
    process.standardOutput = document
    process.standardError = words
    do {
      try process.run()
    } catch {
      throw CommandFailure(.environment, "\(executable) cannot be started")
    }
    // It reads the whole page before it writes, and hardly speaks: one pipe after the other cannot block.
    let isRead = (try? page.fileHandleForWriting.write(contentsOf: Data(rendered.paper().utf8))) != nil
    try? page.fileHandleForWriting.close()
    let bytes = (try? document.fileHandleForReading.readToEnd()) ?? Data()
    let said = (try? words.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    guard isRead, process.terminationStatus == 0, bytes.starts(with: Data("%PDF-".utf8)) else {
      let last = String(decoding: said, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? "no word"
      throw CommandFailure(
        .environment, "WeasyPrint made no PDF (exit status \(process.terminationStatus)): \(last)",
        hint: "try `weasyprint --info`; version 57 or newer is needed")
    }
    return [UInt8](bytes)
  }
}
