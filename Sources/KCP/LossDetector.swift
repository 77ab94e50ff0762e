import PacketPrimitives
import RateControl

/// Tells lost transmissions from late ones by when they were sent (after RACK, RFC 8985): lost is what was sent
/// longer before the newest transmission known to have arrived than datagrams overtake each other on this path.
/// When acknowledgements come does not matter, so the peer's timers do not either.
struct LossDetector {
    /// When the newest transmission left that is known to have arrived.
    private(set) var newestArrival: Instant?
    /// Transmissions before this tag have been judged.
    var judged: UInt32
    /// Transmissions before this tag are not held any more.
    var released: UInt32
    /// How much later than the next ones a datagram may arrive, microseconds.
    private(set) var window = Self.leastWindow
    private var isHurried = false
    /// How late a transmission has been, microseconds, forgotten slowly.
    private(set) var lateness = 0.0
    /// The same of the present datagram, as long as it is open whether it was late.
    private var suspectedLateness = 0.0
    private var lastReordering: Instant?

    private static let leastWindow = 500.0
    /// A round of acknowledgements of the original's default mode. After a second one its groups are complete more often, but
    /// what waits for them stands still: 87 % of 100 Mbit/s with 2048 segments, 200 ms and 5 % loss instead of 91.
    private static let parityDelay = 30_000.0
    private static let forgettingMicroseconds = 30_000_000

    init(firstTag: UInt32 = 0) {
        self.judged = firstTag
        self.released = firstTag
    }

    /// Decides how long to wait for what is missing.
    /// - Parameter isHurried: what is lost keeps everything back. Then nothing is expected to be late but what has been.
    mutating func adapt(to roundTrip: RoundTripModel, isHurried: Bool) {
        self.isHurried = isHurried
        let share = (roundTrip.minimum ?? 0) / (isHurried ? 64 : 8)
        self.window = min(max(share, Self.leastWindow, self.lateness), max(roundTrip.smoothed, Self.leastWindow))
    }

    /// A transmission sent at `sent` has arrived.
    mutating func noteArrival(sent: Instant) {
        self.newestArrival = max(self.newestArrival ?? sent, sent)
    }

    /// A transmission that was taken for lost has arrived after all: late, or told late by a repeated acknowledgement.
    mutating func suspectReordering(sent: Instant) {
        guard let newestArrival else { return }
        self.suspectedLateness = max(self.suspectedLateness, 1.25 * Double(newestArrival.microseconds(since: sent)))
    }

    /// What was suspected arrived after others, by its place in the list.
    mutating func confirmReordering(now: Instant) {
        guard self.suspectedLateness > 0 else { return }
        self.lateness = max(self.lateness, self.suspectedLateness)
        self.suspectedLateness = 0
        self.lastReordering = now
    }

    /// Lets the window shrink when nothing has been late for long.
    mutating func endDatagram(now: Instant) {
        self.suspectedLateness = 0
        guard let last = self.lastReordering, now.microseconds(since: last) > Self.forgettingMicroseconds else {
            return
        }
        self.lateness *= 0.75
        self.lastReordering = now
    }

    /// How long after it was sent a transmission may be held at most, microseconds: until `una` should have passed it.
    /// In a hurry only until parity should have brought acknowledgements of which the datagram got lost.
    func patience(_ roundTrip: RoundTripModel) -> Double {
        self.isHurried ? roundTrip.smoothed + Self.parityDelay : 2.5 * roundTrip.smoothed
    }

    /// What was sent until then and has not been acknowledged is lost, or its acknowledgement is.
    var lossLimit: Instant {
        (self.newestArrival ?? Instant(microseconds: 0)).rewound(microseconds: Int(self.window))
    }

    /// Whether a transmission sent at `sent` is lost if it has not been acknowledged.
    func isLost(sent: Instant) -> Bool {
        guard let newestArrival, newestArrival > sent else { return false }
        return Double(newestArrival.microseconds(since: sent)) >= self.window
    }
}
