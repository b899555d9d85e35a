// How a bulletin stands: its releases, and whether it may still be followed, recalled or ended.

import Bulletins
import Foundation
import Markings
import Outbox
import Store

struct Standing {
  /// Oldest first; never empty.
  let all: [ReleaseRecord]
  private let named: ReleaseRecord

  /// - Parameter name: a serial, or the bulletin's name.
  /// - Throws: `notFound`.
  init(named name: String, _ session: any StoreSession) throws {
    let bulletin = try session.release(serial: name)?.bulletin ?? name
    let all = try session.releases(bulletin: bulletin)
    guard let named = all.first(where: { $0.serial == name }) ?? all.last(where: \.kind.bringsRevision) else {
      throw StoreError(.notFound, detail: "no release named \(name)")
    }
    self.all = all
    self.named = named
  }

  var last: ReleaseRecord { all.last ?? named }
  /// The newest version.
  var newest: ReleaseRecord { all.last(where: \.kind.bringsRevision) ?? named }

  /// - Parameter kind: `recall` or `expiry`.
  func check(_ kind: ReleaseKind, zone: TimeZone, now: Instant) throws {
    try Self.refuseIfEnded(all, zone: zone, now: kind == .expiry ? now : nil, allowing: kind == .recall)
    guard named.id == newest.id || named.version == 1 else {
      throw ReleaseRefusal(
        .overtaken, "\(named.serial) was followed by \(newest.serial)",
        hint: "name \(all.first?.serial ?? newest.serial) for the bulletin with all its versions")
    }
  }

  /// - Parameters:
  ///   - now: where a lifetime that is over counts too.
  ///   - allowing: one that expired, or whose place another took, may still be recalled.
  static func refuseIfEnded(_ all: [ReleaseRecord], zone: TimeZone, now: Instant?, allowing expired: Bool) throws {
    func words(_ record: ReleaseRecord) -> String {
      "\(Instant(seconds: record.at.seconds).rfc3339(in: zone)) by \(record.by)"
    }
    let serial = all.first?.serial ?? ""
    if let recall = all.last(where: { $0.kind == .recall }) {
      throw ReleaseRefusal(
        .recalled, "\(serial) was recalled at \(words(recall))",
        hint: "a bulletin that takes its place is a new one, with `supersedes: \(serial)` in its front matter")
    }
    if expired { return }
    if let other = all.last?.replacedBy {
      throw ReleaseRefusal(
        .overtaken, "\(other) has taken the place of \(serial)", hint: "update, correct or end \(other) instead")
    }
    if let expiry = all.last(where: { $0.kind == .expiry }) {
      throw ReleaseRefusal(
        .expired, "\(serial) was ended at \(words(expiry))",
        hint: "a bulletin that takes its place is a new one, with `supersedes: \(serial)` in its front matter")
    }
    if let now, let newest = all.last, Moment(seconds: now.seconds) >= newest.lifetimeEnd {
      throw ReleaseRefusal(
        .expired,
        "\(newest.serial) expired at \(Instant(seconds: newest.lifetimeEnd.seconds).rfc3339(in: zone))",
        hint: "a bulletin that takes its place is a new one, with `supersedes: \(serial)` in its front matter")
    }
  }
}
