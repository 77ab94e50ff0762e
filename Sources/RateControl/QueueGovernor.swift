/// Keeps the queue at the bottleneck short: takes something off the rate while it stands.
struct QueueGovernor {
    /// What the rate is multiplied by.
    private(set) var factor = 1.0
    /// Losses, not a queue, made it less than 1.
    private(set) var isBraked = false
    private var longRounds = 0
    /// As it was when what has arrived in the present round was sent.
    private var formerFactor = 1.0
    /// How often what arrived has been believed since the queue was last short.
    private var corrections = 0

    private static let least = 0.3
    private static let mostCorrections = 2
    private static let servedShare = 0.95

    /// What a finished round says.
    enum Verdict {
        case nothing
        /// The queue stands, so what arrives is what the bottleneck does for us: believe that rather than the maximum.
        case believeDelivered
    }

    /// - Parameters:
    ///   - queueing: the shortest queue of the round, microseconds.
    ///   - target: how long it may be.
    ///   - delivered: what has arrived, as a share of the rate that the factor applies to.
    ///   - isForeign: a part of the queue is known to belong to others, who take what we leave.
    mutating func endRound(queueing: Double, target: Double, delivered: Double, isForeign: Bool) -> Verdict {
        let isServedLess = delivered < Self.servedShare * self.formerFactor
        self.formerFactor = self.factor
        if queueing > target {
            self.factor = max(Self.least, self.factor * (queueing > 2 * target ? 0.85 : 0.9))
        } else if queueing < target / 2 {
            self.factor = min(1, self.factor * 1.05)
        }
        if self.factor == 1 { self.isBraked = false }
        if queueing <= target { self.corrections = 0 }
        // Several like us on one bottleneck all hold back, and soon: what each has come to think of the path in better
        // times must go before they grow again, or the first one would keep its share. What has got less since then is
        // believed once more.
        let isEarly = self.corrections == 0 && !isForeign && isServedLess
        self.longRounds = queueing > (isEarly ? 1 : 2) * target ? self.longRounds + 1 : 0
        guard self.longRounds >= 2, self.corrections < Self.mostCorrections else { return .nothing }
        self.corrections += 1
        self.longRounds = 0
        return .believeDelivered
    }

    /// More was lost than the path explains.
    mutating func brake() {
        self.factor = max(Self.least, self.factor * 0.9)
        self.isBraked = true
    }

    mutating func release() { self = QueueGovernor() }
}
