// How a release stands to earlier ones of the same bulletin: first release, update or correction, and its serial.

import Bulletins
import Foundation
import Markings
import Rendering
import Store

struct Succession {
  private let first: ReleaseRecord?
  private let last: ReleaseRecord?
  private let kind: ReleaseKind
  /// Releases of this kind so far.
  private let count: Int

  /// - Parameter all: the bulletin's releases, oldest first.
  init(_ all: [ReleaseRecord], order: ReleaseOrder, hash: String, zone: TimeZone, now: Instant) throws {
    let earlier = all.filter(\.kind.bringsRevision)
    if let same = earlier.first(where: { $0.revisionHash == hash }) {
      throw ReleaseRefusal(
        .unchanged, "exactly this revision was released as \(same.serial)",
        hint: "change the file and release it with --update or --correct")
    }
    if !all.isEmpty { try Standing.refuseIfEnded(all, zone: zone, now: now, allowing: false) }
    if let last = earlier.last, order.kind == .release {
      throw ReleaseRefusal(
        .needsKind, "the bulletin was released as \(last.serial)",
        hint: "say what this is: --update (news) or --correct (a mistake mended)")
    }
    if earlier.isEmpty, order.kind != .release {
      throw ReleaseRefusal(
        .nothingToFollow, "nothing was released yet that this could \(order.kind == .update ? "update" : "correct")",
        hint: "release it without --update and --correct")
    }
    first = earlier.first
    last = earlier.last
    kind = order.kind
    count = earlier.filter { $0.kind == order.kind }.count
  }

  func serial(
    prefix: String, template: SeriesTemplate, year: Int, _ session: any StoreSession
  ) throws -> Serial {
    guard let first else {
      let number = try session.allocateNumber(series: template.series, year: year)
      return Serial(prefix: prefix, code: template.code, year: year, number: number)
    }
    // A later version keeps the number that its readers know, whatever series, code or prefix have become since.
    guard var serial = Serial(first.serial) else {
      throw StoreError(.corrupt, detail: "`\(first.serial)` is no serial")
    }
    serial.suffix = kind == .update ? .update(count + 1) : .correction(count + 1)
    return serial
  }

  var relation: Relation? {
    last.map { Relation(kind == .update ? .updates : .corrects, serial: $0.serial) }
  }
}
