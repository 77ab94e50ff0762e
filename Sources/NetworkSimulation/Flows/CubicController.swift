import PacketPrimitives

/// The window of CUBIC (RFC 9438) with slow start.
///
/// Simplified: slow start ends at the first loss or when the delay of eight samples has risen by an eighth (HyStart's
/// delay rule, without its second phase); a retransmission timeout collapses the window to one packet and is never
/// taken back; no pacing, no ECN, no proportional rate reduction.
struct CubicController: CongestionController {
    private(set) var window = 10.0
    var pacingRate: Double? { nil }
    private var threshold = Double.infinity
    /// The window at the last reduction.
    private var plateau = 0.0
    /// When the present growth began; `nil` right after a loss.
    private var epoch: Instant?
    /// How long the cubic takes back to the plateau, seconds.
    private var ascent = 0.0
    /// What a Reno flow's window would be.
    private var friendlyWindow = 0.0
    /// The least of the last round-trip times and how many were looked at.
    private var delayCheck = (least: Int.max, count: 0)

    /// RFC 9438: C, packets per second³, and β.
    private static let scale = 0.4
    private static let reduction = 0.7

    mutating func handleArrival(_ sample: ArrivalSample) {
        guard !sample.isRecovering else { return }
        if self.window < self.threshold {
            self.window += Double(sample.arrivedCount)
            self.checkDelay(sample)
        } else {
            self.grow(sample)
        }
    }

    private mutating func checkDelay(_ sample: ArrivalSample) {
        self.delayCheck.least = min(self.delayCheck.least, sample.roundTripMicroseconds)
        self.delayCheck.count += 1
        guard self.delayCheck.count == 8 else { return }
        let least = sample.leastRoundTripMicroseconds
        let tolerance = min(max(least / 8, 4000), 16_000)
        if self.delayCheck.least > least + tolerance { self.threshold = self.window }
        self.delayCheck = (.max, 0)
    }

    private mutating func grow(_ sample: ArrivalSample) {
        let begin = self.beginEpoch(now: sample.now)
        let roundTrip = Double(sample.roundTripMicroseconds) / 1e6
        let elapsed = Double(sample.now.microseconds(since: begin)) / 1e6 + roundTrip
        let offset = elapsed - self.ascent
        let target = min(max(Self.scale * offset * offset * offset + self.plateau, self.window), self.window * 1.5)
        let share = Double(sample.arrivedCount) / self.window
        self.friendlyWindow += 3 * (1 - Self.reduction) / (1 + Self.reduction) * share
        self.window = max(self.window + (target - self.window) * share, self.friendlyWindow)
    }

    private mutating func beginEpoch(now: Instant) -> Instant {
        if let epoch { return epoch }
        self.epoch = now
        self.plateau = max(self.plateau, self.window)
        self.ascent = Self.cubeRoot((self.plateau - self.window) / Self.scale)
        self.friendlyWindow = self.window
        return now
    }

    mutating func handleLoss(now: Instant) {
        // Fast convergence: a flow that is losing ground leaves room to those that gain it.
        self.plateau = self.window < self.plateau ? self.window * (1 + Self.reduction) / 2 : self.window
        self.window = max(self.window * Self.reduction, 2)
        self.threshold = self.window
        self.epoch = nil
    }

    mutating func handleTimeout(now: Instant) {
        self.handleLoss(now: now)
        self.window = 1
    }

    /// Newton's iteration.
    private static func cubeRoot(_ value: Double) -> Double {
        guard value > 0 else { return 0 }
        var root = max(value, 1)
        for _ in 0..<60 { root = (2 * root + value / (root * root)) / 3 }
        return root
    }
}
