import Testing

@testable import SnappyFraming

@Suite struct CRC32CTests {
    @Test func `the check value of Castagnoli's polynomial`() {
        #expect(CRC32C.checksum(of: Array("123456789".utf8).span.bytes) == 0xE306_9283)
    }

    @Test func `no bytes have checksum 0, masked to the constant`() {
        #expect(CRC32C.checksum(of: [UInt8]().span.bytes) == 0)
        #expect(CRC32C.maskedChecksum(of: [UInt8]().span.bytes) == 0xA282_EAD8)
    }

    @Test(arguments: 0...100) func `it equals the definition`(byteCount: Int) {
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) }
        #expect(CRC32C.checksum(of: bytes.span.bytes) == self.bitByBit(bytes))
    }

    @Test func `masking turns by fifteen and adds`() {
        let plain = self.bitByBit([1, 2, 3])
        let expected = (plain >> 15 | plain << 17) &+ 0xA282_EAD8
        #expect(CRC32C.maskedChecksum(of: ([1, 2, 3] as [UInt8]).span.bytes) == expected)
    }

    private func bitByBit(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { checksum, byte in
            (0..<8).reduce(checksum ^ UInt32(byte)) { value, _ in
                value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
            }
        }
    }
}
