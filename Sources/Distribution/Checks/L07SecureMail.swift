// L07: `email-smime` among a reader's channels. It is not built yet: such an entry is decided, cut and sent as
// `email-tls`, never with the ceiling of S/MIME (site-files.md). One finding a file.

package import Bulletins

package enum L07SecureMail: ListRule {
  package static let id = "L07"

  package static func findings(in context: ListCheckContext) -> [Finding] {
    let readers = context.lists.stakeholders.filter {
      $0.value.status == .active && $0.value.channels.contains(.emailSMIME)
    }
    return Dictionary(grouping: readers, by: \.place.file).values.compactMap { found in
      guard let first = found.min(by: { $0.place < $1.place }) else { return nil }
      let ids = found.sorted { $0.place < $1.place }.map(\.value.id)
      return Finding(
        rule: id, severity: .warning, place: first.place,
        message:
          "`email-smime` is not built yet: \(found.count) reader\(found.count == 1 ? "" : "s") (\(L06SharedMailbox.listing(ids)))"
          + " are sent to as `email-tls`",
        explanation: "SSI, PCII, DSEN, P23 and TLP:RED reach them by the portal only")
    }
  }
}
