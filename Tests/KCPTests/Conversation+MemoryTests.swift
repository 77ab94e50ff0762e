import PacketPrimitives
import Testing

@testable import KCP

@Suite struct ConversationMemoryTests {
    private static let now = Instant(milliseconds: 1000)
    private static let window = 200

    private static func conversation() -> Conversation {
        Conversation(
            id: 7,
            configuration: KCP.Configuration(
                mtu: 1400, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: Self.window, receiveWindow: Self.window))
    }

    /// A packet with the segment `number`, from a peer that does not care about our window.
    private static func packet(_ number: UInt32, payload: [UInt8]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: SegmentHeader.byteCount)
        var span = bytes.mutableSpan
        var target = span.mutableBytes
        SegmentHeader(
            conversation: 7, command: .push, window: 128, time: 5, number: number, expected: 0,
            payloadByteCount: payload.count
        ).write(to: &target, at: 0)
        return bytes + payload
    }

    private static let payload = [UInt8](repeating: 1, count: 1000)

    @Test func `a peer that ignores the window cannot make us hold more than it`() {
        var conversation = Self.conversation()
        // Nothing is taken, and the first one is missing at first.
        for number in (1...UInt32(10 * Self.window)) + [0] {
            conversation.holdPacket(Self.packet(number, payload: Self.payload), now: Self.now)
        }
        for number in 0...UInt32(10 * Self.window) {
            conversation.holdPacket(Self.packet(number, payload: Self.payload), now: Self.now)
        }
        #expect(conversation.readySegmentCount + conversation.waitingSegmentCount <= 2 * Self.window)
        #expect(conversation.memory.receiving <= 2 * Self.window * 1600 + 65_536)
        #expect(conversation.statistics.segmentsBeyondWindow > 0)
    }

    @Test func `with smaller windows nothing more is taken, and what has been acknowledged stays`() {
        var conversation = Self.conversation()
        for number in UInt32(1)..<100 {
            conversation.holdPacket(Self.packet(number, payload: [UInt8(number)]), now: Self.now)
        }
        conversation.limitWindows(to: 8, now: Self.now)
        let isLimited = conversation.isLimited
        #expect(isLimited)
        let beyond = conversation.statistics.segmentsBeyondWindow
        conversation.holdPacket(Self.packet(100, payload: [100]), now: Self.now)
        #expect(conversation.statistics.segmentsBeyondWindow == beyond + 1)
        #expect(conversation.waitingSegmentCount == 99)
        conversation.holdPacket(Self.packet(0, payload: [0]), now: Self.now)
        let segments = conversation.readSegments(now: Self.now)
        #expect(segments == (0..<100).map { [UInt8($0)] })
    }

    @Test func `the peer hears of the smaller window, and of the larger one at once`() throws {
        var conversation = Self.conversation()
        conversation.limitWindows(to: 8, now: Self.now)
        for number in UInt32(0)..<8 { conversation.holdPacket(Self.packet(number, payload: [1]), now: Self.now) }
        conversation.flush(now: Self.now)
        let told = Self.window(in: conversation.drainPackets(now: Self.now))
        #expect(told == 0)
        conversation.limitWindows(to: nil, now: Self.now)
        let (isLimited, timeout) = (conversation.isLimited, conversation.nextTimeout)
        #expect(!isLimited)
        let next = try #require(timeout)
        #expect(next <= Self.now.advanced(milliseconds: 20))
        conversation.handleTimeout(now: next)
        let toldAgain = Self.window(in: conversation.drainPackets(now: next))
        #expect(toldAgain == UInt16(Self.window - 8))
    }

    private static func window(in packets: [[UInt8]]) -> UInt16? {
        packets.last.flatMap { SegmentHeader($0.span.bytes)?.window }
    }

    @Test func `no more than the smaller window is under way`() {
        var conversation = Self.conversation()
        var received: [UInt8] = []
        // The peer's window is wide open.
        var open = Self.packet(0, payload: [])
        open[6] = 255
        open[7] = 0
        conversation.handlePacket(open, now: Self.now, received: &received)
        conversation.limitWindows(to: 10, now: Self.now)
        conversation.write([UInt8](repeating: 7, count: 200_000))
        conversation.flush(now: Self.now)
        _ = conversation.drainPackets(now: Self.now)
        #expect(conversation.inFlightSegmentCount == 10)
        conversation.limitWindows(to: nil, now: Self.now)
        conversation.flush(now: Self.now)
        _ = conversation.drainPackets(now: Self.now)
        #expect(conversation.inFlightSegmentCount > 100)
    }

    @Test func `memory that is not in use is given back`() {
        var conversation = Self.conversation()
        for number in (0..<UInt32(Self.window)).reversed() {
            conversation.holdPacket(Self.packet(number, payload: Self.payload), now: Self.now)
        }
        _ = conversation.readSegments(now: Self.now)
        #expect(conversation.memory.receiving > 200_000)
        conversation.limitWindows(to: 8, now: Self.now)
        #expect(conversation.memory.receiving < 20_000)
    }
}
