import PacketPrimitives

/// The search for the path's rate: what it began with, what has ended it, and whether it should go on.
///
/// A queue ends it. If that has not become shorter since, although less was sent than the path delivers, it was not ours:
/// then the search goes on, and takes so long a queue for part of the path.
struct RateSearch {
    /// When the last one ended.
    private(set) var end: Instant?
    private var start = (delivered: UInt64(0), window: 0.0)
    private var watch = StartupWatch()
    private var count = 1
    /// Whether only a queue ended it, and how long that was, microseconds.
    private var isCut = false
    private var cutQueueing = 0.0
    /// See `SendStamp.withheld`: when it ended.
    private var withheldAtEnd: Int32 = 0
    /// How long the queue seemed to be that ended the one before without being one, microseconds.
    private var tolerance = 0.0

    private static let largestCount = 4
    /// By which share of what has been delivered the window grows: it doubles in each round, with some to spare for losses.
    private static let growth = 1.77

    /// - Parameters:
    ///   - delivered: bytes that the path has delivered so far.
    ///   - window: bytes that may be in flight from the beginning.
    mutating func begin(delivered: UInt64, window: Int) {
        self.start = (delivered, Double(window))
        self.watch = StartupWatch()
    }

    /// How many bytes may be in flight by now.
    func window(delivered: UInt64, least: Double) -> Double {
        max(least, self.start.window) + Self.growth * Double(delivered - self.start.delivered)
    }

    /// Whether the rate has stopped growing.
    mutating func endRound(rate: Double, isApplicationLimited: Bool) -> Bool {
        self.watch.endRound(rate: rate, isApplicationLimited: isApplicationLimited)
    }

    /// Whether the queue has become so long that the search must end. Microseconds.
    mutating func isCut(by queueing: Double, target: Double) -> Bool {
        guard queueing > self.tolerance + target / 2 + 1000 else { return false }
        self.isCut = true
        self.cutQueueing = queueing
        return true
    }

    mutating func finish(withheld: Int32, now: Instant) {
        self.end = now
        self.withheldAtEnd = withheld
    }

    /// Whether it should go on: the rate has grown since, or the queue that ended it was not ours. Asked once.
    mutating func isUnfinished(hasGrown: Bool, queueing: Double, target: Double, withheld: Int32) -> Bool {
        guard self.isCut else { return false }
        self.isCut = false
        guard self.count < Self.largestCount else { return false }
        if hasGrown { return true }
        return queueing > max(target / 2 + 1000, self.cutQueueing / 2)
            && Double(withheld &- self.withheldAtEnd) > 1.5 * self.cutQueueing
    }

    mutating func resume(delivered: UInt64, window: Int) {
        self.tolerance = self.cutQueueing
        self.count += 1
        self.begin(delivered: delivered, window: window)
    }
}
