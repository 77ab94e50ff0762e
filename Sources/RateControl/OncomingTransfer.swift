import PacketPrimitives

/// What the host sends to us. Its queue stands in front of the acknowledgements of what we send, and in the round trip
/// it looks like a queue of ours.
struct OncomingTransfer {
    /// Bytes per second of payload.
    private(set) var rate = 0.0
    private var byteCount = 0
    private var periodStart: Instant

    private static let periodMicroseconds = 250_000
    /// Bytes per second. Messages come with less, and make no queue.
    private static let leastRate = 30_000.0

    init(now: Instant) { self.periodStart = now }

    /// Whether so much comes that its sender may hold a queue.
    var isActive: Bool { self.rate >= Self.leastRate }

    mutating func note(_ byteCount: Int, now: Instant) {
        self.byteCount += byteCount
        let elapsed = now.microseconds(since: self.periodStart)
        guard elapsed >= Self.periodMicroseconds else { return }
        self.rate = Double(self.byteCount) / Double(elapsed) * 1e6
        self.byteCount = 0
        self.periodStart = now
    }
}
