// Set algebra on portion sets, word by word.

import Bulletins

extension PortionSet {
  init(_ indices: some Sequence<Int>, count: Int) {
    self.init(count: count)
    for index in indices { insert(index) }
  }

  func intersects(_ other: PortionSet) -> Bool {
    zip(words, other.words).contains { $0 & $1 != 0 }
  }
  func intersection(_ other: PortionSet) -> PortionSet {
    var result = self
    for index in indices where !other.contains(index) { result.remove(index) }
    return result
  }
}
