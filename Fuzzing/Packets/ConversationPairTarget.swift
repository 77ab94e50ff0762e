import FuzzSupport
import KCP
import PacketPrimitives

/// Two conversations and a link that loses, repeats and reorders. What is delivered is what was written, once and in
/// order; and all of it once the link is good again.
final class ConversationPairTarget: FuzzTarget {
    static let name = "conversation-pair"
    static let maximumByteCount = 512
    private var slab = PacketSlab(slotCount: 16)

    static func seeds() throws -> [[UInt8]] {
        (0..<12).map { FuzzSeed.pattern(160, step: 41 + 6 * $0) }
    }

    func run(_ input: inout FuzzInput) throws(BrokenPromise) {
        var pair = ConversationPair(&input)
        while !input.isEmpty { try pair.step(&input, slab: &self.slab) }
        try pair.finish(slab: &self.slab)
    }
}

private struct ConversationPair: ~Copyable {
    private var one: ConversationEnd
    private var other: ConversationEnd
    private var now = Instant(milliseconds: 100_000)

    init(_ input: inout FuzzInput) {
        var configuration = KCP.Configuration(&input)
        let hasPath = input.flag()
        self.one = ConversationEnd(configuration, hasPath: hasPath, now: self.now)
        configuration.receiveWindow = 1 + input.number(below: 64)
        self.other = ConversationEnd(configuration, hasPath: hasPath, now: self.now)
    }

    mutating func step(_ input: inout FuzzInput, slab: inout PacketSlab) throws(BrokenPromise) {
        let operation = input.byte()
        switch operation & 7 {
        case 0: self.one.write(byteCount: 16 * Int(input.byte()), now: self.now)
        case 1: self.other.write(byteCount: 16 * Int(input.byte()), now: self.now)
        case 2: self.now = self.now.advanced(milliseconds: Int(input.byte()) * Int(1 + operation >> 4))
        case 3: self.one.takes = operation & 16 != 0
        case 4: self.other.takes = operation & 16 != 0
        default: break
        }
        try self.exchange(slab: &slab) { input.byte() }
    }

    /// With a link that is good. The longest pause of a sender is a minute.
    mutating func finish(slab: inout PacketSlab) throws(BrokenPromise) {
        (self.one.takes, self.other.takes) = (true, true)
        for _ in 0..<20_000 {
            try self.exchange(slab: &slab) { 0 }
            if self.one.readByteCount == self.other.writtenByteCount,
                self.other.readByteCount == self.one.writtenByteCount
            {
                return
            }
            // Without a timer something may still be due: the answer to what has just arrived.
            let next = Instant.earliest(self.one.nextTimeout, self.other.nextTimeout) ?? self.now
            self.now = max(self.now, next).advanced(milliseconds: 1)
        }
        throw BrokenPromise(
            "not all that was written has arrived: \(self.other.readByteCount) of \(self.one.writtenByteCount) bytes, "
                + "\(self.one.readByteCount) of \(self.other.writtenByteCount) back; \(self.one.summary); \(self.other.summary)"
        )
    }

    private mutating func exchange(slab: inout PacketSlab, fate: () -> UInt8) throws(BrokenPromise) {
        try self.one.send(to: &self.other, slab: &slab, now: self.now, fate: fate)
        try self.other.send(to: &self.one, slab: &slab, now: self.now, fate: fate)
    }
}

/// A conversation with an application, and the link that leads away from it. The bytes count up.
private struct ConversationEnd: ~Copyable {
    private var conversation: Conversation
    private var link = HostileLink()
    private(set) var writtenByteCount = 0
    private(set) var readByteCount = 0
    private var isRight = true
    var takes = true

    private static let writtenLimit = 4096

    init(_ configuration: KCP.Configuration, hasPath: Bool, now: Instant) {
        self.conversation = Conversation(fuzzing: configuration, hasPath: hasPath, now: now)
    }

    /// For a finding.
    var summary: String {
        """
        in flight \(self.conversation.inFlightSegmentCount), queued \(self.conversation.queuedSegmentCount), \
        ready \(self.conversation.readySegmentCount), waiting \(self.conversation.waitingSegmentCount), \
        peer's window \(self.conversation.remoteWindowSegmentCount), window \(self.conversation.windowSegmentCount), \
        next \(self.conversation.nextTimeout?.microseconds ?? 0)
        """
    }

    var nextTimeout: Instant? { self.conversation.nextTimeout }

    mutating func write(byteCount: Int, now: Instant) {
        let byteCount = min(byteCount, Self.writtenLimit - self.writtenByteCount)
        let bytes = (0..<byteCount).map { Self.byte(self.writtenByteCount + $0) }
        self.writtenByteCount += byteCount
        self.conversation.write(bytes.span.bytes)
        self.conversation.flush(now: now)
    }

    private static func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: index &+ index >> 8) }

    mutating func send(
        to other: inout ConversationEnd, slab: inout PacketSlab, now: Instant, fate: () -> UInt8
    ) throws(BrokenPromise) {
        var link = self.link
        try self.conversation.handleDueTimers(through: &slab, now: now) { link.send($0, fate: fate()) }
        if self.takes { self.read(now: now) }
        try self.conversation.drain(through: &slab, now: now) { link.send($0, fate: fate()) }
        if fate() == 0 { link.release() }
        for packet in link.takeArrivals() { other.receive(packet, now: now) }
        self.link = link
        try self.conversation.checkLimits()
        try promise(other.isRight, "other bytes were delivered than were written")
        try promise(other.readByteCount <= self.writtenByteCount, "more was delivered than was written")
    }

    private mutating func receive(_ packet: [UInt8], now: Instant) {
        let takes = self.takes
        var (count, isRight) = (self.readByteCount, self.isRight)
        _ = self.conversation.handlePacket(packet.span.bytes, isRecovered: false, now: now) { payload in
            if takes { Self.check(payload, &count, &isRight) }
            return takes
        }
        (self.readByteCount, self.isRight) = (count, isRight)
    }

    private mutating func read(now: Instant) {
        var (count, isRight) = (self.readByteCount, self.isRight)
        self.conversation.read(now: now) { payload in
            Self.check(payload, &count, &isRight)
            return true
        }
        (self.readByteCount, self.isRight) = (count, isRight)
    }

    private static func check(_ payload: RawSpan, _ count: inout Int, _ isRight: inout Bool) {
        for offset in 0..<payload.byteCount where payload.littleEndian(at: offset) != Self.byte(count + offset) {
            isRight = false
        }
        count += payload.byteCount
    }
}
