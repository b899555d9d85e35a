// `revere preview FILE`: the product beside its findings in a browser, read again at every save. Loopback alone.

import ArgumentParser
import Bulletins
import Dispatch
import Foundation
import Outbox
import Synchronization
import WebConsole
import Workflows

struct PreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "See the product and its findings in a browser while you write.",
    discussion: """
      Prints an address of this machine to open; it cannot be guessed and ends with the command. The page follows every \
      save of the bulletin, its files, the lists and the templates, and shows the product as any reader would get it. \
      Nothing is stored or sent. End it with Ctrl-C.
      """)

  @Argument(help: "The bulletin file.", completion: .file(extensions: ["md"]))
  var file: String

  @Option(help: "The port on 127.0.0.1; default: a free one.")
  var port = 0

  @Flag(help: "Print the address as a JSON object.")
  var json = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port takes a number up to 65535.") }
  }

  func run() throws {
    let session = try Session(options)
    let url = session.url(ofBulletin: file)
    guard url.pathExtension == "md", FileManager.default.fileExists(atPath: url.path) else {
      throw CommandFailure(.environment, "\(file): there is no such bulletin", hint: "name a file that ends in .md")
    }
    let folder = url.deletingLastPathComponent().path
    let desk = PreviewDesk(
      PreviewDesk.Place(
        site: session.files, folder: FolderOnDisk(root: folder), name: url.lastPathComponent, path: file),
      // Records that cannot be read count as none: the preview then shows less, never more.
      around: { workspace in (try? session.surroundings(of: workspace)) ?? CheckSurroundings() },
      recorded: { hash in (try? session.recordedDecisions(hash)) ?? .none })
    // Watched before the first look: no save is missed between them.
    let watch = try FolderWatch(FolderWatch.folders(ofSite: session.root).union([folder]))
    let show = PreviewShow(desk, session.clock)
    let clock = session.clock
    let server = PreviewServer(
      port: port, milliseconds: { clock.moment.milliseconds }, token: Self.token(), source: show.source,
      saves: show.bell)
    let wantsJSON = json
    let failure = Mutex<String?>(nil)
    let ended = DispatchSemaphore(value: 0)
    Task.detached {
      do {
        try await server.run { port in
          let address = "http://\(PreviewServer.host):\(port)/\(server.token)/"
          Terminal.print(wantsJSON ? JSONLine.encode(["url": address]) : address)
        }
      } catch {
        failure.withLock { $0 = "\(error)" }
      }
      ended.signal()
    }
    Thread.detachNewThread {
      while case .saved = watch.wait() { show.lookAgain() }
    }
    ended.wait()
    throw CommandFailure(
      .environment, "cannot listen on \(PreviewServer.host):\(port): \(failure.withLock { $0 } ?? "it ended")",
      hint: "leave --port out, or see who has this one with `ss -ltnp`")
  }

  /// 128 random bits.
  private static func token() -> String {
    var random = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(random.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
