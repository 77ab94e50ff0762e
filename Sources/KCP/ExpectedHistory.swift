import PacketPrimitives

/// Which segment the peer has expected lately. What came a whole window beyond that, it refused and says nothing about: neither
/// did the path lose it, nor can its acknowledgement have got lost.
///
/// All times are those at which transmissions left; that they come in this order is presumed.
struct ExpectedHistory {
    private struct Entry: BitwiseCopyable {
        var number: UInt32
        /// What left until then came while it was expected.
        var end: Instant
    }

    private var entries: InlineArray<8, Entry> = .init(repeating: Entry(number: 0, end: Instant(microseconds: 0)))
    private var current = 0

    /// A datagram says which segment the peer expects.
    /// - Parameters:
    ///   - end: what left until then had come when it said so.
    ///   - attempt: when that segment left for the first time after that. What left before has come before it.
    mutating func note(_ expected: UInt32, end: Instant, attempt: Instant?) {
        if self.entries[self.current].number != expected { self.current = (self.current + 1) % self.entries.count }
        self.entries[self.current] = Entry(number: expected, end: max(end, attempt?.rewound(microseconds: 1) ?? end))
    }

    /// Whether `number` was at least `window` segments beyond what the peer expected when it came there, having left at `sent`.
    func isBeyond(_ number: UInt32, window: UInt32, sent: Instant) -> Bool {
        for index in self.entries.indices {
            let entry = self.entries[index]
            if sent <= entry.end, number.distance(after: entry.number) >= Int(window) { return true }
        }
        return false
    }
}
