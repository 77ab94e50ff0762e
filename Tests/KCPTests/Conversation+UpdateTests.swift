import PacketPrimitives
import Testing

@testable import KCP

@Suite struct ConversationUpdateTests {
    private static func configuration(
        fastResend: Int = 2, sendWindow: Int = 4, receiveWindow: Int = 32, congestionControl: Bool = false,
        noDelay: Bool = false, interval: Int = 40
    ) -> Configuration {
        Configuration(
            mtu: 124, noDelay: noDelay, intervalMilliseconds: interval, fastResend: fastResend,
            congestionControl: congestionControl, sendWindow: sendWindow, receiveWindow: receiveWindow)
    }

    @Test func `a larger send window lets more out at once`() {
        var conversation = Conversation(id: 7, configuration: Self.configuration(sendWindow: 2))
        let now = Instant(milliseconds: 100)
        conversation.write([UInt8](repeating: 1, count: 1000))
        conversation.flush(now: now)
        #expect(conversation.drainPackets(now: now).count == 2)
        conversation.update(Self.configuration(sendWindow: 6))
        conversation.flush(now: now)
        #expect(conversation.drainPackets(now: now).count == 4)
    }

    @Test(arguments: [(64, 64), (8, 32)])
    func `the receive window grows and does not shrink`(asked: Int, told: UInt16) {
        var conversation = Conversation(id: 7, configuration: Self.configuration(receiveWindow: 32))
        let now = Instant(milliseconds: 100)
        conversation.update(Self.configuration(receiveWindow: asked))
        conversation.write([1])
        conversation.flush(now: now)
        #expect(Segment.all(in: conversation.drainPackets(now: now)).map(\.header.window) == [told])
    }

    @Test func `the mtu stays`() {
        var conversation = Conversation(id: 7, configuration: Self.configuration())
        var other = Self.configuration()
        other.mtu = 500
        conversation.update(other)
        let now = Instant(milliseconds: 100)
        conversation.write([UInt8](repeating: 1, count: 100))
        conversation.flush(now: now)
        #expect(conversation.drainPackets(now: now).map(\.count) == [124])
    }

    @Test func `a shorter timeout counts from the next sample on`() {
        var estimator = RoundTripEstimator(noDelay: false, intervalMilliseconds: 10)
        estimator.addSample(1)
        #expect(estimator.timeout == 100)
        estimator.setMode(noDelay: true, intervalMilliseconds: 10)
        estimator.addSample(1)
        #expect(estimator.timeout == 30)
    }

    /// Everything arrives in order while both ends change their settings at random over a link that loses packets.
    @Test(arguments: 1...10 as ClosedRange<UInt64>) func `nothing is lost while the settings change`(seed: UInt64) {
        let random = SeededRandomSource(seed: seed)
        let content = random.bytes(60_000)
        var sender = Conversation(id: 7, configuration: Self.configuration())
        var receiver = Conversation(id: 7, configuration: Self.configuration())
        var received: [UInt8] = []
        var none: [UInt8] = []
        var written = 0
        for step in UInt64(1)...60_000 where received.count < content.count {
            let now = Instant(milliseconds: step * 5)
            if random.chance(0.02) {
                let other = Self.configuration(
                    fastResend: random.number(in: 0...4), sendWindow: random.number(in: 1...64),
                    receiveWindow: random.number(in: 1...64), congestionControl: random.chance(0.3),
                    noDelay: random.chance(0.5), interval: random.number(in: 10...60))
                sender.update(other)
                receiver.update(other)
            }
            let count = min(content.count - written, sender.writableByteCount)
            if count > 0 { sender.write(Array(content[written..<written + count])) }
            written += count
            sender.flush(now: now)
            sender.handleTimeout(now: now)
            receiver.handleTimeout(now: now)
            for packet in sender.drainPackets(now: now) where !random.chance(0.1) {
                receiver.handlePacket(packet, now: now, received: &received)
            }
            for packet in receiver.drainPackets(now: now) where !random.chance(0.1) {
                sender.handlePacket(packet, now: now, received: &none)
            }
        }
        #expect(received == content, "seed \(seed)")
    }

    @Test func `a conversation is settled when both sides have acknowledged everything`() {
        var sender = Conversation(id: 7, configuration: Self.configuration())
        var receiver = Conversation(id: 7, configuration: Self.configuration())
        var received: [UInt8] = []
        let now = Instant(milliseconds: 100)
        var states = [[sender.isSettled, receiver.isSettled]]
        sender.write([1, 2, 3])
        states.append([sender.isSettled, receiver.isSettled])
        sender.flush(now: now)
        for packet in sender.drainPackets(now: now) { receiver.handlePacket(packet, now: now, received: &received) }
        states.append([sender.isSettled, receiver.isSettled])
        receiver.flush(now: now)
        for packet in receiver.drainPackets(now: now) { sender.handlePacket(packet, now: now, received: &received) }
        states.append([sender.isSettled, receiver.isSettled])
        #expect(states == [[true, true], [false, true], [false, false], [true, true]])
    }
}
