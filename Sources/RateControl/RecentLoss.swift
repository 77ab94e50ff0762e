import PacketPrimitives

/// The share of the last transmissions that got lost, whatever the reason: of a few hundred at least and a few seconds
/// at least, as losses may come in bursts with long pauses between.
package struct RecentLoss {
    private struct Tally {
        var lost = 0.0
        var total = 0
        var start: Instant?
    }

    private var current = Tally()
    /// A complete window, once there has been one.
    private var previous: Tally?

    private static let windowCount = 256
    private static let windowMicroseconds = 2_000_000
    /// With fewer, not even a loss says much.
    private static let leastCount = 32

    /// - Parameters:
    ///   - weight: 1 for a loss, 0 for an arrival, something between for a suspicion.
    ///   - sent: when the transmission left.
    mutating func add(lost weight: Double, sent: Instant) {
        let start = self.current.start ?? sent
        self.current.start = start
        self.current.lost += weight
        self.current.total += 1
        guard self.current.total >= Self.windowCount,
            sent.microseconds(since: start) >= Self.windowMicroseconds
        else { return }
        self.previous = self.current
        self.current = Tally()
    }

    /// 0 to 1; 0 only after a whole window without a loss, `nil` while little is known.
    package var share: Double? {
        let lost = self.current.lost + (self.previous?.lost ?? 0)
        let total = self.current.total + (self.previous?.total ?? 0)
        guard lost > 0 ? total >= Self.leastCount : self.previous != nil else { return nil }
        return lost / Double(total)
    }
}
