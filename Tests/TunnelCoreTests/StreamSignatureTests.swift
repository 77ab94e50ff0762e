import Testing

@testable import TunnelCore

struct StreamSignatureTests {
    @Test(
        arguments: [
            [], [0x16], [0x16, 3, 1, 2, 0], [0x16, 3, 5, 2, 0, 1], [0x16, 3, 1, 2, 0, 11], [0x17, 3, 3, 0, 9, 1],
            Array("GETAWAY ".utf8), Array("ssh-2.0-".utf8), [5, 1, 9], [5, 0, 0], [4, 1, 0],
        ] as [[UInt8]])
    func `what is only similar is not taken for it`(bytes: [UInt8]) {
        #expect(!StreamSignature.matches(bytes[...], byteCount: bytes.count))
    }

    @Test(
        arguments: [
            [0x16, 3, 3, 0, 0x7A, 2], [0x15, 3, 3, 0, 2, 2], [5, 2, 0, 2], Array("POST /up".utf8),
            Array("PRI * HT".utf8),
        ] as [[UInt8]])
    func `what is known is found`(bytes: [UInt8]) {
        #expect(StreamSignature.matches(bytes[...], byteCount: bytes.count))
    }

    @Test func `a greeting that goes on is none`() {
        #expect(!StreamSignature.matches([5, 1, 0, 7][...], byteCount: 4))
    }
}
