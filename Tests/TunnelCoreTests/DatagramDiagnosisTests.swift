import Ciphers
import KCP
import PacketPrimitives
import Testing
import TunnelCore

struct DatagramDiagnosisTests {
    private static let keys = ["ours", "public"].map { KeyDerivation.derive(from: $0) }

    /// A first packet of a client, sealed.
    private static func datagram(_ suite: CipherSuite, key: [UInt8], hasShardHeader: Bool) -> [UInt8] {
        let envelope = suite.makeEnvelope(
            key: key, nonces: NonceGenerator(seededBy: SeededRandomSource(seed: 3)))
        var slab = PacketSlab(slotCount: 1)
        slab.takeSlot(byteCount: SegmentHeader.byteCount + 40)
        var bytes = slab.mutableBytes(at: 0)
        SegmentHeader(
            conversation: 77, command: .push, window: 128, time: 5, number: 0, expected: 0, payloadByteCount: 40
        ).write(to: &bytes, at: 0)
        if hasShardHeader {
            slab.extendFront(at: 0, by: 8)
            var packet = slab.mutableBytes(at: 0)
            packet.storeLittleEndian(UInt64(0x00F1) << 32 | UInt64(66) << 48, at: 0)
        }
        envelope.seal(&slab, from: 0)
        return [UInt8](copying: slab.bytes(at: 0))
    }

    @Test(arguments: CipherSuite.allCases, [true, false])
    func `the cipher is found`(suite: CipherSuite, hasShardHeader: Bool) {
        let datagram = Self.datagram(suite, key: Self.keys[0], hasShardHeader: hasShardHeader)
        #expect(DatagramDiagnosis(of: datagram, keys: Self.keys) == DatagramDiagnosis(cipher: suite, keyIndex: 0))
    }

    @Test(arguments: [CipherSuite.aes, .aes128GCM, .salsa20, .tea])
    func `the other key is found`(suite: CipherSuite) {
        let datagram = Self.datagram(suite, key: Self.keys[1], hasShardHeader: true)
        #expect(DatagramDiagnosis(of: datagram, keys: Self.keys) == DatagramDiagnosis(cipher: suite, keyIndex: 1))
        #expect(DatagramDiagnosis(of: datagram, keys: [Self.keys[0]]) == nil)
    }

    @Test(arguments: [0, 1, 19, 20, 24, 60, 1500, 1501])
    func `junk is nothing`(byteCount: Int) {
        let random = SeededRandomSource(seed: UInt64(byteCount))
        let junk = (0..<byteCount).map { _ in UInt8(truncatingIfNeeded: random.next() as UInt64) }
        #expect(DatagramDiagnosis(of: junk, keys: Self.keys) == nil)
    }
}
