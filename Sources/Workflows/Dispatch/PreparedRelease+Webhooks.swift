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
  }

  /// - Parameters:
  ///   - variant: the store's key of the variant or notice, `product` is what the store has under it.
  ///   - visible: nil for a notice, which is always thin.
  func post(
    _ reader: Reader, _ endpoint: WebhookEndpoint?, _ variant: String, _ product: VariantContent?,
    _ visible: VariantKey?
  ) throws -> PreparedAttempt {
    guard let endpoint, let product else {
      return .unsendable(Failure(stage: .endpoint, text: "no endpoint of this reader is left"))
    }
    let key = BodyKey(variant: variant, format: WebhookFormat(endpoint), fullBody: endpoint.fullBody)
    do {
      let body = try bodies[key] ?? body(key, product, visible)
      bodies[key] = body
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
    let event = posts.event(
      visible, of: assembly.decider, fullBody: key.fullBody, banner: product.banner,
      text: Rendered.plainText(product.text), html: Rendered.page(product.html, images: images))
    return try key.format.body(event)
  }
}
