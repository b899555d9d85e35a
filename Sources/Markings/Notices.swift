// Which notices the controls of a product's visible portions trigger (markings.md section 6). Those that depend on
// gates, sources and decisions (28 CFR 23, US persons, private sector, retention) are added by Distribution.

extension NoticeKind {
  /// The union over the portions, each once; from the controls, never from the banner, which hides FOUO.
  package static func triggered(by marks: [PortionMark]) -> Set<NoticeKind> {
    marks.reduce(into: []) { notices, portion in
      guard let mark = portion.mark else { return }
      if mark.controls.contains("FOUO") { notices.insert(.fouo) }
      if mark.controls.contains("LES") { notices.insert(mark.isNoforn ? .lesNoforn : .les) }
      if mark.controls.contains("SSI") || mark.categories.contains("SP-SSI") { notices.insert(.ssi) }
      if mark.controls.contains("PCII") || mark.categories.contains("SP-PCII") { notices.insert(.pcii) }
      if mark.family == .cui { notices.insert(.cui) }
    }
  }
}
