// `revere render FILE [--as READER --channel CLASS | --all-variants] [--format ..] [-o DIR]`

import ArgumentParser
import Bulletins
import Distribution
import Foundation
import Mail
import Markings
import Rendering
import Workflows

struct RenderCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case html, text, eml, pdf, all }

  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "See a product as one reader would get it, or every variant.",
    discussion: """
      Without --as every variant that somebody would get is written to DIR/VARIANT/. Products are drafts: their \
      serial is DRAFT and they are addressed to nobody. PDF is made by WeasyPrint, where that is installed.
      """)

  @Argument(help: "The bulletin file.", completion: .file(extensions: ["md"]))
  var file: String

  @Option(name: .customLong("as"), help: ArgumentHelp("A reader's id or address.", valueName: "reader"))
  var reader: String?

  @Option(help: "The class of channel; default: the reader's best.")
  var channel: ChannelClass?

  @Flag(help: "Every variant that somebody would get.")
  var allVariants = false

  @Option(help: "html, text, eml, pdf, or all (the first three).")
  var format: Format?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where to write; default for one reader: standard output.", valueName: "dir"))
  var output: String?

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if output?.isEmpty == true { throw ValidationError("Name the folder for the products with -o DIR.") }
    if reader != nil, allVariants { throw ValidationError("--as and --all-variants exclude each other.") }
    if channel != nil, reader == nil { throw ValidationError("--channel goes with --as.") }
    if reader == nil, output == nil { throw ValidationError("Name the folder for the variants with -o DIR.") }
    if reader != nil, output == nil, format == .all { throw ValidationError("--format all needs -o DIR.") }
  }

  func run() throws {
    let session = try Session(options)
    let workspace = try session.soundWorkspace()
    let assembly = try session.assembly(try session.bulletin(file, in: workspace), in: workspace)
    let now = session.clock.now
    let printer = format == .pdf ? try PaperPrinter(root: session.root) : nil
    try Session.words {
      if let reader {
        try renderOne(try session.reader(reader, in: workspace), assembly, session, printer)
        return
      }
      let previews = try RenderPreview.all(
        assembly, readers: workspace.lists.readers(), mail: session.settings.mail, now: now)
      guard !previews.isEmpty else {
        throw CommandFailure(.findings, "nobody gets anything of this bulletin", hint: "see `revere audience \(file)`")
      }
      for preview in previews {
        try write(preview, to: (output ?? ".") + "/" + preview.name, printer)
        Terminal.print("\(preview.name)  \(preview.banner)  \(preview.rendered.subject)")
      }
    }
  }

  private func renderOne(
    _ reader: Reader, _ assembly: ProductAssembly, _ session: Session, _ printer: PaperPrinter?
  ) throws {
    guard let channel = channel ?? reader.stakeholder.channels.first?.served else {
      throw CommandFailure(.findings, "\(reader.id) has no channel", hint: "name one with --channel")
    }
    let (decision, preview) = try RenderPreview.one(
      assembly, reader: reader, endpoint: Endpoint(channel), mail: session.settings.mail, now: session.clock.now)
    guard let preview else {
      let reasons = decision.reasons.map(\.text).joined(separator: "\n  ")
      throw CommandFailure(.findings, "\(reader.id) gets nothing by \(channel.rawValue):\n  \(reasons)")
    }
    if let output { return try write(preview, to: output, printer) }
    switch format ?? .text {
    case .pdf:
      guard let printer, isatty(STDOUT_FILENO) == 0 else {
        throw CommandFailure(
          .usage, "a PDF is nothing for a terminal", hint: "send it to a file: `> product.pdf`, or -o DIR")
      }
      Terminal.write(try printer.pdf(preview.rendered), to: STDOUT_FILENO)
    case .html: Terminal.write(Array(preview.rendered.page().utf8), to: STDOUT_FILENO)
    case .text, .all: Terminal.write(Array(preview.rendered.plainText().utf8), to: STDOUT_FILENO)
    case .eml: Terminal.write(preview.message, to: STDOUT_FILENO)
    }
  }

  private func write(_ preview: Preview, to folder: String, _ printer: PaperPrinter?) throws {
    let files = FolderOnDisk(root: folder)
    if let printer { return try files.write(try printer.pdf(preview.rendered), to: "product.pdf") }
    let format = format ?? .all
    if [.html, .all].contains(format) { try files.write(Array(preview.rendered.page().utf8), to: "product.html") }
    if [.text, .all].contains(format) { try files.write(Array(preview.rendered.plainText().utf8), to: "product.txt") }
    if [.eml, .all].contains(format) { try files.write(preview.message, to: "message.eml") }
  }
}

extension ChannelClass: ExpressibleByArgument {}
