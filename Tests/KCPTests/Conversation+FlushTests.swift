import KCP
import PacketPrimitives
import Testing

@Suite struct ConversationFlushTests {
    private func conversation(mtu: Int = 124, receiveWindow: Int = 256) -> Conversation {
        Conversation(
            id: 7,
            configuration: Configuration(
                mtu: mtu, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false,
                sendWindow: 64, receiveWindow: receiveWindow))
    }

    /// A conversation with something of every kind to send: acknowledgements, a WINS, retransmissions, fresh segments.
    private func busyConversation() -> Conversation {
        var conversation = self.conversation()
        let start = Instant(milliseconds: 100)
        conversation.write([UInt8](repeating: 1, count: 1050))
        conversation.flush(now: start)
        _ = conversation.drainPackets(now: start)
        for number: UInt32 in [1, 3, 9, 4, 12, 13, 20, 22] {
            conversation.holdPacket(Segment(.push, time: number, number: number, payload: [9]).bytes, now: start)
        }
        conversation.holdPacket(Segment(.askWindow).bytes, now: start)
        conversation.write([UInt8](repeating: 2, count: 950))
        return conversation
    }

    @Test(arguments: [1, 2, 3, 100])
    func `packets polled in pieces are those of one flush`(limit: Int) {
        let later = Instant(milliseconds: 400)
        var whole = self.busyConversation()
        whole.flush(now: later)
        let expected = whole.drainPackets(now: later)
        var pieces = self.busyConversation()
        pieces.flush(now: later)
        let packets = pieces.drainPackets(limit: limit, now: later)
        #expect(packets == expected)
        let commands = Segment.all(in: packets).map { $0.command! }
        #expect(commands.starts(with: Array(repeating: .acknowledge, count: 8) + [.tellWindow]))
        #expect(commands.dropFirst(9).allSatisfy { $0 == .push } && commands.count == 9 + 11 + 10)
        #expect(packets.allSatisfy { $0.count <= 124 })
    }

    @Test func `a flush sends retransmissions in order, then what is new`() {
        var conversation = self.busyConversation()
        let later = Instant(milliseconds: 400)
        conversation.flush(now: later)
        let numbers = Segment.all(in: conversation.drainPackets(now: later)).filter { $0.command == .push }
            .map(\.header.number)
        #expect(numbers == Array(0..<21))
    }

    @Test func `nothing is due without a flush`() {
        var conversation = self.conversation()
        conversation.write([1, 2, 3])
        conversation.holdPacket(Segment(.push, number: 2, payload: [9]).bytes, now: Instant(milliseconds: 100))
        let packets = conversation.drainPackets(now: Instant(milliseconds: 100))
        #expect(packets.isEmpty && conversation.inFlightSegmentCount == 0)
    }

    @Test func `input between two polls merges`() {
        var conversation = self.busyConversation()
        let later = Instant(milliseconds: 400)
        conversation.flush(now: later)
        var packets = conversation.pollOne(now: later)
        // The peer has everything up to 15, and our gap closes.
        conversation.holdPacket(Segment(.push, number: 0, expected: 15, payload: [8]).bytes, now: later)
        packets += conversation.drainPackets(now: later)
        let segments = Segment.all(in: packets)
        let numbers = segments.filter { $0.command == .push }.map(\.header.number)
        #expect(numbers == Array(15..<21))
        let acknowledged = segments.filter { $0.command == .acknowledge }.map(\.header.number)
        // The first packet had five of them; of the rest what `una` covers is left out, but for the last.
        #expect(acknowledged == [1, 3, 9, 4, 12, 13, 20, 22, 0])
        #expect(segments.last?.header.expected == 2)
    }

    @Test func `a full slab leaves the rest for later`() {
        var conversation = self.conversation()
        let now = Instant(milliseconds: 0)
        conversation.write([UInt8](repeating: 1, count: 1000))
        conversation.flush(now: now)
        var slab = PacketSlab(slotCount: 4)
        let first = conversation.pollPackets(into: &slab, limit: 100, now: now)
        let none = conversation.pollPackets(into: &slab, limit: 100, now: now)
        #expect(first == 4 && none == 0 && slab.count == 4)
        slab.removeAll()
        let rest = conversation.drainPackets(&slab, now: now)
        #expect(rest.count == 6)
    }

    @Test func `polling appends behind what the slab holds`() {
        var conversation = self.conversation()
        conversation.write([1, 2, 3])
        conversation.flush(now: Instant(milliseconds: 0))
        var slab = PacketSlab(slotCount: 4)
        slab.takeSlot(byteCount: 5)
        let count = conversation.pollPackets(into: &slab, limit: 4, now: Instant(milliseconds: 0))
        #expect(count == 1 && slab.count == 2 && slab[0].byteCount == 5 && slab[1].byteCount == 27)
    }

    @Test func `a segment is stamped when it is written`() {
        var conversation = self.conversation()
        conversation.write([1])
        conversation.flush(now: Instant(milliseconds: 50))
        let segments = Segment.all(in: conversation.drainPackets(now: Instant(milliseconds: 60)))
        #expect(segments.map(\.header.time) == [60])
        #expect(conversation.nextTimeout == Instant(milliseconds: 260))
    }

    @Test func `a closed window is obeyed, probed, and opened by its WINS`() {
        var conversation = self.conversation()
        var nothing: [UInt8] = []
        conversation.handlePacket(
            Segment(.tellWindow, window: 0).bytes, now: Instant(milliseconds: 0), received: &nothing)
        conversation.write([UInt8](repeating: 1, count: 300))
        conversation.flush(now: Instant(milliseconds: 0))
        var commands: [Command] = []
        for now in UInt64(0)...600 {
            conversation.handleTimeout(now: Instant(milliseconds: now))
            commands += Segment.all(in: conversation.drainPackets(now: Instant(milliseconds: now))).map { $0.command! }
        }
        #expect(commands == [.askWindow])
        conversation.handlePacket(
            Segment(.tellWindow, window: 2).bytes, now: Instant(milliseconds: 601), received: &nothing)
        let next = conversation.nextTimeout!
        #expect(next <= Instant(milliseconds: 611))
        conversation.handleTimeout(now: next)
        let packets = conversation.drainPackets(now: next)
        #expect(Segment.all(in: packets).map(\.command) == [.push, .push])
        #expect(conversation.inFlightSegmentCount == 2 && conversation.queuedByteCount == 100)
    }

    @Test func `reading from a full queue tells the window`() {
        var conversation = self.conversation(receiveWindow: 2)
        let now = Instant(milliseconds: 0)
        for number in UInt32(0)..<2 {
            conversation.holdPacket(Segment(.push, number: number, payload: [1]).bytes, now: now)
        }
        conversation.flush(now: now)
        let first = Segment.all(in: conversation.drainPackets(now: now))
        #expect(first.map(\.header.window) == [0])
        _ = conversation.readSegments(limit: 1, now: now)
        conversation.flush(now: now)
        let second = Segment.all(in: conversation.drainPackets(now: now))
        #expect(second.map(\.command) == [.tellWindow] && second.map(\.header.window) == [1])
    }

    @Test func `a window larger than the field is told as the largest`() {
        var conversation = self.conversation(receiveWindow: 100_000)
        conversation.holdPacket(Segment(.askWindow).bytes, now: Instant(milliseconds: 0))
        conversation.flush(now: Instant(milliseconds: 0))
        let segments = Segment.all(in: conversation.drainPackets(now: Instant(milliseconds: 0)))
        #expect(segments.map(\.header.window) == [65535])
    }
}

extension Conversation {
    fileprivate mutating func pollOne(now: Instant) -> [[UInt8]] {
        var slab = PacketSlab(slotCount: 1)
        let count = self.pollPackets(into: &slab, limit: 1, now: now)
        return (0..<count).map { [UInt8](slab.bytes(at: $0)) }
    }
}
