import PacketPrimitives

/// A round: it ends when what was in flight at its beginning has arrived.
struct DeliveryRound {
    /// How many bytes have been delivered when it ends.
    private var end: UInt64 = 0
    private(set) var start: Instant
    /// The shortest round trip, microseconds.
    var minimum = Double.infinity
    /// The highest delivery rate, bytes per second, and that of the round before.
    var rate = 0.0
    private(set) var formerRate = 0.0
    /// Somebody might have sent more but had nothing.
    var isApplicationLimited = false

    init(now: Instant) { self.start = now }

    func isOver(delivered: UInt64) -> Bool { delivered >= self.end }

    /// The next one begins, with so many bytes in flight.
    mutating func endAndBegin(delivered: UInt64, inFlight: Int, now: Instant) {
        self.end = delivered + UInt64(max(inFlight, 1))
        self.formerRate = self.rate
        self.rate = 0
        self.start = now
        self.minimum = .infinity
        self.isApplicationLimited = false
    }
}
