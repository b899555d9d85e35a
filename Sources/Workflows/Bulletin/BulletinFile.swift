// A bulletin as it lies in its folder: the Markdown file, the files that it names, and the hash of all of them.

package import Authoring
package import Bulletins
package import Pictures
import SiteFiles
import Synchronization

package struct BulletinFile: Sendable {
  /// The file stem: the bulletin's identity.
  package var stem: String
  /// As findings name it.
  package var path: String
  package var bytes: [UInt8]
  /// The named files that exist, by name.
  package var files: [(name: String, bytes: [UInt8])]
  package var read: ReadBulletin
  /// What reading found, and files that are missing or are no pictures.
  package var findings: [Finding]
  /// `sha256:..` over the bulletin and its files.
  package var hash: String
  /// Figures and photos, encoded anew from their pixels, by the author's file name; empty when it was loaded for a
  /// check alone.
  package var pictures: [String: Picture]

  /// - Parameters:
  ///   - name: `NAME.md` in `folder`.
  ///   - path: how findings name the file.
  ///   - forCheck: findings are the same, and pictures are not encoded anew: nothing can be rendered from it.
  package static func load(
    name: String, path: String, folder: some WorkspaceFiles, settings: ReaderSettings, forCheck: Bool = false
  ) throws(WorkspaceProblem) -> BulletinFile {
    guard name.hasSuffix(".md"), name.utf8.count > 3 else {
      throw WorkspaceProblem(.notFound, path, "a bulletin is a file whose name ends in .md")
    }
    let bytes: [UInt8]
    do throws(WorkspaceProblem) {
      bytes = try folder.read(name, limit: BulletinReader.sizeLimit)
    } catch {
      // The caller's path says more than the name in its folder.
      throw WorkspaceProblem(error.code, path, error.message, hint: error.hint)
    }
    let beside = FilesBeside(folder: folder)
    var settings = settings
    settings.chartData = { beside.bytes(of: $0) }
    let read = BulletinReader.read(bytes, file: path, settings: settings)
    var findings = read.findings
    var files: [(name: String, bytes: [UInt8])] = []
    var pictures: [String: Picture] = [:]
    for name in read.files {
      guard let bytes = beside.bytes(of: name) else {
        findings += read.namedFiles.filter { $0.name == name && $0.use != .chart }.map {
          Finding(
            rule: "F07", severity: .error, place: Place(file: path, line: $0.line),
            message: "there is no file `\(name)` beside the bulletin, or it is larger than 5 MB",
            explanation: "Figures, photos and data lie in the folder of the bulletin.")
        }
        continue
      }
      files.append((name, bytes))
      guard let use = read.namedFiles.first(where: { $0.name == name && $0.use != .chart }) else { continue }
      do throws(PictureProblem) {
        if forCheck { try PictureCodec.examine(bytes) } else { pictures[name] = try PictureCodec.reencode(bytes) }
      } catch {
        findings.append(
          Finding(
            rule: "S05", severity: .error, place: Place(file: path, line: use.line),
            message: "`\(name)`: \(error.message)", explanation: error.hint))
      }
    }
    return BulletinFile(
      stem: String(name.dropLast(3)), path: path, bytes: bytes, files: files, read: read,
      findings: findings.sorted { $0.place < $1.place },
      hash: RevisionHash.of(name, bytes, files: files), pictures: pictures)
  }

  /// The bytes of a file beside the bulletin are read once, so that what is hashed is what is used.
  private final class FilesBeside: Sendable {
    private let folder: any WorkspaceFiles
    private let known = Mutex<[String: [UInt8]?]>([:])
    init(folder: any WorkspaceFiles) { self.folder = folder }

    func bytes(of name: String) -> [UInt8]? {
      known.withLock { known in
        if let seen = known[name] { return seen }
        let bytes = try? folder.read(name, limit: 5_000_000)
        known[name] = .some(bytes)
        return bytes
      }
    }
  }
}
