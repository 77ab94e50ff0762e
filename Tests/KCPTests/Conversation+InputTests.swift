import KCP
import PacketPrimitives
import Testing

@Suite struct ConversationInputTests {
    private func conversation(receiveWindow: Int = 32, immediately: Bool = false) -> Conversation {
        Conversation(
            id: 7,
            configuration: Configuration(
                mtu: 524, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: 32, receiveWindow: receiveWindow, acknowledgeImmediately: immediately))
    }

    private let start = Instant(milliseconds: 1000)

    @Test func `every kind of junk has its reason`() {
        var conversation = self.conversation()
        var received: [UInt8] = []
        var tooLong = Segment(.push, number: 0, payload: [1, 2, 3])
        tooLong.header.payloadByteCount = 4
        var huge = tooLong
        huge.header.payloadByteCount = .max
        var unknown = Segment(.push)
        unknown.header.command = 80
        let packets: [([UInt8], Conversation.DropReason)] = [
            ([], .tooShort), ([UInt8](repeating: 7, count: 23), .tooShort),
            (Segment(.push, conversation: 8).bytes, .foreignConversation),
            (tooLong.bytes, .truncated), (huge.bytes, .truncated), (unknown.bytes, .unknownCommand),
        ]
        for (packet, reason) in packets {
            let disposition = conversation.handlePacket(packet, now: self.start, received: &received)
            #expect(disposition == .dropped(reason))
        }
        #expect(conversation.statistics.droppedPackets == 6 && received.isEmpty)
        #expect(conversation.nextTimeout == nil)
    }

    @Test(arguments: [(UInt32(1040), true), (1030, false)])
    func `a peer that takes back what it had is a new one, if nothing older can explain it`(
        sentAt: UInt32, isForgotten: Bool
    ) {
        var conversation = self.conversation()
        var received: [UInt8] = []
        conversation.write([1])
        conversation.flush(now: self.start)
        _ = conversation.drainPackets(now: self.start)
        conversation.handlePacket(
            Segment(.acknowledge, time: 1000, number: 0, expected: 1).bytes, now: Instant(milliseconds: 1030),
            received: &received)
        let before = conversation.isForgottenByPeer
        #expect(!before)
        conversation.handlePacket(
            Segment(.acknowledge, time: sentAt, number: 1, expected: 0).bytes, now: Instant(milliseconds: 1070),
            received: &received)
        let result = conversation.isForgottenByPeer
        #expect(result == isForgotten)
    }

    /// Times after 2^31 are before 0, and a WINS without an ACK has the time 0.
    @Test func `a window that is told late takes nothing back`() {
        var conversation = self.conversation()
        var received: [UInt8] = []
        let now = Instant(milliseconds: 3_000_000_000)
        conversation.write([1])
        conversation.flush(now: now)
        _ = conversation.drainPackets(now: now)
        conversation.handlePacket(
            Segment(.acknowledge, time: 3_000_000_000, number: 0, expected: 1).bytes, now: now, received: &received)
        conversation.handlePacket(
            Segment(.tellWindow, time: 0, number: 0, expected: 0).bytes, now: now, received: &received)
        let result = conversation.isForgottenByPeer
        #expect(!result)
    }

    @Test func `segments before an error count`() {
        var conversation = self.conversation()
        var received: [UInt8] = []
        let packet = Segment(.push, payload: [1, 2]).bytes + Segment(.push, conversation: 9).bytes
        let disposition = conversation.handlePacket(packet, now: self.start, received: &received)
        #expect(disposition == .dropped(.foreignConversation))
        #expect(received == [1, 2])
    }

    @Test func `payload in order is delivered from the packet, out of order when the gap closes`() {
        var conversation = self.conversation()
        var received: [UInt8] = []
        conversation.handlePacket(Segment(.push, number: 1, payload: [2]).bytes, now: self.start, received: &received)
        #expect(received == [])
        conversation.handlePacket(Segment(.push, number: 0, payload: [1]).bytes, now: self.start, received: &received)
        #expect(received == [1, 2])
        #expect(conversation.readySegmentCount == 0)
    }

    @Test func `payload that is not taken waits for read, and so does all behind it`() {
        var conversation = self.conversation()
        conversation.holdPacket(Segment(.push, number: 0, payload: [1]).bytes, now: self.start)
        var received: [UInt8] = []
        conversation.handlePacket(Segment(.push, number: 1, payload: [2]).bytes, now: self.start, received: &received)
        #expect(received == [] && conversation.readySegmentCount == 2)
        let one = conversation.readSegments(limit: 1, now: self.start)
        #expect(one == [[1]] && conversation.readySegmentCount == 1)
        let rest = conversation.readSegments(now: self.start)
        #expect(rest == [[2]])
        conversation.handlePacket(Segment(.push, number: 2, payload: [3]).bytes, now: self.start, received: &received)
        #expect(received == [3])
    }

    @Test func `a receiver may stop in the middle of a packet`() {
        var conversation = self.conversation()
        let packet = (0..<4).flatMap { Segment(.push, number: $0, payload: [UInt8($0)]).bytes }
        var taken: [UInt8] = []
        _ = conversation.handlePacket(packet.span.bytes, isRecovered: false, now: self.start) { bytes in
            guard taken.count < 2 else { return false }
            taken += [UInt8](bytes)
            return true
        }
        #expect(taken == [0, 1] && conversation.readySegmentCount == 2)
        let rest = conversation.readSegments(now: self.start)
        #expect(rest == [[2], [3]])
    }

    @Test func `a recovered packet says nothing about window and time`() {
        var conversation = self.conversation()
        var received: [UInt8] = []
        let packet = Segment(.acknowledge, window: 1, time: 900).bytes + Segment(.push, window: 1, payload: [5]).bytes
        conversation.handlePacket(packet, isRecovered: true, now: self.start, received: &received)
        #expect(conversation.remoteWindowSegmentCount == 32 && conversation.smoothedRoundTripMilliseconds == 0)
        #expect(received == [5])
        conversation.handlePacket(packet, now: self.start, received: &received)
        #expect(conversation.remoteWindowSegmentCount == 1 && conversation.smoothedRoundTripMilliseconds == 100)
    }

    @Test func `an acknowledgement that somebody sends again is no measurement`() {
        var conversation = self.conversation()
        conversation.write([1, 2, 3])
        conversation.flush(now: self.start)
        _ = conversation.drainPackets(now: self.start)
        let packet = Segment(.acknowledge, time: 1000, number: 0, expected: 1).bytes
        var received: [UInt8] = []
        conversation.handlePacket(packet, now: Instant(milliseconds: 1100), received: &received)
        let timeout = conversation.retransmissionTimeoutMilliseconds
        #expect(conversation.smoothedRoundTripMilliseconds == 100)
        conversation.handlePacket(packet, now: Instant(milliseconds: 9000), received: &received)
        #expect(conversation.smoothedRoundTripMilliseconds == 100)
        #expect(conversation.retransmissionTimeoutMilliseconds == timeout)
    }

    @Test func `acknowledging immediately answers every packet`() {
        var conversation = self.conversation(immediately: true)
        var received: [UInt8] = []
        for number in UInt32(0)..<3 {
            let push = Segment(.push, time: 50 + number, number: number, payload: [1])
            conversation.handlePacket(push.bytes, now: self.start, received: &received)
            let answer = Segment.all(in: conversation.drainPackets(now: self.start))
            #expect(answer.map(\.command) == [.acknowledge])
            #expect(answer.map(\.header.number) == [number] && answer.map(\.header.time) == [50 + number])
            #expect(answer.map(\.header.expected) == [number + 1])
        }
    }

    @Test func `a packet's worth of acknowledgements does not wait for the cadence`() {
        var conversation = self.conversation(receiveWindow: 100)
        var received: [UInt8] = []
        // 524 / 24 = 21.
        for number in UInt32(1)...21 {
            conversation.handlePacket(
                Segment(.push, number: number, payload: [1]).bytes, now: self.start, received: &received)
            let packets = conversation.drainPackets(now: self.start)
            #expect(Segment.all(in: packets).count == (number == 21 ? 21 : 0))
        }
    }

    @Test func `a segment beyond the window is neither kept nor acknowledged`() {
        var conversation = self.conversation(receiveWindow: 4, immediately: true)
        conversation.holdPacket(Segment(.push, number: 4, payload: [1]).bytes, now: self.start)
        let packets = conversation.drainPackets(now: self.start)
        #expect(packets.isEmpty)
        #expect(conversation.statistics.segmentsBeyondWindow == 1)
    }

    @Test func `an old segment is acknowledged again`() {
        var conversation = self.conversation(immediately: true)
        for _ in 0..<2 {
            conversation.holdPacket(Segment(.push, payload: [1]).bytes, now: self.start)
            let packets = conversation.drainPackets(now: self.start)
            #expect(Segment.all(in: packets).map(\.command) == [.acknowledge])
        }
        #expect(conversation.statistics.repeatedSegments == 1)
    }

    // MARK: Junk

    @Test(arguments: 1...40)
    func `random bytes never trap`(seed: UInt64) {
        let random = SeededRandomSource(seed: seed)
        var conversation = self.conversation()
        var received: [UInt8] = []
        for step in 0..<500 {
            var packet = random.bytes(random.number(in: 0...200))
            if packet.count >= 5, random.chance(0.9) {
                packet.replaceSubrange(0..<5, with: [7, 0, 0, 0, UInt8(random.number(in: 80...85))])
            }
            if packet.count >= 24, random.chance(0.8) {
                packet.replaceSubrange(20..<24, with: [UInt8(random.number(in: 0...100)), 0, 0, 0])
            }
            self.exercise(&conversation, packet, now: UInt64(step * 7), random, &received)
        }
    }

    @Test(arguments: 1...60)
    func `mutated packets never trap`(seed: UInt64) {
        let random = SeededRandomSource(seed: seed)
        var conversation = self.conversation(receiveWindow: random.number(in: 1...64))
        var peer = self.conversation()
        var received: [UInt8] = []
        var peerReceived: [UInt8] = []
        for step in 0..<400 {
            let now = UInt64(step * 9)
            let instant = Instant(milliseconds: now)
            peer.write(random.bytes(random.number(in: 0...1500)))
            peer.flush(now: instant)
            conversation.write(random.bytes(random.number(in: 0...900)))
            conversation.flush(now: instant)
            for packet in conversation.drainPackets(now: instant) where random.chance(0.7) {
                peer.handlePacket(packet, now: instant, received: &peerReceived)
            }
            for var packet in peer.drainPackets(now: instant) where random.chance(0.8) {
                // The first fields decide most: one byte of a header, mostly small changes.
                for _ in 0..<random.number(in: 0...3) {
                    let header = random.chance(0.8) ? min(packet.count, 24) : packet.count
                    packet[random.number(in: 0...(header - 1))] ^= UInt8(1) << UInt8(random.number(in: 0...7))
                }
                if random.chance(0.05) { packet.removeLast(random.number(in: 0...packet.count)) }
                self.exercise(&conversation, packet, now: now, random, &received)
            }
        }
    }

    /// Everything that can be done with a conversation after a packet.
    private func exercise(
        _ conversation: inout Conversation, _ packet: [UInt8], now: UInt64, _ random: SeededRandomSource,
        _ received: inout [UInt8]
    ) {
        let instant = Instant(milliseconds: now)
        if random.chance(0.1) {
            conversation.holdPacket(packet, isRecovered: random.chance(0.2), now: instant)
        } else {
            conversation.handlePacket(packet, isRecovered: random.chance(0.2), now: instant, received: &received)
        }
        if random.chance(0.3) { received += conversation.readSegments(now: instant).joined() }
        if random.chance(0.2) { conversation.write(random.bytes(300)) }
        conversation.handleTimeout(now: instant)
        if random.chance(0.8) { _ = conversation.drainPackets(now: instant) }
        #expect(conversation.readySegmentCount <= conversation.configuration.receiveWindow)
        #expect(conversation.inFlightSegmentCount <= conversation.configuration.sendWindow)
    }
}
