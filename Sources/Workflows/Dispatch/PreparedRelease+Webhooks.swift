// A row that goes by webhook: the event for its reader, thin unless everything in it may be told in full, signed for
// this attempt.

import Distribution
import Outbox
import Rendering
import Store
import Webhooks

extension PreparedRelease {
  struct BodyKey: Hashable {
    var variant: String
    var format: WebhookFormat
    var fullBody: Bool
    /// The serial of the bulletin whose place it takes, for those who hold that one.
    var replaces: String?
  }

  /// The body that all readers of one key share, but for their own acknowledgement link.
  struct SharedBody {
    private let whole: [UInt8]
    /// What stands before, between and after the slots; empty where there is none.
    private let pieces: [ArraySlice<UInt8>]
    var hasSlot: Bool { !pieces.isEmpty }

    /// - Parameter json: with slots as `Rendered` leaves them; nothing that an author writes can look like one.
    init(_ json: [UInt8]) {
      let slot = [[UInt8]](repeating: Array("\\u0001".utf8), count: Rendered.slotWidth).flatMap { $0 }
      let pieces = json.split(separator: slot, omittingEmptySubsequences: false)
      self.pieces = pieces.count > 1 ? pieces : []
      whole = json
    }

    /// - Parameter token: asked for where there is a slot.
    func bytes(token: @autoclosure () -> String) -> [UInt8] {
      // One array for all readers.
      guard hasSlot else { return whole }
      return Array(pieces.joined(separator: Array(token().utf8)))
    }
  }

  /// - Parameters:
  ///   - variant: the store's key of the variant or notice, `product` is what the store has under it.
  ///   - visible: nil for a notice, which is always thin.
  func post(
    _ row: ClaimedDelivery, _ reader: Reader, _ endpoint: WebhookEndpoint?, _ variant: String,
    _ product: VariantContent?, _ visible: VariantKey?
  ) throws -> PreparedAttempt {
    guard let endpoint, let product else {
      return .unsendable(Failure(stage: .endpoint, text: "no endpoint of this reader is left"))
    }
    let key = BodyKey(
      variant: variant, format: WebhookFormat(endpoint), fullBody: endpoint.fullBody,
      replaces: notices?.life.copies.replaced(heldBy: reader.id))
    do {
      let shared = try bodies[key] ?? SharedBody(body(key, product, visible))
      bodies[key] = shared
      let body = shared.bytes(token: token(of: row, reader))
      let keys = try keys.keys(of: endpoint, now: now)
      return .post(WebhookPosts.post(endpoint, id: posts.id(reader: reader.id), body: body, keys: keys, now: now))
    } catch let problem as WebhookProblem {
      return .unsendable(Failure(stage: .compose, text: problem.message))
    } catch let problem as EndpointProblem {
      return .unsendable(Failure(stage: .endpoint, text: problem.message))
    }
  }

  private func body(
    _ key: BodyKey, _ product: VariantContent, _ visible: VariantKey?
  ) throws(WebhookProblem) -> [UInt8] {
    let images = product.images.map {
      RenderedImage(contentID: $0.contentID, fileName: $0.file.name, mediaType: $0.mediaType, bytes: $0.file.bytes)
    }
    var event = posts.event(
      visible, of: assembly.decider, fullBody: key.fullBody, banner: product.banner,
      text: product.text, html: Rendered.page(product.html, images: images, token: Rendered.emptySlot))
    event.replaces = key.replaces
    return try key.format.body(event)
  }
}
