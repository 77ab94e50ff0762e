package import PacketPrimitives

/// The counters of a run at one time: those that grow, of one direction's sending side.
package struct RunCounters: Sendable {
    /// IP bytes that tunnels have put on the link.
    package var wireByteCount: UInt64 = 0
    /// Segments of stream bytes that were sent for the first time, and those that were sent again.
    package var segmentCount: UInt64 = 0
    package var retransmissionCount: UInt64 = 0
    /// Segments that came to the receiver and had been there before; `nil` if nobody knows.
    package var repetitionCount: UInt64? = 0
    /// Datagrams of everybody: those sent, those that were lost on the way, and those that queue or policer dropped.
    package var datagramCount: UInt64 = 0
    package var strayLossCount: UInt64 = 0
    package var dropCount: UInt64 = 0

    package init() {}

    static func - (left: RunCounters, right: RunCounters) -> RunCounters {
        var difference = left
        difference.wireByteCount -= right.wireByteCount
        difference.segmentCount -= right.segmentCount
        difference.retransmissionCount -= right.retransmissionCount
        difference.repetitionCount = left.repetitionCount.flatMap { left in right.repetitionCount.map { left - $0 } }
        difference.datagramCount -= right.datagramCount
        difference.strayLossCount -= right.strayLossCount
        difference.dropCount -= right.dropCount
        return difference
    }
}

/// What was seen of a run at the end of one bucket of `PayloadMeter`.
package struct RunSnapshot: Sendable {
    package var counters: RunCounters
    /// The senders' smoothed round-trip times, milliseconds: tunnels first, then flows; 0 if unknown.
    package var roundTrips: [Double]

    package init(counters: RunCounters, roundTrips: [Double]) {
        self.counters = counters
        self.roundTrips = roundTrips
    }
}

/// Looks at a run from the side: the queue every millisecond, the counters every 50.
package struct RunRecorder: Sendable {
    private static let queueMicroseconds = 1000
    /// How many queue samples there are in a bucket.
    static let samplesPerBucket = PayloadMeter.bucketMicroseconds / Self.queueMicroseconds

    private let start: Instant
    /// Waiting time in the measured direction, milliseconds.
    private(set) var queue: [Float] = []
    private(set) var snapshots: [RunSnapshot] = []

    package init(start: Instant) { self.start = start }

    /// Notes what holds until `now`, when the next thing happens.
    package mutating func advance(
        to now: Instant, queueMicroseconds: (Instant) -> Int, snapshot: () -> RunSnapshot
    ) {
        while true {
            let time = self.start.advanced(microseconds: (self.queue.count + 1) * Self.queueMicroseconds)
            guard time <= now else { return }
            self.queue.append(Float(queueMicroseconds(time)) / 1000)
            if self.queue.count % Self.samplesPerBucket == 0 { self.snapshots.append(snapshot()) }
        }
    }
}
