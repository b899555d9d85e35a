// P01: an unknown key, test, word or atom in a policy. Reported while the file is read (PredicateReader); in a decision
// it is false. A site's file in which a key or an atom's name is not understood closes everything.

package enum P01UnknownTest {
  package static let id = "P01"
}
