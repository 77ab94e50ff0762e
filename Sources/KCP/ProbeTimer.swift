import PacketPrimitives
import RateControl

/// Nothing else can be sent before an acknowledgement comes, so that a probe too many costs nothing.
enum WindowBlockage {
    /// The peer's window is full.
    case fullWindow
    /// And what it begins with has been sent again, of which an acknowledgement is due at a time, or may never be told of.
    /// Waiting for the first probe as usual cost a stall of 0.2 to 0.4 s a second towards a peer of the original with 2048
    /// segments at 5 % loss.
    case hole(due: Instant?)
}

/// When to send something though nothing is known to be lost: acknowledgements have stopped coming.
struct ProbeTimer {
    /// The last time that something was acknowledged, or that sending began.
    private var lastProgress: Instant?
    private var lastProbe: Instant?
    private var probeCount = 0
    /// How many of them since the distance between them began to grow.
    private var growingCount = 0

    private static let firstTimeout = 250_000.0
    private static let leastSpacing = 10_000.0
    /// As long as nobody has ever answered: there may be nobody.
    private static let blindSpacing = 40_000.0
    /// So that a transfer goes on within a second when the path is back, however long it was gone.
    private static let longestSpacing = 900_000.0
    private static let growth = 1.1
    private static let blindGrowth = 1.25
    /// So many probes are evenly spaced: bursts of losses last for a number of datagrams, and with fewer of them before a
    /// pause that grows by a third transfers came to a stop for seconds.
    private static let evenCount = 20
    /// And all in the first so many microseconds, if they take a small share of the path's rate: of the original's peers
    /// acknowledgements come every 10 to 30 ms at most, and 20 of them are soon lost in a burst.
    private static let evenTime = 1_500_000
    /// Datagrams that the path could carry for each of those.
    private static let evenShare = 20.0
    /// Of the round trip, when the window is full.
    private static let fullWindowPatience = 1.25
    private static let blindEvenCount = 8

    mutating func noteProgress(now: Instant) {
        self.lastProgress = now
        self.lastProbe = nil
        self.probeCount = 0
        self.growingCount = 0
    }

    /// Nothing is in flight any more.
    mutating func stop() { self = ProbeTimer() }

    /// Something leaves; starts the timer if it does not run.
    mutating func start(now: Instant) { if self.lastProgress == nil { self.lastProgress = now } }

    /// When the next probe is due.
    /// - Parameters:
    ///   - datagramTime: what a datagram takes at the path's rate, microseconds.
    ///   - blockage: what keeps everything back.
    func deadline(_ roundTrip: RoundTripModel, datagramTime: Double, blockage: WindowBlockage? = nil) -> Instant? {
        guard let lastProgress else { return nil }
        if let lastProbe {
            return lastProbe.advanced(microseconds: Int(self.distance(roundTrip, datagramTime: datagramTime)))
        }
        let usual = lastProgress.advanced(microseconds: Int(self.firstTimeout(roundTrip)))
        guard let blockage, roundTrip.minimum != nil else { return usual }
        switch blockage {
        case .hole(let due):
            let spacing = self.spacing(roundTrip, datagramTime: datagramTime)
            return min(usual, max(lastProgress.advanced(microseconds: Int(spacing)), due ?? lastProgress))
        case .fullWindow:
            return min(usual, lastProgress.advanced(microseconds: Int(self.fullWindowTimeout(roundTrip))))
        }
    }

    /// How long after a probe the next one leaves, microseconds.
    private func distance(_ roundTrip: RoundTripModel, datagramTime: Double) -> Double {
        let isBlind = roundTrip.minimum == nil
        var distance = self.spacing(roundTrip, datagramTime: datagramTime)
        if !isBlind, self.probeCount > Self.evenCount { distance = max(distance, Self.evenShare * datagramTime) }
        for _ in 0..<min(self.growingCount, 100) { distance *= isBlind ? Self.blindGrowth : Self.growth }
        return min(distance, Self.longestSpacing)
    }

    /// Between the first probes, microseconds.
    private func spacing(_ roundTrip: RoundTripModel, datagramTime: Double) -> Double {
        let least = roundTrip.minimum == nil ? Self.blindSpacing : Self.leastSpacing
        return max(least, roundTrip.smoothed / 8, datagramTime)
    }

    private func fullWindowTimeout(_ roundTrip: RoundTripModel) -> Double {
        Self.fullWindowPatience * roundTrip.smoothed + roundTrip.acknowledgementDelay
    }

    /// How long acknowledgements may stay away until the first probe, microseconds.
    func firstTimeout(_ roundTrip: RoundTripModel) -> Double {
        guard roundTrip.minimum != nil else { return Self.firstTimeout }
        return roundTrip.smoothed + max(4 * roundTrip.variation, 2000) + roundTrip.acknowledgementDelay
    }

    mutating func noteProbe(_ roundTrip: RoundTripModel, now: Instant) {
        self.lastProbe = now
        self.probeCount += 1
        let isEven =
            if roundTrip.minimum == nil {
                self.probeCount <= Self.blindEvenCount
            } else {
                self.probeCount <= Self.evenCount || now.microseconds(since: self.lastProgress ?? now) < Self.evenTime
            }
        if !isEven { self.growingCount += 1 }
    }

    /// Probes take turns: the oldest open segment, the newest, the oldest.
    var wantsOldest: Bool { self.probeCount.isMultiple(of: 2) }
}
