import Ciphers
import PacketPrimitives
import Testing

@Suite struct ScreeningTests {
    private static let screened = CipherSuite.allCases.filter { $0 != .aes128GCM }

    private static func envelope(_ suite: CipherSuite, key: [UInt8] = testKey) -> any PacketEnvelope {
        suite.makeEnvelope(key: key, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 4)))
    }

    @Test(arguments: screened) func `the first bytes of the payload decide`(suite: CipherSuite) {
        let envelope = Self.envelope(suite)
        let payloads = (0..<4).map { [UInt8](repeating: UInt8($0), count: 12 + 50 * $0) }
        var slab = PacketSlab(received: envelope.sealed(payloads))
        var seen: [[UInt8]] = []
        let count = envelope.screen(&slab, 0..<4) { beginning in
            seen.append([UInt8](copying: beginning))
            return beginning.littleEndian(at: 4, as: UInt8.self) != 2
        }
        #expect(count == 1)
        #expect(seen == payloads.map { Array($0.prefix(12)) })
        let kept = envelope.open(&slab, from: 0)
        #expect(kept == OpenResult(opened: 3))
        let contents = slab.allContents
        #expect(contents == [payloads[0], payloads[1], [], payloads[3]])
    }

    @Test(arguments: screened) func `what is too short to tell is left to opening`(suite: CipherSuite) {
        let envelope = Self.envelope(suite)
        var slab = PacketSlab(received: envelope.sealed((1..<12).map { [UInt8](repeating: 1, count: $0) }))
        let count = envelope.screen(&slab, 0..<11) { _ in false }
        let opened = envelope.open(&slab, from: 0)
        #expect(count == 0 && opened == OpenResult(opened: 11))
    }

    @Test func `what has to be verified first is kept`() {
        let envelope = Self.envelope(.aes128GCM)
        var slab = PacketSlab(received: envelope.sealed([[UInt8](repeating: 1, count: 100)]))
        let count = envelope.screen(&slab, 0..<1) { _ in false }
        #expect(count == 0)
    }
}
