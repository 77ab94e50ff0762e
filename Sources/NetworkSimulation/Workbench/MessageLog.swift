package import PacketPrimitives

/// The round trips of messages that come back in the order in which they were sent.
package struct MessageLog: Sendable {
    private var sent: [Instant] = []
    /// How many came back, and how long each of them took, microseconds.
    private var roundTrips: [Int] = []
    private var partialByteCount = 0

    package init() {}

    package mutating func send(now: Instant) { self.sent.append(now) }

    /// Bytes of messages have come back.
    package mutating func receive(_ byteCount: Int, now: Instant) {
        self.partialByteCount += byteCount
        while self.partialByteCount >= TrafficPattern.messageByteCount, self.roundTrips.count < self.sent.count {
            self.partialByteCount -= TrafficPattern.messageByteCount
            self.roundTrips.append(now.microseconds(since: self.sent[self.roundTrips.count]))
        }
    }

    /// The round trips, milliseconds, of those sent from `start` on. A message that is not back at `end` has taken at
    /// least as long as it has been away, and counts with that.
    package func roundTrips(from start: Instant, until end: Instant) -> [Double] {
        self.sent.indices.filter { self.sent[$0] >= start && self.sent[$0] < end }.map { index in
            let isBack = index < self.roundTrips.count
            return Double(isBack ? self.roundTrips[index] : end.microseconds(since: self.sent[index])) / 1000
        }
    }
}
