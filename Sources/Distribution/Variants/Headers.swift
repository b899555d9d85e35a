// What may be said outside the protected body: subject lines, and notices in place of a product (release-policy.md
// section 5). Encryption does not cover headers, so both stay within the header ceiling.

package import Bulletins
package import Markings

/// The words of a subject or notice: the short title, or the series' public name, which counts as a (U) portion.
package struct OutwardTitle: Hashable, Sendable {
  package enum Form: String, Hashable, Sendable {
    case shortTitle = "short-title"
    case publicName = "public-name"
  }
  package var form: Form
  /// With the effective mark.
  package var title: MarkedText
}

/// All that a notice may say beside the serial and the portal's address.
package struct NoticeContent: Hashable, Sendable {
  package var why: NoticeWhy
  package var title: OutwardTitle
  /// The roll-up of what it says.
  package var banner: Banner
}

extension Decider {
  /// The ceiling of headers on the way to an endpoint of this class: the lower of policy and site, and of the class
  /// itself for email; for a class without a relay the setting as it stands.
  package func headerCeiling(_ channel: ChannelClass) -> Ceiling {
    // A site setting that is no email class is read as the lowest.
    let written = ChannelClass(rawValue: site.headerCeiling)
    var setting = written?.emailRank == nil ? .emailPlain : written ?? .emailPlain
    if let own = policy.headerCeiling { setting = own.emailRank == nil ? .emailPlain : setting.lowered(to: own) }
    if channel.emailRank != nil { setting = setting.lowered(to: channel.served) }
    return policy.ceiling(setting)
  }

  package func outwardTitle(shortTitleIsVisible: Bool, _ channel: ChannelClass) -> OutwardTitle {
    let front = revision.document.frontMatter
    if shortTitleIsVisible, labels.portions.indices.contains(Document.shortTitlePortion),
      case let portion = labels.portions[Document.shortTitlePortion],
      headerCeiling(channel).allows(portion.label.atoms)
    {
      return OutwardTitle(form: .shortTitle, title: MarkedText(mark: portion.mark, text: front.shortTitle.text))
    }
    let mark =
      front.scheme == .tlp ? PortionMark(trafficLight: .clear) : PortionMark(mark: .unclassified)
    return OutwardTitle(form: .publicName, title: MarkedText(mark: mark, text: revision.template.publicName))
  }

  /// The subject of a variant's email.
  package func subject(_ key: VariantKey, _ channel: ChannelClass) -> OutwardTitle {
    outwardTitle(shortTitleIsVisible: key.visible.contains(Document.shortTitlePortion), channel)
  }

  /// The banner that headers may carry (SIO-Label): never less than the subject says.
  /// - Parameter marks: those that the variant's banner is the roll-up of.
  package func headerBanner(_ key: VariantKey, rolledUp marks: [PortionMark], _ channel: ChannelClass) -> Banner? {
    let subject = subject(key, channel)
    var marks = headersMayCarryBanner(key, channel) ? marks : []
    // The public name is (U) beside anything, and has no part in the roll-up of what it does not belong to.
    if marks.isEmpty || subject.form == .shortTitle, let mark = subject.title.mark { marks.append(mark) }
    return RollUp.banner(marks, scheme: revision.document.frontMatter.scheme)
  }

  /// Nothing that the variant's banner is the roll-up of is above the header ceiling.
  package func headersMayCarryBanner(_ key: VariantKey, _ channel: ChannelClass) -> Bool {
    let ceiling = headerCeiling(channel)
    let isTitled = key.visible.contains(Document.titlePortion)
    return ceiling.allows(labels.compilation?.atoms ?? [])
      && key.visible.indices.allSatisfy { index in
        // Criminal intelligence has no word in a banner, a short title beside the title no part.
        !labels.portions.indices.contains(index) || index == Document.shortTitlePortion && isTitled
          || ceiling.allows(labels.portions[index].label.atoms.subtracting([.criminalIntelligence]))
      }
  }

  /// A webhook gets the event alone: something in the body is beyond what the policy lets pass in full.
  package func isThin(_ key: VariantKey, _ endpoint: Endpoint) -> Bool {
    guard endpoint.channel == .webhook, !endpoint.fullBody else { return false }
    let open = policy.webhookThinAbove ?? []
    let compilation = labels.compilation?.atoms ?? []
    return !compilation.isSubset(of: open)
      || shown(key.visible).indices.contains { index in
        labels.portions.indices.contains(index) && !labels.portions[index].label.atoms.isSubset(of: open)
      }
  }
}

extension DecisionRound {
  /// What a notice to this reader may say; the short title only to those who meet it, the window left aside.
  package func notice(_ why: NoticeWhy, to reader: Reader, _ channel: ChannelClass) -> NoticeContent? {
    let title = decider.outwardTitle(
      shortTitleIsVisible: met(reader).contains(Document.shortTitlePortion), channel)
    let scheme = decider.revision.document.frontMatter.scheme
    guard let mark = title.title.mark, let banner = RollUp.banner([mark], scheme: scheme) else { return nil }
    return NoticeContent(why: why, title: title, banner: banner)
  }

  /// `title`, `short-title` or nil: what the audience's JSON says of a decision's title.
  package func titleForm(_ decision: Decision, _ reader: Reader, _ endpoint: Endpoint) -> Variant.TitleForm? {
    switch decision {
    case .full(let key):
      if decider.isThin(key, endpoint) { return nil }
      return key.visible.contains(Document.titlePortion) ? .title : .shortTitle
    case .notice(let why):
      return notice(why, to: reader, endpoint.channel)?.title.form == .shortTitle ? .shortTitle : nil
    case .withheld: return nil
    }
  }
}
