import PacketPrimitives

/// Whether messages travel beside whatever else is sent. What they wait for at the bottleneck is our own queue.
struct MessageTraffic {
    private var periodStart: Instant
    private var count = 0
    private var isRegular = false
    private var latest: Instant

    private static let periodMicroseconds = 1_000_000
    /// With fewer copies in a period these are ends of transfers.
    private static let leastCount = 5

    init(now: Instant) {
        self.periodStart = now
        self.latest = now
    }

    /// A message would be protected by a copy now, if there is budget for it.
    mutating func note(now: Instant) {
        let elapsed = now.microseconds(since: self.periodStart)
        if elapsed >= Self.periodMicroseconds {
            self.isRegular = self.count >= Self.leastCount && elapsed < 2 * Self.periodMicroseconds
            self.periodStart = now
            self.count = 0
        }
        self.count += 1
        self.latest = now
    }

    /// Whether they have come for a while. A transfer begins with some copies, too.
    func isActive(now: Instant) -> Bool {
        self.isRegular && now.microseconds(since: self.latest) < Self.periodMicroseconds
    }
}
