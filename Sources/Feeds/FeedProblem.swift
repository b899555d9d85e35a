// Why a document of a feed could not be made. Nothing that a bulletin says leads to it: only memory, size or a broken
// value of the site does.

package struct FeedProblem: Error, Hashable, Sendable {
  package var message: String
  package init(message: String) { self.message = message }
}
