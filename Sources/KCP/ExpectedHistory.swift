import PacketPrimitives

/// Which segment the peer has expected lately. What came a whole window beyond that, it refused and says nothing about: neither
/// did the path lose it, nor can its acknowledgement have got lost.
struct ExpectedHistory {
    private struct Entry: BitwiseCopyable {
        var number: UInt32
        /// When it last told so.
        var end: Instant
    }

    private var entries: InlineArray<8, Entry> = .init(repeating: Entry(number: 0, end: Instant(microseconds: 0)))
    private var current = 0

    /// A datagram says which one the peer expects.
    mutating func note(_ expected: UInt32, now: Instant) {
        if self.entries[self.current].number != expected { self.current = (self.current + 1) % self.entries.count }
        self.entries[self.current] = Entry(number: expected, end: now)
    }

    /// Whether `number` was at least `window` segments beyond what the peer expected when it came there.
    /// - Parameter time: when its acknowledgement would have come at the latest.
    func isBeyond(_ number: UInt32, window: UInt32, at time: Instant) -> Bool {
        for index in self.entries.indices {
            let entry = self.entries[index]
            if time <= entry.end, number.distance(after: entry.number) >= Int(window) { return true }
        }
        return false
    }
}
