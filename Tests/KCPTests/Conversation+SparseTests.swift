import PacketPrimitives
import RateControl
import Testing

@testable import KCP

/// Messages in a conversation of their own, on a path that a transfer may share.
@Suite struct ConversationSparseTests {
    private static let start = Instant(milliseconds: 1000)
    private static let configuration = Configuration(
        mtu: 1350, noDelay: true, intervalMilliseconds: 10, fastResend: 2, congestionControl: false, sendWindow: 4096,
        receiveWindow: 4096)

    private static func after(_ milliseconds: Int) -> Instant { Self.start.advanced(milliseconds: milliseconds) }

    private static func sender(_ path: PathController) -> Conversation {
        var sender = Conversation(id: 7, configuration: Self.configuration, path: path, overheadByteCount: 28)
        sender.holdPacket(Segment(.tellWindow, window: 4096).bytes, now: Self.start)
        return sender
    }

    private static func path() -> PathController { PathController(datagramByteCount: 1378, now: Self.start) }

    /// Writes a message and returns the packets that leave, each with the numbers of its segments.
    private static func say(_ sender: inout Conversation, at milliseconds: Int) -> [[UInt32]] {
        sender.write([UInt8](repeating: 1, count: 136))
        return Self.poll(&sender, at: milliseconds)
    }

    private static func poll(_ sender: inout Conversation, at milliseconds: Int) -> [[UInt32]] {
        let now = Self.after(milliseconds)
        sender.handleTimeout(now: now)
        sender.flush(now: now)
        _ = sender.favourSparseTraffic(hasBacklog: false, now: now)
        return sender.drainPackets(now: now).map { Segment.all(in: $0).map(\.header.number) }
    }

    @Test func `a message does not wait for a window that a transfer has filled`() {
        let path = Self.path()
        var transfer = Self.sender(path)
        transfer.write([UInt8](repeating: 1, count: 1_000_000))
        transfer.flush(now: Self.start)
        let count = transfer.drainPackets(now: Self.start).count
        let isFull = !path.hasRoom(besides: transfer.inFlightByteCount)
        #expect(count > 10 && isFull)
        var messages = Self.sender(path)
        #expect(Self.say(&messages, at: 1) == [[0]])
        let inFlight = path.inFlightByteCount
        #expect(inFlight == transfer.inFlightByteCount + 136 + 24 + 28)
    }

    @Test func `a message is repeated after 4 and 10 ms, which are no retransmissions`() {
        var sender = Self.sender(Self.path())
        #expect(Self.say(&sender, at: 0) == [[0]])
        #expect(sender.nextTimeout == Self.after(4))
        #expect(Self.poll(&sender, at: 3) == [])
        #expect(Self.poll(&sender, at: 4) == [[0]])
        #expect(Self.poll(&sender, at: 10) == [[0]])
        #expect(Self.poll(&sender, at: 30) == [])
        let statistics = sender.statistics
        #expect(statistics.copiedSegments == 2 && statistics.copiedPayloadBytes == 272)
        #expect(statistics.retransmittedSegments == 0 && statistics.lostTransmissions == 0)
    }

    /// All copies but those in the last datagram got lost: each segment is acknowledged once.
    @Test func `the first acknowledgement of what a datagram took along is no repetition`() {
        var sender = Self.sender(Self.path())
        var last: [SegmentHeader] = []
        for index in 0..<5 {
            sender.write([UInt8](repeating: 1, count: 136))
            let now = Self.after(20 * index)
            sender.flush(now: now)
            _ = sender.favourSparseTraffic(hasBacklog: false, now: now)
            last = sender.drainPackets(now: now).first.map { Segment.all(in: $0).map(\.header) } ?? []
        }
        #expect(last.count == 4)
        let list = last.flatMap { Segment(.acknowledge, window: 4096, time: $0.time, number: $0.number).bytes }
        sender.holdPacket(list, now: Self.after(130))
        let isTakenForRepetition = sender.control.coverage.peerRepeats
        #expect(!isTakenForRepetition)
        sender.write([1])
        let now = Self.after(130)
        sender.flush(now: now)
        let next = sender.drainPackets(now: now).flatMap { Segment.all(in: $0).map(\.header) }.last
        let new = next.map { Segment(.acknowledge, window: 4096, time: $0.time, number: $0.number).bytes } ?? []
        let again = last.sorted { $1.time < $0.time }.flatMap {
            Segment(.acknowledge, window: 4096, time: $0.time, number: $0.number).bytes
        }
        sender.holdPacket(new + again, now: Self.after(180))
        let isKnownToRepeat = sender.control.coverage.peerRepeats
        #expect(isKnownToRepeat)
    }

    @Test func `what has been acknowledged is not repeated`() {
        var sender = Self.sender(Self.path())
        _ = Self.say(&sender, at: 0)
        let packet = Segment(.acknowledge, window: 4096, time: 0, number: 0, expected: 1)
        sender.holdPacket(packet.bytes, now: Self.after(2))
        #expect(Self.poll(&sender, at: 4) == [])
    }

    @Test func `a message takes the last three along that are under way`() {
        var sender = Self.sender(Self.path())
        let packets = (0..<5).map { Self.say(&sender, at: $0 * 2).first ?? [] }
        #expect(packets == [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3], [1, 2, 3, 4]])
    }

    @Test(arguments: [[UInt32](), [0], [1], [0, 1]])
    func `whichever copies arrive, nothing stays in flight and nothing is sent again`(arrivals: [UInt32]) {
        let path = Self.path()
        var sender = Self.sender(path)
        _ = Self.say(&sender, at: 0)
        _ = Self.poll(&sender, at: 4)
        _ = Self.say(&sender, at: 20)
        for tag in arrivals {
            let packet = Segment(.acknowledge, window: 4096, time: tag, number: 0, expected: 1)
            sender.holdPacket(packet.bytes, now: Self.after(50 + Int(tag) * 4))
        }
        // The second message has the tag after those of its companion.
        let last = Segment(.acknowledge, window: 4096, time: 3, number: 1, expected: 2)
        sender.holdPacket(last.bytes, now: Self.after(70))
        let inFlight = path.inFlightByteCount
        #expect(inFlight == 0 && sender.inFlightSegmentCount == 0)
        #expect(sender.statistics.retransmittedSegments == 0)
    }

    @Test func `a conversation that ends takes its bytes out of the path`() {
        let path = Self.path()
        do {
            var sender = Self.sender(path)
            _ = Self.say(&sender, at: 0)
            #expect(path.inFlightByteCount > 0)
        }
        #expect(path.inFlightByteCount == 0)
    }
}
