import PacketPrimitives

/// How much has been held back: by so much the bottleneck's queue should have become shorter, if it is ours.
struct SendingRestraint {
    private var microseconds = 0.0
    private(set) var updated: Instant

    init(now: Instant) { self.updated = now }

    /// As in `SendStamp.withheld`.
    var withheld: Int32 { Int32(truncatingIfNeeded: Int(self.microseconds)) }

    /// - Parameter rateShare: which share of the path's rate was sent at since the last update.
    mutating func update(rateShare: Double, now: Instant) {
        guard self.updated < now else { return }
        self.microseconds += Double(now.microseconds(since: self.updated)) * (1 - rateShare)
        self.updated = now
    }
}
