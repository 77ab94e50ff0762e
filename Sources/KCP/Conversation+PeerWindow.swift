import PacketPrimitives
import RateControl

// How far the peer's window lets a conversation send whose sending a path controller directs.
//
// The peer takes what lies within its window beyond the number that it expects when a segment arrives, not beyond the one
// that it told a round trip ago. By then it has got what was sent again before that segment. To wait until it says so costs a
// second round trip for every hole: with 2048 segments at 100 Mbit/s, 200 ms and 5 % loss half of the link (simulated: 44
// and 88 % of it).
extension Conversation {
    /// How many more segments may get a number now.
    var segmentRoom: Int {
        let own = min(self.configuration.sendWindow, self.windowLimit) - self.sending.inFlightCount
        let peer = Int(self.remoteWindow) - self.sending.next.distance(after: self.sending.presumedFirst)
        return min(own, peer)
    }

    /// Whether the windows have room for a segment that has no number yet.
    package var peerTakesMore: Bool {
        // Mostly what is acknowledged already says so.
        self.sending.inFlightCount < self.peerLimitedWindow || self.segmentRoom > 0
    }

    /// Whether the windows are too small for the path by so much that what gets lost keeps back what follows.
    func isWindowNarrow(_ path: PathController) -> Bool {
        let window = Double(self.peerLimitedWindow * self.sending.segmentByteCount)
        let needed = 3 * path.rate * (path.roundTrip.minimum ?? 0) / 1e6
        return window < needed || 8 * self.sending.inFlightCount > 7 * self.peerLimitedWindow
    }

    /// Passes over what has arrived, and what has been sent again and so will have arrived before anything that is sent now,
    /// unless datagrams overtake each other. With many losses it is seldom true of all.
    mutating func advancePresumption(now: Instant, path: PathController) {
        while let number = self.sending.presumedOpen {
            guard self.sending.isSentAgain(number), !self.hasHeavyLoss(path),
                self.age(of: number, now: now) >= Int(self.control.detector.lateness)
            else { return }
            self.sending.passPresumed()
        }
    }

    /// A datagram has said what the peer expects. Whatever lies a whole window beyond it and left before the next attempt at it
    /// was in vain, and did not get lost on the path.
    mutating func noteExpected(now: Instant, path: PathController) {
        self.control.widestPeerWindow = max(self.control.widestPeerWindow, self.remoteWindow)
        if self.sending.inFlightCount > Int(self.control.widestPeerWindow) { self.noteRefusals(now: now, path: path) }
    }

    /// Of each datagram of acknowledgements, but only where more is in flight than the peer's window: kept out of the way of the
    /// others.
    @inline(never)
    private mutating func noteRefusals(now: Instant, path: PathController) {
        let expected = self.sending.first
        let arrived = self.control.detector.lossLimit
        let attempt = self.attempt(at: expected, after: arrived)
        self.control.expected.note(
            expected, end: max(arrived, self.latestTold(now: now, path: path)), attempt: attempt)
        guard self.sending.isRepeated(expected), !self.sending.records[expected].isAcknowledged else { return }
        self.withdrawAll(from: expected &+ self.control.widestPeerWindow, before: attempt, path: path)
    }

    /// What left until then has come by the time that a datagram was sent which has just arrived.
    private func latestTold(now: Instant, path: PathController) -> Instant {
        guard path.roundTrip.minimum != nil else { return Instant(microseconds: 0) }
        return now.rewound(microseconds: Int(path.roundTrip.smoothed + path.roundTrip.acknowledgementDelay))
    }

    /// When a segment left for the first time after `limit`.
    private func attempt(at number: UInt32, after limit: Instant) -> Instant? {
        guard self.sending.isInFlight(number) else { return nil }
        var attempt: Instant?
        var tag = self.sending.records[number].sendTime
        while self.control.log.contains(tag), self.control.log[tag].stamp.sent > limit {
            if self.control.log[tag].number == number { attempt = self.control.log[tag].stamp.sent }
            tag &-= 1
        }
        return attempt
    }

    /// The peer has refused what left before `attempt` of the segments from `first` on.
    private mutating func withdrawAll(from first: UInt32, before attempt: Instant?, path: PathController) {
        let alreadyDue = self.sending.due.count
        var tag = self.control.detector.judged
        if tag.isBefore(self.control.log.first) { tag = self.control.log.first }
        while tag != self.control.log.next {
            let record = self.control.log[tag]
            if let attempt, record.stamp.sent >= attempt { break }
            if record.state == .outstanding, !record.number.isBefore(first) { self.withdraw(tag, record, path: path) }
            tag &+= 1
        }
        if self.sending.due.count > alreadyDue { self.sending.sortDue() }
    }

    /// Whether a transmission came while the peer still waited for something a whole window before it.
    func wasRefused(_ record: TransmissionRecord) -> Bool {
        self.control.expected.isBeyond(
            record.number, window: self.control.widestPeerWindow, sent: record.stamp.sent)
    }

    /// The peer has not taken a transmission; the segment is as if it had never been sent.
    mutating func withdraw(_ tag: UInt32, _ record: TransmissionRecord, path: PathController) {
        self.control.inFlightByteCount -= Int(record.byteCount)
        path.dismiss(record.stamp, byteCount: Int(record.byteCount), isSuspect: false)
        self.control.log.setState(.lost, of: tag)
        guard self.sending.isInFlight(record.number), self.sending.records[record.number].sendTime == tag else {
            return
        }
        if self.sending.scheduleLost(record.number) { self.sending.records[record.number].transmissionCount = 0 }
    }
}
