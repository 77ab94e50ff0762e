import PacketPrimitives
import Testing

@testable import KCP

@Suite struct ConversationTimersTests {
    private func conversation(interval: Int = 40) -> Conversation {
        Conversation(
            id: 7,
            configuration: Configuration(
                mtu: 524, noDelay: false, intervalMilliseconds: interval, fastResend: 2, congestionControl: false,
                sendWindow: 1024, receiveWindow: 1024))
    }

    private func at(_ milliseconds: UInt64) -> Instant { Instant(milliseconds: milliseconds) }

    @Test func `an idle conversation never comes back`() {
        var conversation = self.conversation()
        #expect(conversation.nextTimeout == nil)
        conversation.handleTimeout(now: self.at(5000))
        conversation.flush(now: self.at(6000))
        let packets = conversation.drainPackets(now: self.at(6000))
        #expect(packets.isEmpty && conversation.nextTimeout == nil)
    }

    @Test func `acknowledgements leave by the cadence, within an interval`() {
        var conversation = self.conversation()
        var received: [UInt8] = []
        conversation.handlePacket(Segment(.push, payload: [1]).bytes, now: self.at(1000), received: &received)
        #expect(conversation.nextTimeout == self.at(1040))
        conversation.handleTimeout(now: self.at(1039))
        let packets1 = conversation.drainPackets(now: self.at(1039))
        #expect(packets1.isEmpty)
        conversation.handleTimeout(now: self.at(1041))
        let packets2 = conversation.drainPackets(now: self.at(1041))
        #expect(packets2.count == 1)
        #expect(conversation.nextTimeout == nil)
        // The rhythm goes on from that flush: 1081, 1121, 1161.
        conversation.handlePacket(
            Segment(.push, number: 1, payload: [1]).bytes, now: self.at(1130), received: &received)
        #expect(conversation.nextTimeout == self.at(1161))
    }

    @Test func `a segment in flight waits for its timeout only`() {
        var conversation = self.conversation()
        conversation.write([1])
        conversation.flush(now: self.at(1000))
        _ = conversation.drainPackets(now: self.at(1000))
        #expect(conversation.nextTimeout == self.at(1200))
        conversation.handleTimeout(now: self.at(1200))
        let packets = conversation.drainPackets(now: self.at(1200))
        #expect(Segment.all(in: packets).map(\.header.number) == [0])
        // The timeout has grown by 200 ms.
        #expect(conversation.nextTimeout == self.at(1600) || conversation.nextTimeout! < self.at(1600))
        #expect(conversation.statistics.timeouts == 1)
    }

    @Test func `a skipped segment is sent early by the cadence`() {
        var conversation = self.conversation()
        for _ in 0..<2 {
            conversation.write([1])
            conversation.flush(now: self.at(1000))
        }
        _ = conversation.drainPackets(now: self.at(1000))
        var received: [UInt8] = []
        conversation.handlePacket(
            Segment(.acknowledge, time: 1000, number: 1).bytes, now: self.at(1010), received: &received)
        #expect(conversation.nextTimeout == self.at(1040))
        conversation.handleTimeout(now: self.at(1040))
        let packets = conversation.drainPackets(now: self.at(1040))
        #expect(Segment.all(in: packets).map(\.header.number) == [0])
        #expect(conversation.statistics.earlyRetransmissions == 1)
    }

    @Test func `an acknowledged segment needs no timeout`() {
        var conversation = self.conversation()
        conversation.write([1])
        conversation.flush(now: self.at(1000))
        _ = conversation.drainPackets(now: self.at(1000))
        var received: [UInt8] = []
        conversation.handlePacket(
            Segment(.acknowledge, time: 1000, expected: 1).bytes, now: self.at(1010), received: &received)
        #expect(conversation.nextTimeout == nil)
    }

    @Test func `memory of a large transfer is given back a second later`() {
        var conversation = self.conversation()
        let memory = { (c: borrowing Conversation) in c.sending.spareByteCount + c.receiving.spareByteCount }
        #expect(memory(conversation) < 4096)
        conversation.write([UInt8](repeating: 1, count: 100_000))
        conversation.flush(now: self.at(1000))
        _ = conversation.drainPackets(now: self.at(1000))
        var received: [UInt8] = []
        while conversation.unacknowledgedByteCount > 0 {
            let all = Segment(.acknowledge, window: 1000, time: 1000, expected: 1000)
            conversation.handlePacket(all.bytes, now: self.at(1010), received: &received)
            _ = conversation.drainPackets(now: self.at(1010))
        }
        #expect(conversation.nextTimeout == self.at(2010))
        #expect(memory(conversation) > 100_000)
        conversation.handleTimeout(now: self.at(2010))
        #expect(memory(conversation) < 4096)
        #expect(conversation.nextTimeout == nil)
    }

    @Test func `the clock may wrap`() {
        let wrap: UInt64 = 0x1_0000_0000
        var conversation = self.conversation()
        conversation.write([1])
        conversation.flush(now: self.at(wrap - 100))
        _ = conversation.drainPackets(now: self.at(wrap - 100))
        #expect(conversation.nextTimeout == self.at(wrap + 100))
        conversation.handleTimeout(now: self.at(wrap + 99))
        let packets3 = conversation.drainPackets(now: self.at(wrap + 99))
        #expect(packets3.isEmpty)
        conversation.handleTimeout(now: self.at(wrap + 100))
        let packets4 = conversation.drainPackets(now: self.at(wrap + 100))
        #expect(packets4.count == 1)
    }
}
