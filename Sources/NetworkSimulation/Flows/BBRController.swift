import PacketPrimitives

/// The model of BBR, version 1 (draft-cardwell-iccrg-bbr-congestion-control-00): paces at the largest delivery rate seen
/// and keeps two bandwidth-delay products under way.
///
/// Simplified: losses change nothing (no packet conservation in recovery), there is no long-term sampling for policers,
/// no compensation of aggregated acknowledgements, the gain cycle always begins with its first phase, and a
/// retransmission timeout only shrinks the window until the next arrival.
struct BBRController: CongestionController {
    private enum Phase {
        case startup, drain
        /// In which phase of the gain cycle, since when.
        case probeRate(phase: Int, since: Instant)
        /// The phase that measures the round trip with an empty queue, until when.
        case probeRoundTrip(until: Instant)
    }

    private var phase = Phase.startup
    /// The largest delivery rate of each of the last rounds, packets per second.
    private var rates = [Double](repeating: 0, count: 10)
    private var round = 0
    private var leastRoundTrip: (microseconds: Int, at: Instant)?
    /// Rounds in which the rate did not grow by a quarter, and the rate that it is compared with.
    private var plateau = (rounds: 0, rate: 0.0)
    private var hasTimedOut = false

    /// 2 / ln 2: the smallest gain that doubles the rate every round.
    private static let startupGain = 2.885
    private static let cycle = [1.25, 0.75, 1, 1, 1, 1, 1, 1]
    private static let initialWindow = 10.0
    private static let leastWindow = 4.0
    private static let roundTripLifetimeMicroseconds = 10_000_000
    private static let probeMicroseconds = 200_000

    private var rate: Double { self.rates.max() ?? 0 }

    /// Packets under way that fill the path without a queue; 0 until it is known.
    private var product: Double { self.rate * Double(self.leastRoundTrip?.microseconds ?? 0) / 1e6 }

    var window: Double {
        guard !self.hasTimedOut else { return 1 }
        guard self.product > 0 else { return Self.initialWindow }
        switch self.phase {
        case .probeRoundTrip: return Self.leastWindow
        case .startup, .drain: return max(Self.startupGain * self.product, Self.initialWindow)
        case .probeRate: return max(2 * self.product + 3, Self.leastWindow)
        }
    }

    var pacingRate: Double? {
        guard self.rate > 0 else { return nil }
        switch self.phase {
        case .startup: return Self.startupGain * self.rate
        case .drain: return self.rate / Self.startupGain
        case .probeRate(let phase, _): return Self.cycle[phase] * self.rate
        case .probeRoundTrip: return self.rate
        }
    }

    mutating func handleArrival(_ sample: ArrivalSample) {
        self.hasTimedOut = false
        if sample.endsRound {
            self.round += 1
            self.rates[self.round % self.rates.count] = 0
        }
        if let rate = sample.deliveryRate {
            let index = self.round % self.rates.count
            self.rates[index] = max(self.rates[index], rate)
        }
        let mustProbe = self.noteRoundTrip(sample)
        self.advance(sample)
        if mustProbe { self.phase = .probeRoundTrip(until: sample.now.advanced(microseconds: Self.probeMicroseconds)) }
    }

    /// Keeps the least round trip; returns whether it is too old.
    private mutating func noteRoundTrip(_ sample: ArrivalSample) -> Bool {
        let age = self.leastRoundTrip.map { sample.now.microseconds(since: $0.at) } ?? .max
        let isExpired = age > Self.roundTripLifetimeMicroseconds
        let isFirst = self.leastRoundTrip == nil
        if isExpired || sample.roundTripMicroseconds <= self.leastRoundTrip?.microseconds ?? .max {
            self.leastRoundTrip = (sample.roundTripMicroseconds, sample.now)
        }
        return isExpired && !isFirst
    }

    private mutating func advance(_ sample: ArrivalSample) {
        let isDrained = Double(sample.inFlight) <= self.product
        switch self.phase {
        case .startup:
            if sample.endsRound, self.hasReachedPlateau() { self.phase = .drain }
        case .drain:
            if isDrained { self.phase = .probeRate(phase: 0, since: sample.now) }
        case .probeRate(let phase, let since):
            let elapsed = sample.now.microseconds(since: since)
            // The second phase ends as soon as the queue that the first has made is gone.
            guard elapsed >= self.leastRoundTrip?.microseconds ?? 0 || phase == 1 && isDrained else { return }
            self.phase = .probeRate(phase: (phase + 1) % Self.cycle.count, since: sample.now)
        case .probeRoundTrip(let until):
            if sample.now >= until { self.phase = .probeRate(phase: 0, since: sample.now) }
        }
    }

    private mutating func hasReachedPlateau() -> Bool {
        if self.rate >= self.plateau.rate * 1.25 {
            self.plateau = (0, self.rate)
        } else {
            self.plateau.rounds += 1
        }
        return self.plateau.rounds >= 3
    }

    mutating func handleLoss(now: Instant) {}

    mutating func handleTimeout(now: Instant) { self.hasTimedOut = true }
}
