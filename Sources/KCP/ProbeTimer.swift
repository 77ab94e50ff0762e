import PacketPrimitives
import RateControl

/// Nothing else can be sent before an acknowledgement comes, so that a probe too many costs nothing.
enum WindowBlockage {
    /// The peer's window is full.
    case fullWindow
    /// And what it begins with has been sent again or may never be told of. Waiting for the first probe as usual cost a stall
    /// of 0.2 to 0.4 s a second towards a peer of the original with 2048 segments at 5 % loss.
    case hole
}

/// When to send something though nothing is known to be lost: acknowledgements have stopped coming.
struct ProbeTimer {
    /// The last time that something was acknowledged, or that sending began.
    private var lastProgress: Instant?
    private var lastProbe: Instant?
    private var probeCount = 0

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
    /// Of the round trip, when the window is full.
    private static let fullWindowPatience = 1.25
    private static let blindEvenCount = 8

    mutating func noteProgress(now: Instant) {
        self.lastProgress = now
        self.lastProbe = nil
        self.probeCount = 0
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
        let isBlind = roundTrip.minimum == nil
        var spacing = max(isBlind ? Self.blindSpacing : Self.leastSpacing, roundTrip.smoothed / 8, datagramTime)
        if let lastProbe {
            let growingCount = self.probeCount - (isBlind ? Self.blindEvenCount : Self.evenCount)
            for _ in 0..<min(max(growingCount, 0), 100) { spacing *= isBlind ? Self.blindGrowth : Self.growth }
            return lastProbe.advanced(microseconds: Int(min(spacing, Self.longestSpacing)))
        }
        var patience = self.firstTimeout(roundTrip)
        switch blockage {
        case .hole where !isBlind: patience = min(patience, spacing)
        case .fullWindow where !isBlind: patience = min(patience, self.fullWindowTimeout(roundTrip))
        default: break
        }
        return lastProgress.advanced(microseconds: Int(patience))
    }

    private func fullWindowTimeout(_ roundTrip: RoundTripModel) -> Double {
        Self.fullWindowPatience * roundTrip.smoothed + roundTrip.acknowledgementDelay
    }

    /// How long acknowledgements may stay away until the first probe, microseconds.
    func firstTimeout(_ roundTrip: RoundTripModel) -> Double {
        guard roundTrip.minimum != nil else { return Self.firstTimeout }
        return roundTrip.smoothed + max(4 * roundTrip.variation, 2000) + roundTrip.acknowledgementDelay
    }

    mutating func noteProbe(now: Instant) {
        self.lastProbe = now
        self.probeCount += 1
    }

    /// Probes take turns: the oldest open segment, the newest, the oldest.
    var wantsOldest: Bool { self.probeCount.isMultiple(of: 2) }
}
