import FakeTCP
import PacketPrimitives
import Testing

@Suite struct FlowTests {
    private static let start = Instant(milliseconds: 5_000_000)

    private static func segment(
        _ sequence: UInt32, acknowledging acknowledgement: UInt32, flags: SegmentFlags = .datagram,
        timestamps: SegmentHeader.Timestamps? = nil
    ) -> SegmentHeader {
        SegmentHeader(
            sourcePort: 29900, destinationPort: 39222, sequence: sequence, acknowledgement: acknowledgement,
            flags: flags, timestamps: timestamps)
    }

    /// After a first datagram of 100 bytes at 1000, from a peer that expects 7000.
    private static func flow(timestamps: SegmentHeader.Timestamps? = nil) -> Flow {
        Flow(
            firstSegment: segment(1000, acknowledging: 7000, timestamps: timestamps), payloadByteCount: 100, now: start)
    }

    @Test func `a handshake counts as one byte`() throws {
        let answer = try #require(SegmentHeader(bytes: KnownPackets.handshakeAnswer))
        let flow = Flow(firstSegment: answer, payloadByteCount: 0, now: Self.start)
        #expect(flow.sequence == 3_174_807_435)
        #expect(flow.acknowledgement == 3_483_718_849)
    }

    @Test func `a first datagram shows where both sides stand`() {
        let flow = Self.flow()
        #expect(flow.sequence == 7000 && flow.acknowledgement == 1100)
    }

    @Test func `what we send moves us on`() {
        var flow = Self.flow()
        flow.advance(by: 1350)
        #expect(flow.sequence == 8350 && flow.acknowledgement == 1100)
    }

    @Test func `what is expected is acknowledged`() {
        var flow = Self.flow()
        flow.handleSegment(Self.segment(1100, acknowledging: 7000), payloadByteCount: 50)
        #expect(flow.acknowledgement == 1150)
    }

    @Test(arguments: [1099, 1000, 1101, 0, .max]) func `what is out of turn is not`(sequence: UInt32) {
        var flow = Self.flow()
        flow.handleSegment(Self.segment(sequence, acknowledging: 7000), payloadByteCount: 50)
        #expect(flow.acknowledgement == 1100)
    }

    @Test func `we go on where the peer expects us`() {
        var flow = Self.flow()
        flow.advance(by: 5000)
        flow.handleSegment(Self.segment(1100, acknowledging: 8350), payloadByteCount: 10)
        #expect(flow.sequence == 8350)
    }

    @Test func `a segment that acknowledges nothing does not move us`() {
        var flow = Self.flow()
        flow.handleSegment(Self.segment(1100, acknowledging: 3, flags: .push), payloadByteCount: 10)
        #expect(flow.sequence == 7000 && flow.acknowledgement == 1110)
    }

    @Test func `numbers wrap around`() {
        let first = Self.segment(.max - 9, acknowledging: .max - 99)
        var flow = Flow(firstSegment: first, payloadByteCount: 100, now: Self.start)
        flow.advance(by: 150)
        #expect(flow.acknowledgement == 90 && flow.sequence == 50)
    }

    // MARK: Headers

    @Test func `a header says where we stand`() {
        let header = Self.flow().header(from: 39222, to: 29900, now: Self.start)
        #expect(header.sourcePort == 39222 && header.destinationPort == 29900)
        #expect(header.sequence == 7000 && header.acknowledgement == 1100)
        #expect(header.flags == .datagram && header.timestamps == nil)
    }

    @Test func `the clock goes on from what the peer has heard of ours`() {
        let flow = Self.flow(timestamps: .init(value: 40, echo: 900))
        let header = flow.header(from: 1, to: 2, now: Self.start.advanced(milliseconds: 250))
        #expect(header.timestamps == .init(value: 1150, echo: 40))
    }

    @Test(arguments: [(41, 41), (39, 40), (40, 40), (2_000_000_000, 2_000_000_000), (3_000_000_000, 40)])
    func `the peer's latest clock is echoed`(value: UInt32, echo: UInt32) {
        var flow = Self.flow(timestamps: .init(value: 40, echo: 900))
        let stamps = SegmentHeader.Timestamps(value: value, echo: 0)
        flow.handleSegment(Self.segment(1100, acknowledging: 7000, timestamps: stamps), payloadByteCount: 1)
        #expect(flow.header(from: 1, to: 2, now: Self.start).timestamps?.echo == echo)
    }

    @Test func `a peer without timestamps gets none, also when it changes its mind`() {
        var flow = Self.flow()
        let stamps = SegmentHeader.Timestamps(value: 1, echo: 2)
        flow.handleSegment(Self.segment(1100, acknowledging: 7000, timestamps: stamps), payloadByteCount: 1)
        #expect(flow.header(from: 1, to: 2, now: Self.start).timestamps == nil)
    }
}
