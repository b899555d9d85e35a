// What one reader gets of one revision by one channel. Only this is allowed to open an outlet.

package import Bulletins

/// Names a variant: two readers with equal keys get the same product.
package struct VariantKey: Hashable, Sendable {
  /// Portions that the reader meets and the ceiling allows, as far as the product prints them.
  package var visible: PortionSet
  /// The ceiling removed something that a product without it would show the reader.
  package var cut: Bool
  package init(visible: PortionSet, cut: Bool) {
    self.visible = visible
    self.cut = cut
  }
}

/// Why a notice stands in for a product.
package enum NoticeWhy: String, Hashable, Sendable, CaseIterable {
  /// Out of date: pulled, never pushed.
  case expired
  /// What the channel leaves would be hollow.
  case cut
  /// The center took it back; pushed to whoever may hold a copy. Never the outcome of `decide`.
  case recalled
  /// A newer version is out that this reader is not sent; pushed to whoever may hold a copy of the earlier one. It
  /// does not say that there is a newer one. Never the outcome of `decide`.
  case withdrawn
}

package enum Decision: Hashable, Sendable {
  case full(VariantKey)
  case notice(NoticeWhy)
  case withheld([Reason])

  package var variant: VariantKey? {
    if case .full(let key) = self { key } else { nil }
  }
  package var reasons: [Reason] {
    if case .withheld(let reasons) = self { reasons } else { [] }
  }
}
