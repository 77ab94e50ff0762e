import PacketPrimitives

/// What is known about the round trip: its floor, its course, and how long the peer sits on acknowledgements.
/// All in microseconds, as `Double` since everything that is made of it is a rate.
package struct RoundTripModel {
    /// The least seen lately: the path without queues. `nil` before the first sample.
    package private(set) var minimum: Double?
    /// Smoothed as in RFC 6298.
    package private(set) var smoothed = 0.0
    package private(set) var variation = 0.0
    /// How long the peer may hold acknowledgements back.
    package private(set) var acknowledgementDelay = Self.longestAcknowledgementDelay
    /// The latest samples, for a view of the queue that one early or late packet does not change.
    private var recent = RecentMinimum()
    private var lastAcknowledgement: Instant?
    private var lastSample: Double?
    /// How far successive samples are apart: delays that vary from datagram to datagram are no queue.
    private(set) var roughness = 0.0
    /// When a sample was last near the minimum.
    private(set) var confirmed: Instant

    /// Where clocks are coarse or virtual nothing may seem to take no time at all.
    private static let leastSample = 1.0
    static let longestAcknowledgementDelay = 40_000.0
    static let shortestAcknowledgementDelay = 1_000.0
    private static let acknowledgementDelayDecay = 63.0 / 64.0
    private static let nearness = (factor: 1.02, slack: 100.0)

    init(now: Instant) { self.confirmed = now }

    /// The least of the latest samples, above the minimum: how long the bottleneck's queue is. With delays spread evenly
    /// over R, successive ones are R/3 apart, and of eight hardly ever all above 2R/3.
    package var queueing: Double {
        guard let minimum, let recent = self.recent.value else { return 0 }
        return max(0, recent - minimum - 2 * self.roughness)
    }

    /// Takes the sample of one datagram of acknowledgements.
    mutating func add(_ sample: Double, now: Instant) {
        // Rates are bytes by times.
        let sample = max(sample, Self.leastSample)
        self.smooth(sample)
        self.recent.add(sample)
        if let lastSample { self.roughness += (abs(sample - lastSample) - self.roughness) / 16 }
        self.lastSample = sample
        guard let minimum else {
            self.minimum = sample
            self.confirmed = now
            return
        }
        if sample <= minimum * Self.nearness.factor + Self.nearness.slack { self.confirmed = now }
        self.minimum = min(minimum, sample)
    }

    private mutating func smooth(_ sample: Double) {
        guard self.minimum != nil else {
            self.smoothed = sample
            self.variation = sample / 2
            return
        }
        self.variation += (abs(sample - self.smoothed) - self.variation) / 4
        self.smoothed += (sample - self.smoothed) / 8
    }

    /// Notes when a datagram of acknowledgements with a sample has arrived.
    mutating func noteAcknowledgement(now: Instant) {
        defer { self.lastAcknowledgement = now }
        guard let last = self.lastAcknowledgement else { return }
        let gap = Double(now.microseconds(since: last))
        let decayed = self.acknowledgementDelay * Self.acknowledgementDelayDecay
        self.acknowledgementDelay = min(
            max(gap, decayed, Self.shortestAcknowledgementDelay), Self.longestAcknowledgementDelay)
    }

    /// The path was probed with an empty queue: this is its floor now.
    mutating func replaceMinimum(_ value: Double, now: Instant) {
        self.minimum = value
        self.confirmed = now
    }
}

extension RoundTripModel {
    /// The path may have become another: what the latest samples show is its floor, until they show less.
    mutating func forgetMinimum() {
        self.minimum = self.recent.value
        self.recent = RecentMinimum()
    }
}

/// The least of the last eight samples.
struct RecentMinimum {
    private var samples: InlineArray<8, Double> = .init(repeating: .infinity)
    private var next = 0

    var value: Double? {
        var least = Double.infinity
        for index in self.samples.indices { least = min(least, self.samples[index]) }
        return least == .infinity ? nil : least
    }

    mutating func add(_ sample: Double) {
        self.samples[self.next] = sample
        self.next = (self.next + 1) % self.samples.count
    }
}
