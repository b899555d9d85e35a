// Notices about something that a reader may hold already: recalled, expired before its time, no longer current. They
// must arrive whatever has become of the reader's rights since, so they may say less than any other notice, never more.

import Bulletins
package import Markings

extension DecisionRound {
  /// What such a notice may say to a reader about this revision, which is the newest that they were sent.
  ///
  /// The short title only to those who would get something of this revision by the same way now and who see it there,
  /// the window left aside; to everybody else the series' public name.
  /// - Parameter lists: the ceiling of the lists that would push it now; nil for a bulletin with `to:`.
  package func lifeNotice(
    _ why: NoticeWhy, to reader: Reader, _ channel: ChannelClass, lists: Ceiling?
  ) -> NoticeContent? {
    var isVisible = false
    switch decide(reader, Endpoint(channel), listCeiling: lists, words: false) {
    case .withheld: break
    case .full, .notice: isVisible = visible(met(by: reader), within: lists).contains(Document.shortTitlePortion)
    }
    let title = decider.outwardTitle(shortTitleIsVisible: isVisible, channel)
    let scheme = decider.revision.document.frontMatter.scheme
    guard let mark = title.title.mark, let banner = RollUp.banner([mark], scheme: scheme) else { return nil }
    return NoticeContent(why: why, title: title, banner: banner)
  }
}

extension DecisionRound {
  /// What a reader may see of the revision while it is current, whether or not its time has run out by now: never
  /// `notice(.expired)`. For what is pulled, where an end is told to those who could see what ended.
  package func decideAsCurrent(_ reader: Reader, _ endpoint: Endpoint) -> Decision {
    refusal(of: reader) ?? outcome(met(by: reader), endpoint.channel, nil)
  }
}

extension NoticeContent {
  /// About a revision that cannot be read any more: the series' public name alone.
  package static func nameless(_ why: NoticeWhy, publicName: String, scheme: Scheme) -> NoticeContent? {
    let mark = scheme == .tlp ? PortionMark(trafficLight: .clear) : PortionMark(mark: .unclassified)
    guard let banner = RollUp.banner([mark], scheme: scheme) else { return nil }
    return NoticeContent(
      why: why, title: OutwardTitle(form: .publicName, title: MarkedText(mark: mark, text: publicName)), banner: banner)
  }
}
