import PacketPrimitives

/// How many bytes may go into copies of what is under way: a small share of the rate, or a trickle if the path is idle.
struct CopyBudget {
    private var balance: Double
    private var updated: Instant

    /// Of the rate while something fills the path.
    static let share = 0.05
    /// Bytes per second while nothing does.
    static let idleRate = 64_000.0
    /// How much may be saved: seconds of the rate, but at least some bytes.
    private static let savedSeconds = 0.1
    private static let leastSavedByteCount = 2000.0

    init(now: Instant) {
        self.balance = Self.idleRate * Self.savedSeconds
        self.updated = now
    }

    /// Takes so many bytes out of the budget; `false` if they are not there.
    /// - Parameter isOptional: only if there is plenty.
    mutating func take(_ byteCount: Int, isOptional: Bool, bytesPerSecond rate: Double, now: Instant) -> Bool {
        let earned = rate * Double(max(0, now.microseconds(since: self.updated))) / 1e6
        self.updated = max(self.updated, now)
        let largest = max(rate * Self.savedSeconds, Self.leastSavedByteCount)
        self.balance = min(largest, self.balance + earned)
        guard self.balance - Double(byteCount) >= (isOptional ? largest / 2 : 0) else { return false }
        self.balance -= Double(byteCount)
        return true
    }
}
