import PacketPrimitives
import Testing

@testable import FakeTCP

@Suite struct InternetChecksumTests {
    @Test func `the example of RFC 1071`() {
        var checksum = InternetChecksum()
        let bytes: [UInt8] = [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]
        checksum.add(bytes.span.bytes)
        #expect(checksum.folded.byteSwapped == 0xDDF2)
    }

    /// Word by word, as the RFC writes it.
    private static func plainSum(_ bytes: [UInt8]) -> UInt16 {
        var sum = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += Int(bytes[index]) << 8 + (index + 1 < bytes.count ? Int(bytes[index + 1]) : 0)
        }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        return UInt16(sum)
    }

    @Test(arguments: Array(0...67) + [1350, 1499, 1500])
    func `any length sums as word by word`(byteCount: Int) {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandomSource(seed: seed)
        let bytes = (0..<byteCount).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
        var checksum = InternetChecksum()
        checksum.add(bytes.span.bytes)
        #expect(checksum.folded.byteSwapped == Self.plainSum(bytes), "seed \(seed)")
    }

    @Test func `ones all over do not overflow`() {
        var checksum = InternetChecksum()
        for _ in 0..<100 { checksum.add([UInt8](repeating: 0xFF, count: 1500).span.bytes) }
        #expect(checksum.folded == 0xFFFF)
    }

    // MARK: Segments

    @Test func `a segment of kcptun 2021 is valid`() {
        let segment = Array(KnownPackets.firstDatagram[20...])
        #expect(PseudoHeader(KnownPackets.client, KnownPackets.server).isValid(bytes: segment))
        #expect(PseudoHeader(KnownPackets.server, KnownPackets.client).isValid(bytes: segment))
    }

    @Test(arguments: [0, 1, 12, 13, 16, 17, 19, 50, 89])
    func `a segment with a changed byte is not`(index: Int) {
        var segment = Array(KnownPackets.firstDatagram[20...])
        segment[index] ^= 0x10
        #expect(!PseudoHeader(KnownPackets.client, KnownPackets.server).isValid(bytes: segment))
    }

    @Test(arguments: [
        PeerAddress.ipv4(0x0A07_0001, port: 1), .ipv4(0x0A07_0103, port: 1),
        PeerAddress(family: .ipv6, high: 0, low: 1, port: 1),
    ])
    func `a segment for somebody else is not`(address: PeerAddress) {
        let segment = Array(KnownPackets.firstDatagram[20...])
        #expect(!PseudoHeader(KnownPackets.client, address).isValid(bytes: segment))
    }
}
