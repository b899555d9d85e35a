// Which family of marks a bulletin is written in (`scheme:` in its front matter).

/// A TLP mark may stand beside a legacy or CUI mark in their schemes; alone it needs the scheme `tlp`.
package enum Scheme: String, Hashable, Sendable, CaseIterable {
  case legacy, cui, tlp
}
