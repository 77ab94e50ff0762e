import Testing

@testable import Ciphers

@Suite struct CRC32Tests {
    @Test func `the check value of the standard`() {
        #expect(CRC32.checksum(Array("123456789".utf8).span.bytes) == 0xCBF4_3926)
    }
}
