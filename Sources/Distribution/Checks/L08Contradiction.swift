// L08: facts that cannot all be true. Decisions take the side that meets less.

package enum L08Contradiction {
  package static let id = "L08"
}
