// Which person and incident came in which import on which line: 24 bytes a record, so that a second entry of the same is
// found at once. Keys are hashes already; they are mixed again, since who hashed them is somebody else.

package struct KeyIndex {
  package struct Place: Hashable, Sendable {
    /// Which import, as the caller counts them.
    package var batch: UInt32
    package var line: UInt32
    package init(batch: UInt32, line: UInt32) {
      self.batch = batch
      self.line = line
    }
  }
  private struct Slot {
    var key = RecordKey(incident: 0, person: 0)
    var place = Place(batch: 0, line: 0)
  }
  /// A slot whose line is 0 is free: line 1 is the header.
  private var slots = [Slot](repeating: Slot(), count: 1 << 10)
  package private(set) var count = 0

  package init() {}

  /// The place of an earlier record with this key, which stays; nil when it is the first and was taken in.
  package mutating func insert(_ key: RecordKey, at place: Place) -> Place? {
    if count * 10 >= slots.count * 7 { grow() }
    let slot = find(key)
    if slots[slot].place.line != 0 { return slots[slot].place }
    slots[slot] = Slot(key: key, place: Place(batch: place.batch, line: max(1, place.line)))
    count += 1
    return nil
  }

  private func find(_ key: RecordKey) -> Int {
    let mask = slots.count - 1
    let product = (key.incident ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: key.person | 1)
    var hash = (product.high ^ product.low ^ key.person) &* 0xD6E8_FEB8_6659_FD93
    hash ^= hash >> 32
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot].place.line != 0, slots[slot].key != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    for entry in old where entry.place.line != 0 { slots[find(entry.key)] = entry }
  }
}
