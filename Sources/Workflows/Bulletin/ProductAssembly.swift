// From a decision to bytes: the one place where a variant or a notice becomes a rendered product. Preview, release and
// every re-send go through here.

package import Bulletins
package import Distribution
package import Markings
package import Pictures
package import Rendering

/// What the products of one revision have in common.
package struct ProductAssembly: Sendable {
  /// `CFC-OS-2026-0042`; `DRAFT` before release.
  package static let draftSerial = "DRAFT"

  package let decider: Decider
  private let layouts: Layouts
  private let pictures: [String: PrintedPicture]
  private let seal: PrintedPicture?
  private let names: [String: [String: String]]
  private let serial: String
  private let releasedAt: Instant?
  private let relation: Relation?
  /// What the link begins with by which each reader confirms that they read it.
  private let acknowledgement: String?
  private let drawings = Drawings()

  /// - Parameter isPulled: for feeds, which no single reader confirms to have read and which say by themselves who
  ///   publishes: without link and seal.
  package init(
    _ revision: Revision, pictures: [String: Picture], workspace: Workspace, layouts: Layouts,
    serial: String = ProductAssembly.draftSerial, releasedAt: Instant? = nil, relation: Relation? = nil,
    isPulled: Bool = false
  ) {
    // A draft is nobody's to acknowledge.
    acknowledgement =
      releasedAt == nil || isPulled ? nil : AcknowledgementLink.base(workspace.site, revision.template)
    decider = Decider(
      revision: revision, policy: workspace.policy, site: workspace.site,
      vocabulary: workspace.vocabulary.vocabulary)
    self.layouts = layouts
    self.pictures = pictures.mapValues { PrintedPicture($0) }
    seal = isPulled ? nil : workspace.seal
    names = workspace.names
    self.serial = serial
    self.releasedAt = releasedAt
    self.relation = relation
  }

  private var revision: Revision { decider.revision }
  private var site: Site { decider.site }

  /// - Returns: nil when the key shows no title; `decide` never gives such a key.
  /// - Parameter hasPortal: the reader can sign in to the portal, and there is one.
  package func variant(
    _ key: VariantKey, channel: ChannelClass, hasPortal: Bool
  ) throws(LayoutProblem) -> (variant: Variant, rendered: Rendered)? {
    guard let product = product(key, channel: channel, hasPortal: hasPortal) else { return nil }
    var rendered = try Renderer.render(product)
    rendered.headerBanner =
      decider.headerBanner(key, rolledUp: product.variant.rolledUp, channel) ?? product.variant.banner
    return (product.variant, rendered)
  }

  /// What is rendered, alone or in a digest.
  private func product(_ key: VariantKey, channel: ChannelClass, hasPortal: Bool) -> Product? {
    guard let variant = decider.variant(key) else { return nil }
    let subject = decider.subject(key, channel)
    var product = Product(
      variant: variant, frontMatter: revision.document.frontMatter, serial: serial, releasedAt: releasedAt,
      relation: relation, site: site, seriesName: revision.template.publicName, layouts: layouts, pictures: pictures,
      seal: seal, expires: revision.expires(in: site), names: names, shortTitleInHeaders: subject.form == .shortTitle,
      portal: hasPortal ? site.portal : nil, acknowledgement: acknowledgement)
    product.drawings = drawings
    return product
  }

  /// A variant as a digest carries it, with what headers may say of it.
  package func digestPart(_ key: VariantKey, channel: ChannelClass, hasPortal: Bool) -> DigestPart? {
    guard let product = product(key, channel: channel, hasPortal: hasPortal) else { return nil }
    let marks =
      decider.headersMayCarryBanner(key, channel)
      ? product.variant.rolledUp : [decider.subject(key, channel).title.mark].compactMap { $0 }
    return DigestPart(entry: DigestProduct.Entry(product), headerMarks: marks, key: product.variant.id)
  }

  package func digestPart(_ content: NoticeContent, hasPortal: Bool) -> DigestPart {
    let notice = product(content, hasPortal: hasPortal)
    return DigestPart(
      entry: DigestProduct.Entry(notice), headerMarks: [content.title.title.mark].compactMap { $0 }, key: notice.id)
  }

  /// A product without a body. The id names why and title form: equal notices are one.
  /// - Parameter ended: when it expired before its time.
  package func notice(
    _ content: NoticeContent, hasPortal: Bool, ended: Instant? = nil
  ) throws(LayoutProblem) -> Rendered {
    var notice = product(content, hasPortal: hasPortal)
    if let ended { notice.expires = .time(ended) }
    return try Renderer.render(notice)
  }

  private func product(_ content: NoticeContent, hasPortal: Bool) -> NoticeProduct {
    let why: Layouts.Why =
      switch content.why {
      case .cut: .cut
      case .expired: .expired
      case .recalled: .recalled
      case .withdrawn: .withdrawn
      }
    return NoticeProduct(
      id: "notice-\(content.why.rawValue)-\(content.title.form.rawValue)", why: why, serial: serial,
      shortTitle: content.title.form == .shortTitle ? content.title.title : nil, banner: content.banner,
      scheme: revision.document.frontMatter.scheme,
      notices: NoticeKind.triggered(by: [content.title.title.mark].compactMap { $0 }).sorted(),
      releasedAt: releasedAt, expires: revision.expires(in: site), site: site,
      seriesName: revision.template.publicName, layouts: layouts, seal: seal, portal: hasPortal ? site.portal : nil)
  }
}

extension PrintedPicture {
  init(_ picture: Picture) {
    self.init(
      bytes: picture.bytes, mediaType: picture.mediaType.rawValue, width: picture.width, height: picture.height)
  }
}
