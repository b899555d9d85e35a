// The kinds of things that a site's files name by an id.

package enum IDKind: String, Hashable, Sendable { case organization, reader, list }
