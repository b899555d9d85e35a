// Bytes as people and files write them: digests, ids, hashes.

extension Sequence<UInt8> {
  /// Two lower-case digits for each byte.
  package var hexadecimal: String { Array(self).hexadecimalDigits }
}

extension [UInt8] {
  fileprivate var hexadecimalDigits: String {
    String(unsafeUninitializedCapacity: 2 * count) { digits in
      for (place, byte) in enumerated() {
        digits[2 * place] = Self.digit(byte >> 4)
        digits[2 * place + 1] = Self.digit(byte & 15)
      }
      return 2 * count
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
