/// Keeps the queue at the bottleneck short: takes something off the rate while it stands.
struct QueueGovernor {
    /// What the rate is multiplied by.
    private(set) var factor = 1.0
    /// Losses, not a queue, made it less than 1.
    private(set) var isBraked = false
    private var longRounds = 0
    private var hasCorrected = false

    private static let least = 0.3

    /// What a finished round says.
    enum Verdict {
        case nothing
        /// The queue stands, so what arrives is what the bottleneck can do: believe that rather than the maximum.
        case believeDelivered
    }

    /// - Parameters:
    ///   - queueing: the shortest queue of the round, microseconds.
    ///   - target: how long it may be.
    mutating func endRound(queueing: Double, target: Double) -> Verdict {
        if queueing > target {
            self.factor = max(Self.least, self.factor * (queueing > 2 * target ? 0.85 : 0.9))
        } else if queueing < target / 2 {
            self.factor = min(1, self.factor * 1.05)
        }
        if self.factor == 1 { self.isBraked = false }
        self.longRounds = queueing > 2 * target ? self.longRounds + 1 : 0
        if queueing <= target { self.hasCorrected = false }
        guard self.longRounds >= 2, !self.hasCorrected else { return .nothing }
        self.hasCorrected = true
        return .believeDelivered
    }

    /// More was lost than the path explains.
    mutating func brake() {
        self.factor = max(Self.least, self.factor * 0.9)
        self.isBraked = true
    }

    mutating func release() { self = QueueGovernor() }
}
