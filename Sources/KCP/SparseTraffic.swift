import PacketPrimitives

/// Tells whether a conversation is sparse: a few small segments now and then, and nothing queued behind them. Such
/// traffic waits neither for the pacing nor for room in the window, as long as it stays within a small rate of its own.
struct SparseTraffic {
    /// Whether what is queued may leave now, whatever pacing and window say.
    private(set) var isFavoured = false
    private var allowance = Self.burstByteCount
    private var updated: Instant?

    /// More than this without an acknowledgement is a transfer, bytes.
    private static let openByteCount = 16 * 1024
    /// The same of what waits for a number.
    static func queuedByteCount(segmentByteCount: Int) -> Int { 2 * segmentByteCount }

    /// What sparse traffic may send, bytes and bytes per second: the larger of a constant and a share of the path's rate.
    private static let burstByteCount = 12_000.0
    private static let leastRate = 64_000.0
    private static let rateShare = 0.125

    /// What the conversation has to send at the moment.
    struct Load {
        /// Written and not acknowledged, and what of it waits for a number.
        var openByteCount: Int
        var queuedByteCount: Int
        var segmentByteCount: Int
        /// The streams have more than what has been written.
        var hasBacklog: Bool

        var isSparse: Bool {
            !self.hasBacklog && self.openByteCount <= SparseTraffic.openByteCount
                && self.queuedByteCount <= SparseTraffic.queuedByteCount(segmentByteCount: self.segmentByteCount)
        }
    }

    /// Decides anew, before packets are written.
    /// - Parameters:
    ///   - pathRate: bytes per second.
    ///   - isRateFixed: the operator has set it; then no more than that leaves, even of little.
    mutating func update(_ load: Load, pathRate: Double, isRateFixed: Bool = false, now: Instant) {
        let elapsed = Double(now.microseconds(since: self.updated ?? now)) / 1e6
        self.updated = now
        let least = isRateFixed ? min(Self.leastRate, pathRate) : Self.leastRate
        let rate = max(least, Self.rateShare * pathRate)
        self.allowance = min(Self.burstByteCount, self.allowance + rate * elapsed)
        self.isFavoured = load.isSparse && self.allowance > 0
    }

    /// Something has left, out of turn or not. Copies have a budget of their own. A long transfer owes no more than a short
    /// one: else messages after it would have to wait for minutes.
    mutating func spend(_ byteCount: Int) {
        self.allowance = max(self.allowance - Double(byteCount), -Self.burstByteCount)
        if self.allowance <= 0 { self.isFavoured = false }
    }
}
