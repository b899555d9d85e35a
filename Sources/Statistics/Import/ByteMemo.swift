// Remembers what a cell's bytes came to: exports repeat the same few towns, dates and words a million times, and
// reading them once is enough. Bounded: cells that are all different are read each time.

struct ByteMemo {
  private static let limit = 1 << 16
  private static let longestKey = 256
  private struct Entry {
    var hash: UInt64
    var start: Int
    var length: Int
    var value: Int32
  }
  private var entries: [Entry] = []
  /// Number of the entry plus one; 0 is free. A power of two long, at most half full.
  private var slots = [Int32](repeating: 0, count: 64)
  private var keys: [UInt8] = []

  func find(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int32? {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.hash == hash, entry.length == key.count, isEqual(entry, key) { return entry.value }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  mutating func insert(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64, _ value: Int32) {
    guard entries.count < Self.limit, key.count <= Self.longestKey else { return }
    if (entries.count + 1) * 2 > slots.count {
      slots = [Int32](repeating: 0, count: slots.count * 2)
      for index in entries.indices { place(entries[index].hash, index) }
    }
    entries.append(Entry(hash: hash, start: keys.count, length: key.count, value: value))
    keys.append(contentsOf: key)
    place(hash, entries.count - 1)
  }

  private mutating func place(_ hash: UInt64, _ index: Int) {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = Int32(index + 1)
  }

  private func isEqual(_ entry: Entry, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    keys.withUnsafeBufferPointer { keys in
      for index in 0..<key.count where keys[entry.start + index] != key[index] { return false }
      return true
    }
  }

  /// Cells of several columns are hashed one after the other.
  static func hash(_ key: UnsafeBufferPointer<UInt8>, seed: UInt64 = 0x9E37_79B9_7F4A_7C15) -> UInt64 {
    var hash = seed ^ UInt64(key.count)
    var index = 0
    let raw = UnsafeRawBufferPointer(key)
    while index + 8 <= raw.count {
      hash = mixed(hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    var last: UInt64 = 0
    while index < raw.count {
      last = last << 8 | UInt64(raw[index])
      index += 1
    }
    return mixed(hash ^ last)
  }

  @inline(__always)
  private static func mixed(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}
