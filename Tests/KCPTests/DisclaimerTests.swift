import PacketPrimitives
import Testing

@testable import KCP

@Suite struct DisclaimerTests {
    private static let profile = KCP.Configuration(
        mtu: 1400, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false, sendWindow: 64,
        receiveWindow: 64)
    private static let start = Instant(milliseconds: 1000)

    private static func header(_ command: Command) -> SegmentHeader {
        SegmentHeader(conversation: 7, command: command, window: 9, time: 5000, number: 12, expected: 3)
    }

    /// What somebody who knows nothing of the conversation answers to the packets.
    private static func disclaimers(of packets: [[UInt8]]) -> [[UInt8]] {
        packets.compactMap { packet in
            guard let header = SegmentHeader(packet.span.bytes), let disclaimer = Disclaimer(to: header) else {
                return nil
            }
            var slab = PacketSlab(slotCount: 1)
            disclaimer.header(window: 64).append(to: &slab)
            return [UInt8](slab.bytes(at: 0))
        }
    }

    @Test func `only what asks for an answer gets one`() {
        let commands = [Command.push, .askWindow, .acknowledge, .tellWindow]
        #expect(commands.map { Disclaimer(to: Self.header($0)) != nil } == [true, true, false, false])
    }

    @Test func `it is no longer than the shortest packet`() {
        var slab = PacketSlab(slotCount: 1)
        Disclaimer(to: Self.header(.push))?.header(window: 64).append(to: &slab)
        #expect(slab.bytes(at: 0).byteCount == SegmentHeader.byteCount)
    }

    @Test func `a sender that has got somewhere learns that it is unknown`() {
        var client = Conversation(id: 7, configuration: Self.profile)
        var server = Conversation(id: 7, configuration: Self.profile)
        var received: [UInt8] = []
        var now = Self.start
        client.write([1])
        client.flush(now: now)
        for packet in client.drainPackets(now: now) { server.handlePacket(packet, now: now, received: &received) }
        now = now.advanced(milliseconds: 100)
        server.handleTimeout(now: now)
        for packet in server.drainPackets(now: now) { client.handlePacket(packet, now: now, received: &received) }
        now = now.advanced(milliseconds: 100)
        client.write([2])
        client.flush(now: now)
        let answers = Self.disclaimers(of: client.drainPackets(now: now))
        #expect(answers.count == 1)
        for answer in answers { client.handlePacket(answer, now: now, received: &received) }
        let isForgotten = client.isForgottenByPeer
        #expect(isForgotten)
    }

    @Test func `at the beginning it says nothing`() {
        var client = Conversation(id: 7, configuration: Self.profile)
        client.write([1])
        client.flush(now: Self.start)
        var received: [UInt8] = []
        for answer in Self.disclaimers(of: client.drainPackets(now: Self.start)) {
            client.handlePacket(answer, now: Self.start, received: &received)
        }
        let isForgotten = client.isForgottenByPeer
        #expect(!isForgotten)
    }
}
