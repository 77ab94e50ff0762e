import PacketPrimitives
import Testing

@testable import FakeTCP

@Suite struct SegmentHeaderTests {
    private static let ipv4 = PseudoHeader(.ipv4(0xC000_0201, port: 0), .ipv4(0xC633_6407, port: 0))
    private static let ipv6 = PseudoHeader(
        PeerAddress(family: .ipv6, high: 0x2001_0DB8_0000_0000, low: 1, port: 0),
        PeerAddress(family: .ipv6, high: 0xFE80_0000_0000_0000, low: 0x1234_5678_9ABC_DEF0, port: 0))

    private static func header(_ timestamps: SegmentHeader.Timestamps?) -> SegmentHeader {
        SegmentHeader(
            sourcePort: 40000, destinationPort: 29900, sequence: 0x0102_0304, acknowledgement: 0xA0B0_C0D0,
            flags: .datagram, timestamps: timestamps)
    }

    private static let timestamps = SegmentHeader.Timestamps(value: 0x1122_3344, echo: 0x5566_7788)

    private static func bytes(
        _ header: SegmentHeader, _ payload: [UInt8], _ pseudoHeader: PseudoHeader = Self.ipv4
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: SegmentHeader.byteCapacity)
        var span = bytes.mutableSpan
        var target = span.mutableBytes
        header.write(to: &target, payload: payload.span.bytes, pseudoHeader)
        return bytes.prefix(header.byteCount) + payload
    }

    @Test func `a header is what the RFC draws`() {
        let bytes = Self.bytes(Self.header(Self.timestamps), [])
        #expect(
            bytes == [
                0x9C, 0x40, 0x74, 0xCC, 1, 2, 3, 4, 0xA0, 0xB0, 0xC0, 0xD0, 0x80, 0x18, 0xFF, 0xFF, 0x02, 0x90, 0, 0,
                1, 1, 8, 10, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88,
            ])
    }

    /// Checksums that another implementation has computed.
    @Test(
        arguments: [
            ([], 0x4CFC, 0x0290, 0x2AA4, 0xE037), ([0x61], 0xEBFA, 0xA18E, 0xC9A2, 0x7F36),
            (Array(0..<255), 0x8CBC, 0x4250, 0x6A64, 0x1FF8),
            ([UInt8](repeating: 0xFF, count: 1350), 0x47B6, 0xFD49, 0x255E, 0xDAF1),
        ] as [([UInt8], UInt16, UInt16, UInt16, UInt16)])
    func `the checksum covers addresses, header and payload`(
        payload: [UInt8], plain: UInt16, stamped: UInt16, plainIPv6: UInt16, stampedIPv6: UInt16
    ) {
        let expected = [(Self.ipv4, [plain, stamped]), (Self.ipv6, [plainIPv6, stampedIPv6])]
        for (pseudoHeader, checksums) in expected {
            let written = [nil, Self.timestamps].map { Self.bytes(Self.header($0), payload, pseudoHeader) }
            #expect(written.map { UInt16($0[16]) << 8 | UInt16($0[17]) } == checksums)
            #expect(written.map { pseudoHeader.isValid(bytes: $0) } == [true, true])
        }
    }

    @Test(arguments: [nil, Self.timestamps])
    func `what is written is read`(timestamps: SegmentHeader.Timestamps?) {
        let header = Self.header(timestamps)
        #expect(SegmentHeader(bytes: Self.bytes(header, [1, 2, 3])) == header)
    }

    @Test func `a segment of kcptun 2021 is read`() throws {
        let header = try #require(SegmentHeader(bytes: Array(KnownPackets.firstDatagram[20...])))
        #expect(header.sourcePort == KnownPackets.client.port && header.destinationPort == KnownPackets.server.port)
        #expect(header.sequence == 3_174_807_435 && header.acknowledgement == 3_483_718_849)
        #expect(header.flags == .datagram && header.timestamps == nil && header.byteCount == 20)
    }

    @Test func `timestamps are found among a kernel's options`() throws {
        let header = try #require(SegmentHeader(bytes: KnownPackets.handshakeAnswer))
        #expect(header.flags == .handshakeAnswer && header.byteCount == 40)
        #expect(header.timestamps == .init(value: 1_734_821_678, echo: 3_578_966_673))
    }

    // MARK: Junk

    @Test(arguments: 0..<20) func `a cut header is none`(byteCount: Int) {
        #expect(SegmentHeader(bytes: Array(KnownPackets.handshakeAnswer.prefix(byteCount))) == nil)
    }

    @Test(arguments: [0x00, 0x40, 0xB0, 0xF0]) func `a length that cannot be is refused`(dataOffset: UInt8) {
        var bytes = KnownPackets.handshakeAnswer
        bytes[12] = dataOffset
        #expect(SegmentHeader(bytes: bytes) == nil)
    }

    @Test(
        arguments: [
            [8, 10, 0, 0], [8, 10, 0, 0, 0, 0, 0, 0], [8, 0, 1, 1], [8, 1, 1, 1], [2, 0, 0, 0], [2, 255, 0, 0],
            [1, 1, 1, 8],
            [0, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0], [8, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 8, 10],
        ] as [[UInt8]])
    func `options that are cut or wrong are no timestamps`(options: [UInt8]) throws {
        var bytes = Array(KnownPackets.handshakeAnswer.prefix(20)) + options
        bytes[12] = UInt8(bytes.count / 4) << 4
        #expect(try #require(SegmentHeader(bytes: bytes)).timestamps == nil)
    }

    @Test func `any bytes are survived`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandomSource(seed: seed)
        var readCount = 0
        for _ in 0..<50_000 {
            let bytes = (0..<Int.random(in: 0...70, using: &random)).map { _ in
                UInt8.random(in: 0 ... .max, using: &random) & UInt8.random(in: 0 ... .max, using: &random)
            }
            guard let header = SegmentHeader(bytes: bytes) else { continue }
            readCount += 1
            #expect((20...bytes.count).contains(header.byteCount), "seed \(seed)")
        }
        #expect(readCount > 100)
    }
}
