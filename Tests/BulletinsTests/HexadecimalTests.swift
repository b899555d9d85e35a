// Two digits for every byte, whichever it is.

import Bulletins
import Testing

@Suite struct HexadecimalTests {
  @Test func everyByteHasTwoDigits() {
    #expect([UInt8]().hexadecimal == "")
    #expect(([0x00, 0x09, 0x0A, 0x9F, 0xA0, 0xFF] as [UInt8]).hexadecimal == "00090a9fa0ff")
    let all = (UInt8.min ... .max).hexadecimal
    #expect(all.count == 512 && all.hasPrefix("000102") && all.hasSuffix("fdfeff"))
  }
}
