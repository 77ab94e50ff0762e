import PacketPrimitives

/// How acknowledgements are sent to a peer that makes use of prompt ones: soon, and with repetitions, so that one lost
/// datagram of them does not look like lost data.
///
/// Programs of the original would only send more again for it, so they get theirs in the
/// original's rhythm.
/// A class so that an idle conversation of the original's kind pays a pointer for it.
final class PromptAcknowledgement {
    /// When what is pending has to leave.
    private(set) var deadline: Instant?
    private var lastSent: Instant?
    /// Behind the highest number that has arrived.
    private var end: UInt32 = 0
    /// What arrived out of order lately, as a ring.
    private var recent = SequenceRing<AcknowledgementList.Entry>(capacity: PromptAcknowledgement.repetitionLimit)
    private var recentCount: UInt32 = 0

    /// So many entries are repeated, or twice the new ones: then two datagrams in a row may get lost, whatever the rate.
    private static let leastRepetitionCount = 16
    private static let repetitionLimit = 64

    /// So many segments are worth a datagram, but not one every few microseconds; so many fill one.
    private static let segmentCount = 8
    private static let largestCount = 50
    private static let spacingMicroseconds = 500
    private static let delayMicroseconds = 5000
    private static let gapSpacingMicroseconds = 1000
    private static let longestGapSpacing = 20_000
    /// Behind a gap every datagram is news, but a list for each would fill a narrow way back: thirty-two of them in a
    /// round trip tell as much.
    private static let gapSpacingsPerRoundTrip = 32

    /// After a packet: decides whether acknowledgements leave now.
    /// - Parameters:
    ///   - pendingCount: entries that wait.
    ///   - isOutOfOrder: whether the packet's data arrived behind a gap, or filled one.
    ///   - roundTrip: microseconds; 0 if it is not known.
    func isDue(pendingCount: Int, isOutOfOrder: Bool, roundTrip: Int, now: Instant) -> Bool {
        guard pendingCount > 0 else { return false }
        if pendingCount >= Self.largestCount { return true }
        let spacing = isOutOfOrder ? Self.gapSpacing(roundTrip: roundTrip) : Self.spacingMicroseconds
        let isUrgent = isOutOfOrder || pendingCount >= Self.segmentCount
        let elapsed = self.lastSent.map { now.microseconds(since: $0) } ?? spacing
        if isUrgent, elapsed >= spacing { return true }
        let wait = isUrgent ? spacing - elapsed : Self.delayMicroseconds
        self.deadline = Instant.earliest(self.deadline, now.advanced(microseconds: wait))
        return false
    }

    private static func gapSpacing(roundTrip: Int) -> Int {
        min(max(self.gapSpacingMicroseconds, roundTrip / self.gapSpacingsPerRoundTrip), self.longestGapSpacing)
    }

    func noteSent(now: Instant) {
        self.deadline = nil
        self.lastSent = now
    }

    /// Remembers what arrived behind a gap; says whether it opens a gap or does not lie at the end, which the peer
    /// should know soon.
    func note(_ header: SegmentHeader, expected: UInt32) -> Bool {
        let isNext = header.number == self.end
        if !header.number.isBefore(self.end) { self.end = header.number &+ 1 }
        guard expected.isBefore(header.number) else { return !isNext }
        self.recent[self.recentCount] = .init(number: header.number, time: header.time)
        self.recentCount &+= 1
        return !isNext
    }

    /// How many entries there are to repeat, beginning with those that are new in the datagram.
    func repetitionCount(newCount: Int) -> Int {
        min(Int(self.recentCount), max(Self.leastRepetitionCount, newCount + 2 * newCount), Self.repetitionLimit)
    }

    /// The entry to repeat that arrived `age` (1 for the newest) entries ago.
    func repetition(age: Int) -> AcknowledgementList.Entry { self.recent[self.recentCount &- UInt32(age)] }

    func trim() { self.recentCount = 0 }
}
