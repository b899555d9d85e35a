// Header lines as libcurl takes them, in memory that is used again for the next request: no allocation for a line.
// libcurl only reads the list, and reads it until the transfer has ended.

import CCurl

struct HeaderLines {
  private var text: UnsafeMutablePointer<CChar>
  private var capacity = 1_024
  private var used = 0
  /// Where each line begins.
  private var starts: [Int] = []
  private var nodes: UnsafeMutablePointer<curl_slist>
  private var places = 16

  init() {
    text = .allocate(capacity: capacity)
    nodes = .allocate(capacity: places)
  }

  func free() {
    text.deallocate()
    nodes.deallocate()
  }

  mutating func begin() {
    used = 0
    starts.removeAll(keepingCapacity: true)
  }

  /// `name: value`; to libcurl, without a value: not even the one of its own.
  mutating func add(_ name: String, _ value: String) {
    let count = name.utf8.count + value.utf8.count + 3
    if used + count > capacity {
      capacity = 2 * (used + count)
      let larger = UnsafeMutablePointer<CChar>.allocate(capacity: capacity)
      larger.update(from: text, count: used)
      text.deallocate()
      text = larger
    }
    starts.append(used)
    append(name)
    append(value.isEmpty ? ":" : ": ")
    append(value)
    text[used] = 0
    used += 1
  }

  private mutating func append(_ string: String) {
    var string = string
    string.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        if let start = characters.baseAddress { (text + used).update(from: start, count: characters.count) }
      }
      used += bytes.count
    }
  }

  /// Valid until the next `begin`.
  mutating func list() -> UnsafeMutablePointer<curl_slist>? {
    if starts.count > places {
      nodes.deallocate()
      places = 2 * starts.count
      nodes = .allocate(capacity: places)
    }
    for (index, start) in starts.enumerated() {
      (nodes + index).initialize(
        to: curl_slist(data: text + start, next: index + 1 < starts.count ? nodes + index + 1 : nil))
    }
    return starts.isEmpty ? nil : nodes
  }
}
