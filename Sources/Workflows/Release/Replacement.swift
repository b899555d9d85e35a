// The bulletin whose place a new one takes: what `supersedes` or `corrects` of its front matter names, found in the
// ledger. Refuses what cannot be meant, at its line.

import Authoring
import Bulletins
import Rendering
import Store

struct Replacement {
  /// The file stem of the other bulletin.
  let bulletin: String
  /// Of its first version: the one that its readers know it by.
  let serial: String
  let relation: Relation

  /// - Parameter own: the releases of the bulletin that is about to be released.
  /// - Returns: nil where nothing is named, or nothing new by an update of a bulletin that took that place already.
  static func named(
    by file: BulletinFile, own: [ReleaseRecord], _ session: any StoreSession
  ) throws -> Replacement? {
    let front = file.read.document.frontMatter
    guard let (key, serial) = try single(file) else { return nil }
    func refuse(_ rule: String, _ message: String, _ advice: String) -> ReleaseRefusal {
      refusal(file, key, rule, message, advice)
    }
    guard let named = try session.release(serial: serial) else {
      throw refuse(
        "F07", "`\(serial)` names no release of this ledger",
        "Write the serial of the bulletin whose place this one takes; `revere status` lists them.")
    }
    guard named.bulletin != file.stem else {
      throw refuse(
        "F09", "`\(serial)` is this bulletin itself",
        "Take the key out: `revere update` and `revere correct` name the earlier version by themselves.")
    }
    if let first = own.first {
      guard first.replaces?.bulletin == named.bulletin else {
        throw refuse(
          "F09", "the bulletin is out as \(first.serial): it cannot take the place of \(serial) any more",
          "A bulletin takes another's place with its first release. Take the key out, and end \(serial) with `revere expire`."
        )
      }
      return nil
    }
    if let other = named.replacedBy {
      throw refuse(
        "F09", "the place of \(serial) was taken by \(other) before", "Write \(other), if it is what this one replaces."
      )
    }
    let all = try session.releases(bulletin: named.bulletin)
    let newest = all.last(where: \.kind.bringsRevision) ?? named
    guard named.id == newest.id || named.version == 1 else {
      throw refuse(
        "F09", "\(serial) was followed by \(newest.serial)",
        "Write \(all.first?.serial ?? newest.serial) for the bulletin with all its versions.")
    }
    let first = all.first?.serial ?? named.serial
    return Replacement(bulletin: named.bulletin, serial: first, relation: Relation(front, replaces: first))
  }

  /// The key and its serial; one of the two, because they say different things of the same bulletin.
  private static func single(_ file: BulletinFile) throws -> (key: String, serial: String)? {
    let front = file.read.document.frontMatter
    switch (front.supersedes, front.corrects) {
    case (nil, nil): return nil
    case (let serial?, nil): return ("supersedes", serial)
    case (nil, let serial?): return ("corrects", serial)
    case (.some, .some):
      throw refusal(
        file, "corrects", "F09", "`supersedes` and `corrects` are both there",
        "Keep `corrects` where the other bulletin was wrong, `supersedes` where it is only no longer current.")
    }
  }

  private static func refusal(
    _ file: BulletinFile, _ key: String, _ rule: String, _ message: String, _ advice: String
  ) -> ReleaseRefusal {
    let line = file.read.document.frontMatter.lines[key] ?? 1
    return ReleaseRefusal(
      .findings, "the bulletin cannot take the place of another one",
      findings: [
        Finding(
          rule: rule, severity: .error, place: Place(file: file.path, line: line), message: "`\(key)`: \(message)",
          explanation: advice)
      ])
  }
}

extension Relation {
  /// How a bulletin stands to the one whose place it took.
  init(_ front: FrontMatter, replaces serial: String) {
    self.init(front.corrects == nil ? .supersedes : .corrects, serial: serial)
  }
}
