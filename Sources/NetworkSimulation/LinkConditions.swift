/// What one direction of a network path does to datagrams. All of it may be combined.
///
/// A datagram passes the policer first, then the bottleneck (`rate`), and then the way behind it (`faults`, `delay`,
/// `jitter`): one that is lost on the way has used its share of the rate, as on a real path.
package struct LinkConditions: Equatable, Sendable {
    /// How long a datagram is on its way at least.
    package var delayMicroseconds: Int
    package var jitter: Jitter
    /// `nil`: as fast as it comes.
    package var rate: Rate?
    /// `nil`: nothing is policed.
    package var policer: Policer?
    /// What a datagram is longer in front of policer and bottleneck than its UDP payload.
    package var overheadByteCount: Int
    /// A longer datagram is lost.
    package var maximumDatagramByteCount: Int
    /// What goes wrong, each independently of the others.
    package var faults: [LinkFault]

    /// A perfect link, but for what is given.
    package init(
        delayMilliseconds: Int = 0, jitter: Jitter = .none, rate: Rate? = nil, policer: Policer? = nil,
        overheadByteCount: Int = 0, maximumDatagramByteCount: Int = 65_535, faults: [LinkFault] = []
    ) {
        self.delayMicroseconds = delayMilliseconds * 1000
        self.jitter = jitter
        self.rate = rate
        self.policer = policer
        self.overheadByteCount = overheadByteCount
        self.maximumDatagramByteCount = maximumDatagramByteCount
        self.faults = faults
    }

    /// A varying time that is added to the delay, evenly distributed between 0 and the given maximum.
    package enum Jitter: Equatable, Sendable {
        case none
        /// Datagrams wait for each other and arrive in the order in which they were sent.
        case inOrder(maximumMicroseconds: Int)
        /// Datagrams overtake each other.
        case reordering(maximumMicroseconds: Int)
    }

    /// A bottleneck with a queue in front that drops what does not fit (drop-tail).
    package struct Rate: Equatable, Sendable {
        /// Of UDP payload and `overheadByteCount`.
        package var bitsPerSecond: Int
        package var queueLimit: QueueLimit
        /// How the rate changes later, ordered by time.
        package var steps: [RateStep]

        package init(bitsPerSecond: Int, queueLimit: QueueLimit = .none, steps: [RateStep] = []) {
            self.bitsPerSecond = bitsPerSecond
            self.queueLimit = queueLimit
            self.steps = steps
        }

        /// How long one datagram occupies the bottleneck.
        func nanoseconds(forByteCount byteCount: Int) -> UInt64 {
            UInt64(Double(byteCount) * 8e9 / Double(self.bitsPerSecond))
        }
    }

    /// How much may wait for the bottleneck. A datagram always fits into an empty queue.
    package enum QueueLimit: Equatable, Sendable {
        case none
        case bytes(Int)
        /// Of waiting, at whatever rate.
        case milliseconds(Int)
    }

    /// The headers of IPv4 and UDP: with this `overheadByteCount` rates count IP bytes.
    package static let internetOverheadByteCount = 28
}

/// One thing that goes wrong on a link, decided for each datagram anew.
package enum LinkFault: Equatable, Sendable {
    /// The datagram is lost, independently of all others.
    case loss(probability: Double)
    /// Datagrams are lost in bursts.
    case burstLoss(BurstLoss)
    /// Everything that is sent in a span of time is lost, the end not included.
    case outage(fromMicroseconds: UInt64, untilMicroseconds: UInt64)
    /// The datagram arrives twice.
    case duplication(probability: Double)
    /// One bit of the datagram is changed.
    case corruption(probability: Double)
    /// The datagram loses its end; how much of it is random.
    case truncation(probability: Double)
    /// The datagram arrives late by the given time; others overtake it.
    case lateness(probability: Double, delayMicroseconds: Int)
}

/// The model of Gilbert and Elliott: the link is in a good or a bad state, changes between them with given
/// probabilities per datagram, and loses datagrams with another probability in each.
package struct BurstLoss: Equatable, Sendable {
    /// From good to bad, per datagram.
    package var entering: Double
    /// From bad to good, per datagram.
    package var leaving: Double
    package var lossWhenGood: Double
    package var lossWhenBad: Double

    package init(entering: Double, leaving: Double, lossWhenGood: Double = 0, lossWhenBad: Double = 1) {
        self.entering = entering
        self.leaving = leaving
        self.lossWhenGood = lossWhenGood
        self.lossWhenBad = lossWhenBad
    }

    /// Bursts in which everything is lost, `meanLength` (at least 1) datagrams long, that make up the share `loss`
    /// (below 1) of all datagrams.
    package init(loss: Double, meanLength: Double) {
        precondition(loss >= 0 && loss < 1 && meanLength >= 1, "no such bursts")
        self.init(entering: min(1, loss / (1 - loss) / meanLength), leaving: 1 / meanLength)
    }
}
