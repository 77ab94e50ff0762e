import PacketPrimitives

/// Finds out whether the peer's receive window is what keeps a sender back: there is something to send, and the path would
/// take it, for much of the time.
struct PeerWindowWatch {
    /// True: for the last seconds at least. It stays so for a while, as what is done about it hides the cause.
    private(set) var isBinding = false
    private var periodStart: Instant?
    private var last = (time: Instant(microseconds: 0), hasBacklog: false, isBlocked: false)
    /// Microseconds of the period in which there was something to send, and in which it was kept back.
    private var backlogTime = 0
    private var blockedTime = 0
    /// In how many periods up to now it has kept back for so long.
    private var bindingPeriodCount = 0
    private var bindingUntil = Instant(microseconds: 0)

    private static let leastPeriod = 1_000_000
    private static let roundTripsPerPeriod = 6
    /// The share of the time from which on it counts: then so much more could be sent at no cost.
    private static let bindingShare = 0.4
    /// In a single one an unlucky loss or two may have done it, or the search for the rate.
    private static let leastPeriodCount = 3
    private static let holdMicroseconds = 30_000_000

    /// To be called whenever something may be sent, with what is true from now on.
    /// - Parameter roundTrip: microseconds.
    mutating func note(hasBacklog: Bool, isBlocked: Bool, roundTrip: Double, now: Instant) {
        let start = self.periodStart ?? now
        self.periodStart = start
        let elapsed = now.microseconds(since: self.last.time)
        if self.last.hasBacklog { self.backlogTime += elapsed }
        if self.last.isBlocked { self.blockedTime += elapsed }
        self.last = (now, hasBacklog, isBlocked)
        let period = max(Self.leastPeriod, Self.roundTripsPerPeriod * Int(roundTrip))
        if now.microseconds(since: start) >= period { self.endPeriod(now: now) }
    }

    private mutating func endPeriod(now: Instant) {
        let share = self.backlogTime > 0 ? Double(self.blockedTime) / Double(self.backlogTime) : 0
        self.bindingPeriodCount = share >= Self.bindingShare ? self.bindingPeriodCount + 1 : 0
        if !self.isBinding, self.bindingPeriodCount >= Self.leastPeriodCount {
            self.isBinding = true
            self.bindingUntil = now.advanced(microseconds: Self.holdMicroseconds)
        } else if now >= self.bindingUntil {
            self.isBinding = false
        }
        self.periodStart = now
        self.backlogTime = 0
        self.blockedTime = 0
    }
}
