import KCP
import PacketPrimitives

extension LayerTimings {
    /// Whole windows of segments from one conversation to another: the cost must not grow with the window. The widest
    /// one does not fit the processor's cache, which costs what it costs; with half a window in the queue as well.
    func timeConversations() {
        for window in [128, 1024, 4096, 32768] where self.includes("kcp window \(window)") {
            for flight in [128, window] {
                var best = Double.infinity
                for _ in 0..<3 {
                    var link = ConversationLink(window: window, flight: flight)
                    link.carry(segmentCount: 4 * window + 50_000)
                    let start = Self.processorNanoseconds()
                    link.carry(segmentCount: 200_000)
                    best = min(best, (Self.processorNanoseconds() - start) / 200_000)
                }
                self.report("kcp window \(window), \(flight) in flight, both ends", best, per: "segment")
            }
        }
    }
}

/// Two conversations, in virtual time. `flight` segments are sent before the acknowledgements of them arrive.
private struct ConversationLink: ~Copyable {
    private static let segmentByteCount = 1298

    private let flight: Int
    private var sender: Conversation
    private var receiver: Conversation
    private var slab = PacketSlab(slotCount: 64)
    private let payload = [UInt8](repeating: 0x5A, count: 16 * Self.segmentByteCount)
    private var now = Instant(milliseconds: 1000)
    private var deliveredByteCount = 0

    init(window: Int, flight: Int) {
        let configuration = KCP.Configuration(
            mtu: Self.segmentByteCount + SegmentHeader.byteCount, noDelay: true, intervalMilliseconds: 10,
            fastResend: 2, congestionControl: false, sendWindow: window, receiveWindow: window)
        self.flight = flight
        self.sender = Conversation(id: 1, configuration: configuration)
        self.receiver = Conversation(id: 1, configuration: configuration)
    }

    mutating func carry(segmentCount: Int) {
        let end = self.deliveredByteCount + segmentCount * Self.segmentByteCount
        while self.deliveredByteCount < end {
            self.now = self.now.advanced(microseconds: 200)
            Self.fill(&self.sender, with: self.payload)
            self.sender.flush(now: self.now)
            self.receiver.handleTimeout(now: self.now)
            self.deliveredByteCount += Self.move(
                from: &self.sender, to: &self.receiver, by: &self.slab, limit: self.flight, now: self.now)
            _ = Self.move(from: &self.receiver, to: &self.sender, by: &self.slab, limit: .max, now: self.now)
        }
    }

    private static func fill(_ sender: inout Conversation, with payload: [UInt8]) {
        while sender.writableByteCount > 0 { unsafe sender.write(payload.span.bytes) }
    }

    /// Moves packets until about `limit` have gone or no more are due; how many payload bytes came out.
    private static func move(
        from sender: inout Conversation, to receiver: inout Conversation, by slab: inout PacketSlab, limit: Int,
        now: Instant
    ) -> Int {
        var sentCount = 0
        var deliveredByteCount = 0
        while sentCount < limit {
            slab.removeAll()
            guard sender.pollPackets(into: &slab, limit: 64, now: now) > 0 else { break }
            sentCount += slab.count
            for index in 0..<slab.count {
                _ = receiver.handlePacket(slab.bytes(at: index), isRecovered: false, now: now) { bytes in
                    deliveredByteCount += bytes.byteCount
                    return true
                }
            }
        }
        return deliveredByteCount
    }
}
